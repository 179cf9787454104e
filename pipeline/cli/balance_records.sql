-- The balance of a run, a line a record type.
SELECT
    r.record_type,
    count(*) FILTER (r.status = 'accepted') AS accepted,
    count(*) FILTER (r.status = 'flagged') AS flagged
FROM v_records AS r
JOIN documents AS d USING (document_id)
WHERE d.run_id = :run_id
GROUP BY r.record_type
ORDER BY accepted + flagged DESC, r.record_type
