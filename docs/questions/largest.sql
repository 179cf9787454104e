-- Which ten projects have the largest full-year budgets, and what rates of execution are stated and recomputed for them?
SELECT
    document,
    project,
    round(full_year_budget_yuan, 2) AS budget_yuan,
    round(executed_yuan, 2) AS executed_yuan,
    round(stated_rate, 2) AS stated_rate,
    round(recomputed_rate, 2) AS recomputed_rate,
    status
FROM v_execution
WHERE scope = 'project' AND full_year_budget_yuan IS NOT NULL
ORDER BY full_year_budget_yuan DESC, document, "start"
LIMIT 10;
