-- Removes the findings between documents that touch one document, or all of them (null).
DELETE FROM finding_literals
WHERE EXISTS (
    FROM findings AS f
    WHERE
        f.finding_id = finding_literals.finding_id
        AND f.extractor = finding_literals.extractor
        AND f.other_document_id IS NOT NULL
        AND ($document_id IS NULL OR $document_id IN (f.document_id, f.other_document_id))
);
DELETE FROM findings
WHERE
    other_document_id IS NOT NULL
    AND ($document_id IS NULL OR $document_id IN (document_id, other_document_id))
