-- The findings of the current readings in reading order.
SELECT
    document, "start", department, year, kind, severity, message, message_en, stated, computed, suggestion, suggestion_en,
    figures, other_document, finding_id, document_id, record_ids
FROM v_findings
ORDER BY document, document_id, "start" NULLS FIRST, finding_id
