-- Which projects run on over several years, and how did their money change (after jixiao match)?
SELECT suggested_name AS project, department, year, full_year_budget_yuan AS budget_yuan, executed_yuan, recomputed_rate, score
FROM v_same_projects
QUALIFY count(DISTINCT document_id) OVER (PARTITION BY group_id) > 1
ORDER BY group_id, year, document, "start";
