-- What is known of a claim: each rejection of it, with the chunk that it was read from.
SELECT q.record_type, q.report_id, q.chunk_id, q.code, q.reason, q.payload, q.raw, c."start", c."stop"
FROM quarantine AS q
JOIN documents AS d ON d.document_id = q.document_id AND d.extractor = q.extractor
LEFT JOIN chunks AS c ON c.document_id = q.document_id AND c.extractor = q.extractor AND c.chunk_id = q.chunk_id
WHERE q.claim_id = $claim_id
ORDER BY c.position, q.rejection_id
