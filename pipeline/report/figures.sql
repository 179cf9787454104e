-- The figures of the findings that are shown, in either document, in the order of their texts.
SELECT x.finding_id, x.document_id, x."start", x."stop"
FROM finding_literals AS x
JOIN findings AS f ON f.finding_id = x.finding_id AND f.extractor = x.extractor
JOIN documents AS d ON d.document_id = f.document_id AND d.extractor = f.extractor
WHERE list_contains($findings, x.finding_id)
ORDER BY x.finding_id, x.document_id <> f.document_id, x.document_id, x."start", x."stop"
