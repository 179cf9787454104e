-- What became of each report of the current readings in the comparison with other documents, and how many reports each.
WITH reports AS (
    SELECT
        document_id,
        department_key(department) AS department,
        CASE
            WHEN NOT is_departmental(kind, title) THEN 'not about the whole department'
            WHEN department IS NULL THEN 'no department is named'
            WHEN year IS NULL THEN 'no fiscal year is named'
        END AS obstacle
    FROM v_reports
),
documents_of AS (
    SELECT department, count(DISTINCT document_id) AS documents FROM reports WHERE obstacle IS NULL GROUP BY department
)
SELECT
    coalesce(
        r.obstacle, CASE WHEN n.documents > 1 THEN 'compared' ELSE 'the only one of its department' END
    ) AS outcome,
    count(*) AS reports
FROM reports AS r
LEFT JOIN documents_of AS n ON r.department = n.department
GROUP BY outcome
ORDER BY outcome <> 'compared', outcome
