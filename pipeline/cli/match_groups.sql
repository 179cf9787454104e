-- The groups of jixiao match, those of the most documents first.
SELECT
    suggested_name AS project,
    department,
    count(*) AS records,
    count(DISTINCT document_id) AS documents,
    array_to_string(list(DISTINCT year ORDER BY year) FILTER (year IS NOT NULL), ', ') AS years,
    min(score) AS lowest_score
FROM v_same_projects
GROUP BY group_id, suggested_name, department
ORDER BY documents DESC, records DESC, suggested_name, department
