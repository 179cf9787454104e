-- The rows that people's decisions left follow their document to the reading that is current now.
UPDATE record_table AS t
SET reading = d.reading, document = d.document, current = true
FROM documents AS d
WHERE d.reading IN ({readings}) AND t.document_id = d.document_id AND t.extractor = 'review' AND t.reading <> d.reading
