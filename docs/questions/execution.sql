-- How much of its full-year budget did each department spend, and does the rate that its report states follow from the amounts?
SELECT
    document,
    department,
    year,
    round(full_year_budget_yuan, 2) AS budget_yuan,
    round(executed_yuan, 2) AS executed_yuan,
    round(stated_rate, 2) AS stated_rate,
    round(recomputed_rate, 2) AS recomputed_rate
FROM v_execution
WHERE scope = 'department' AND full_year_budget IS NOT NULL AND executed IS NOT NULL
ORDER BY document, report_id, year;
