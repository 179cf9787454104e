-- How did the three public expenses (三公经费) change from year to year?
SELECT department, year, item, budget_yuan, executed_yuan, previous_yuan, change_rate
FROM v_three_public
WHERE executed_yuan IS NOT NULL AND own_report
ORDER BY department, item, year;
