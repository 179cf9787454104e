-- The mark that people's decisions leave on each row of one record table, asked of the decisions in force: slower, and plainly so.
-- `record_table` stands for the table's name.
WITH rows_now AS (SELECT * FROM record_table WHERE reading IN (SELECT reading FROM documents)),
left_by_review AS (
    SELECT result_id
    FROM v_decisions
    WHERE
        record_type = 'record_table'
        AND (
            (subject = 'record' AND subject_id IN (SELECT record_id FROM rows_now WHERE extractor <> 'review'))
            OR (subject = 'claim' AND subject_id IN (SELECT claim_id FROM quarantine JOIN documents USING (reading)))
        )
)
SELECT
    r.record_id,
    r.extractor,
    CASE
        WHEN r.extractor <> 'review' THEN coalesce(a.decision, 'accept') = 'accept'
        ELSE r.record_id IN (SELECT result_id FROM left_by_review WHERE result_id IS NOT NULL)
            AND r.record_id NOT IN (SELECT record_id FROM rows_now WHERE extractor <> 'review')
    END AS stands,
    CASE WHEN r.extractor <> 'review' THEN a.decision ELSE b.decision END AS review
FROM rows_now AS r
LEFT JOIN v_decisions AS a ON a.subject = 'record' AND a.subject_id = r.record_id
LEFT JOIN (SELECT result_id, max(decision) AS decision FROM v_decisions GROUP BY result_id) AS b ON b.result_id = r.record_id
