-- The reports of the current readings that are asked for (null: all), each with its execution, score and missed targets.
SELECT
    p.document,
    p.document_id,
    p.report_id,
    p.kind,
    p.title,
    p.department,
    p.year,
    p.score,
    p.max_score,
    p.grade,
    x.full_year_budget_yuan AS budget_yuan,
    x.executed_yuan,
    x.stated_rate,
    x.recomputed_rate,
    s.indicators,
    s.missed,
    s.missed_with_full_marks
FROM v_reports AS p
LEFT JOIN v_execution AS x
    ON x.document_id = p.document_id AND x.report_id = p.report_id AND x.scope = 'department'
    AND x.year IS NOT DISTINCT FROM p.year
LEFT JOIN v_score_inflation AS s ON s.document_id = p.document_id AND s.report_id = p.report_id
WHERE
    ($departments IS NULL OR list_contains($departments, department_key(p.department)))
    AND ($documents IS NULL OR list_contains($documents, p.document))
ORDER BY p.department NULLS LAST, p.year NULLS LAST, p.document, p.document_id, p.report_id
