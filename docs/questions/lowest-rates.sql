-- Which ten projects were executed least, and does the rate that is stated follow from the amounts?
SELECT department, project, executed, executed_unit AS unit, stated_rate, recomputed_rate, findings
FROM v_projects
WHERE recomputed_rate IS NOT NULL
ORDER BY recomputed_rate, document, "start"
LIMIT 10;
