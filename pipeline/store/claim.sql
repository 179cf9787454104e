-- The rejections of what a rejection_id or claim_id stands for, with the chunk that each was read from.
SELECT
    q.claim_id, q.record_type, d.document_id, d.document, d.path, d.text, q.extractor, q.code, q.reason, q.payload, q.raw,
    q.chunk_id, c.path, c."start", c."stop", c.status
FROM quarantine AS q
JOIN documents AS d ON d.document_id = q.document_id AND d.extractor = q.extractor
LEFT JOIN chunks AS c ON c.document_id = q.document_id AND c.extractor = q.extractor AND c.chunk_id = q.chunk_id
WHERE q.claim_id IN (SELECT claim_id FROM quarantine WHERE rejection_id = $asked OR claim_id = $asked)
ORDER BY c.position, q.rejection_id
