-- The contradictions of a document's report whose records people accepted, all of them: with the figures that they name.
WITH accepted AS (
    SELECT subject_id AS record_id
    FROM v_decisions
    WHERE document_id = $document_id AND subject = 'record' AND decision = 'accept'
)
SELECT
    f.report_id, f.kind, f.severity, f.verdict, f.message, f.stated, f.computed,
    list({"start": x."start", "stop": x."stop"} ORDER BY x.position) AS figures
FROM v_findings AS f
JOIN documents AS d ON d.document_id = f.document_id
JOIN finding_literals AS x ON x.finding_id = f.finding_id AND x.extractor = d.extractor
WHERE f.document_id = $document_id AND f.other_document_id IS NULL
GROUP BY f.finding_id, f.report_id, f.kind, f.severity, f.verdict, f.message, f.stated, f.computed, f."start"
HAVING bool_or(x.record_id IS NOT NULL) AND bool_and(x.record_id IS NULL OR x.record_id IN (SELECT record_id FROM accepted))
ORDER BY f."start", f.finding_id
