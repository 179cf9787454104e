-- The figures of departments that several documents report on, department by department: what `jixiao check` compares.
-- Left out are figures whose unit or decimal point a finding of their own document doubts already.
WITH reports AS (
    SELECT r.*, department_key(r.department) AS department_key
    FROM v_reports AS r
    WHERE is_departmental(r.kind, r.title) AND r.department IS NOT NULL AND r.year IS NOT NULL
    QUALIFY count(DISTINCT r.document_id) OVER (PARTITION BY department_key(r.department)) > 1
),
doubted AS (
    SELECT DISTINCT x.document_id, x.extractor, x.record_id
    FROM findings AS f
    JOIN finding_literals AS x USING (document_id, extractor, finding_id)
    WHERE f.kind IN ('unit', 'decimal_shift') AND f.other_document_id IS NULL AND x.position = 0
)
SELECT
    r.department_key,
    r.department,
    r.document_id,
    r.report_id,
    r.year AS fiscal_year,
    b.record_id,
    b.path,
    b.measure,
    coalesce(b.year, r.year) AS year,
    b.org,
    coalesce(c.path, []) AS headings,
    l.field,
    l.printed,
    l.value,
    l.decimals,
    l.unit,
    l."start",
    l."stop",
    l.exponent,
    l.exact
FROM reports AS r
JOIN current_budget_facts AS b USING (document_id, report_id)
JOIN literals AS l ON l.document_id = b.document_id AND l.extractor = b.extractor AND l.record_id = b.record_id
LEFT JOIN chunks AS c ON c.document_id = b.document_id AND c.extractor = r.extractor AND c.chunk_id = b.chunk_id
ANTI JOIN doubted AS q ON q.document_id = b.document_id AND q.extractor = r.extractor AND q.record_id = b.record_id
WHERE l.field = 'value'
ORDER BY r.department_key, r.document_id, l."start", b.record_id
