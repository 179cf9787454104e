-- The projects of the current readings with a rate of execution, lowest first.
SELECT document_id, report_id, project, full_year_budget_yuan, executed_yuan, stated_rate, recomputed_rate, status
FROM v_projects
WHERE stated_rate IS NOT NULL OR recomputed_rate IS NOT NULL
ORDER BY document_id, report_id, coalesce(recomputed_rate, stated_rate), "start"
