-- How much of its full-year budget did each department spend in each year, and how does that compare with the year before?
SELECT
    department,
    year,
    round(full_year_budget_yuan, 2) AS budget_yuan,
    round(executed_yuan, 2) AS executed_yuan,
    recomputed_rate AS rate,
    round(change_yuan, 2) AS change_yuan,
    change_rate,
    errors
FROM v_department_years
ORDER BY department, year;
