-- Whose stated rate of execution is more than a tenth of a percentage point off the amounts?
SELECT document, coalesce(project, '(department)') AS project, executed, full_year_budget, stated_rate, recomputed_rate, difference
FROM v_execution
WHERE abs(difference) > 0.1
ORDER BY abs(difference) DESC, document, "start";
