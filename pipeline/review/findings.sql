-- The findings that a record takes part in, with their figures in its own document.
SELECT
    f.kind, f.severity, f.verdict, f.message, f.message_en, f.suggestion, f.suggestion_en, f.finding_id,
    list({role: x.role, record_id: x.record_id, field: x.field, "start": x."start", "stop": x."stop"} ORDER BY x.position)
        FILTER (x.document_id = $document_id) AS figures
FROM findings AS f
JOIN finding_literals AS x ON x.extractor = f.extractor AND x.finding_id = f.finding_id
JOIN documents AS d ON d.document_id = f.document_id AND d.extractor = f.extractor
WHERE f.finding_id IN (SELECT finding_id FROM finding_literals WHERE record_id = $record_id)
GROUP BY ALL
ORDER BY f.severity, f.kind, f.finding_id
