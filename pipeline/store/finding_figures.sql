-- The figures of one finding in order, each with the document that prints it.
SELECT x.role, x.printed, x.document_id, d.document, d.path, x."start", x."stop", x.record_id, x.field
FROM finding_literals AS x
JOIN documents AS d ON x.document_id = d.document_id
WHERE x.finding_id = ? AND x.extractor = ?
ORDER BY x.position
