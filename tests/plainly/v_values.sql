-- What v_values says of every figure, asked of the tables that its columns follow from: slower, and plainly so.
SELECT
    d.document,
    l.record_type,
    l.record_id,
    l.field,
    l.label,
    l.printed AS literal,
    l.value,
    l.unit,
    l.yuan,
    coalesce(l.own_year, p.year) AS year,
    l."start",
    l."stop",
    l.status,
    l.report_id,
    l.document_id,
    l.review
FROM literals AS l
JOIN documents AS d ON l.reading = d.reading
LEFT JOIN derived.report_heads AS p ON p.reading = l.reading AND p.report_id = l.report_id
WHERE l.stands
