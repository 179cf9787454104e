-- How many projects are paid from own and from superior funds, and with how much money?
SELECT
    department,
    coalesce(fund_level, 'not stated') AS fund_level,
    count(*) AS projects,
    round(sum(full_year_budget_yuan), 2) AS budget_yuan,
    round(sum(executed_yuan), 2) AS executed_yuan
FROM v_projects
GROUP BY ALL
ORDER BY department, fund_level;
