-- The rows of one record table that stand: the current reading without what a reviewer corrected or rejected, and what a
-- reviewer's decision leaves as long as what it is about is still read. `record_table` stands for the table's name.
CREATE VIEW current_record_table AS
WITH read_now AS (SELECT r.* FROM record_table AS r SEMI JOIN documents AS d USING (document_id, extractor)),
decided AS (FROM v_decisions WHERE record_type = 'record_table' AND decision IN ('correct', 'reject', 'accept')),
left_by_review AS (
    SELECT result_id
    FROM decided
    WHERE
        result_id IS NOT NULL
        AND (
            (subject = 'record' AND subject_id IN (SELECT record_id FROM read_now))
            OR (subject = 'claim' AND subject_id IN (SELECT claim_id FROM quarantine SEMI JOIN documents USING (document_id, extractor)))
        )
)
SELECT * FROM read_now
WHERE record_id NOT IN (SELECT subject_id FROM decided WHERE subject = 'record' AND decision <> 'accept')
UNION ALL BY NAME
SELECT * FROM record_table
WHERE
    extractor = 'review'
    AND record_id IN (SELECT result_id FROM left_by_review)
    AND record_id NOT IN (SELECT record_id FROM read_now);
