-- Every record of the current readings with the places of its figures, in reading order.
SELECT
    r.record_id,
    r.record_type,
    r.document,
    r.document_id,
    r.status,
    r.quote_start,
    r.quote_stop,
    list([v."start", v."stop"] ORDER BY v."start") FILTER (v."start" IS NOT NULL) AS figures
FROM v_records AS r
LEFT JOIN v_values AS v ON v.document_id = r.document_id AND v.record_id = r.record_id
GROUP BY ALL
ORDER BY r.document, r.document_id, r.quote_start, r.record_id
