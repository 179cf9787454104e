-- The readings whose figures findings between documents name: those that touch one of these documents, or all (null).
SELECT DISTINCT x.reading
FROM finding_literals AS x
JOIN findings AS f ON f.finding_id = x.finding_id AND f.extractor = x.extractor
WHERE
    f.other_document_id IS NOT NULL
    AND ($document_ids IS NULL OR list_has_any($document_ids::VARCHAR[], [f.document_id, f.other_document_id]))
ORDER BY x.reading
