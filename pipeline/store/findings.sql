-- The findings of the documents, kinds and severities that are asked for (null: all), or one by its id, in the order
-- of the documents' texts.
SELECT
    document,
    kind,
    severity,
    verdict,
    message,
    message_en,
    suggestion,
    suggestion_en,
    stated,
    computed,
    slack,
    figures,
    relation,
    department,
    year,
    report_id,
    "start",
    "stop",
    other_document,
    other_start,
    other_stop,
    record_ids,
    finding_id,
    document_id,
    other_document_id
FROM v_findings
WHERE
    ($documents IS NULL OR list_contains($documents, document) OR list_contains($documents, other_document))
    AND ($kinds IS NULL OR list_contains($kinds, kind))
    AND ($severities IS NULL OR list_contains($severities, severity))
    AND ($finding_id IS NULL OR finding_id = $finding_id)
ORDER BY document, document_id, "start" NULLS FIRST, finding_id
