-- What v_records says of every record, asked of the tables that its columns follow from: slower, and plainly so.
SELECT
    d.document,
    r.record_type,
    r.record_id,
    r.label,
    coalesce(r.own_year, p.year) AS year,
    r.status,
    r.report_id,
    p.department,
    r.quote,
    r.quote_start,
    r.quote_stop,
    r.review,
    r.text_score,
    r.chunk_id,
    r.run_id,
    r.document_id,
    r.extractor
FROM (
/* every record table */
) AS r
JOIN documents AS d ON r.reading = d.reading
LEFT JOIN derived.report_heads AS p ON p.reading = r.reading AND p.report_id = r.report_id
WHERE r.stands
