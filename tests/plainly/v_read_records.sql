-- What v_read_records says of every record as it was read, asked of the tables that its columns follow from: slower, and plainly so.
SELECT
    d.document,
    r.record_type,
    r.record_id,
    r.label,
    r.status,
    r.report_id,
    r.quote_start,
    r.quote_stop,
    r.chunk_id,
    r.document_id,
    r.extractor
FROM (
/* every record table */
) AS r
JOIN documents AS d ON r.reading = d.reading
WHERE r.extractor <> 'review'
