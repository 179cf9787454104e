-- Removes the findings between documents that touch one of these documents, or all of them (null).
DELETE FROM finding_literals
WHERE EXISTS (
    FROM findings AS f
    WHERE
        f.finding_id = finding_literals.finding_id
        AND f.extractor = finding_literals.extractor
        AND f.other_document_id IS NOT NULL
        AND ($document_ids IS NULL OR list_has_any($document_ids::VARCHAR[], [f.document_id, f.other_document_id]))
);
DELETE FROM findings
WHERE
    other_document_id IS NOT NULL
    AND ($document_ids IS NULL OR list_has_any($document_ids::VARCHAR[], [document_id, other_document_id]))
