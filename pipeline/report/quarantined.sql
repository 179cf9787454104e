-- What was kept out, by reason.
SELECT document_id, record_type, code, count(*) AS records, first(reason ORDER BY rejection_id) AS example
FROM v_quarantine
WHERE review IS NULL OR review = 'reject'
GROUP BY ALL
ORDER BY document_id, records DESC, record_type, code
