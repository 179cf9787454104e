-- The documents whose current reading was made by an extractor and model and is whole, and the settings of its run.
SELECT d.document_id, d.path, d.aliases, r.settings
FROM documents AS d
JOIN runs AS r ON d.run_id = r.run_id AND d.extractor = r.extractor
WHERE r.extractor = $1
    AND r.model IS NOT DISTINCT FROM $2
    AND NOT EXISTS (
        SELECT 1
        FROM chunks AS c
        WHERE c.reading = d.reading AND c.status = 'failed'
    )
ORDER BY d.document_id
