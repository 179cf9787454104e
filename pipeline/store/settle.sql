-- What people decided, as it stands in the rows of one record table and in their figures: of these readings, which rows
-- stand, and the decision on each. `record_table` stands for the table's name, {readings} for numbers of current readings.
UPDATE record_table AS t
SET stands = s.stands, review = s.review
FROM (
    WITH read_or_left AS (SELECT record_id, extractor FROM record_table WHERE reading IN ({readings})),
    decided AS (
        FROM v_decisions WHERE document_id IN (SELECT document_id FROM documents WHERE reading IN ({readings}))
    ),
    left_by_review AS (
        SELECT result_id
        FROM decided
        WHERE
            record_type = 'record_table'
            AND result_id IS NOT NULL
            AND (
                (subject = 'record' AND subject_id IN (SELECT record_id FROM read_or_left WHERE extractor <> 'review'))
                OR (subject = 'claim' AND subject_id IN (SELECT claim_id FROM quarantine WHERE reading IN ({readings})))
            )
    )
    SELECT
        r.record_id,
        r.extractor,
        CASE
            WHEN r.extractor <> 'review' THEN coalesce(a.decision, 'accept') = 'accept'
            ELSE r.record_id IN (SELECT result_id FROM left_by_review)
                AND r.record_id NOT IN (SELECT record_id FROM read_or_left WHERE extractor <> 'review')
        END AS stands,
        CASE WHEN r.extractor <> 'review' THEN a.decision ELSE b.decision END AS review
    FROM read_or_left AS r
    LEFT JOIN decided AS a ON a.subject = 'record' AND a.subject_id = r.record_id
    LEFT JOIN (SELECT result_id, max(decision) AS decision FROM decided GROUP BY result_id) AS b ON b.result_id = r.record_id
) AS s
WHERE t.reading IN ({readings}) AND t.record_id = s.record_id AND t.extractor = s.extractor;
UPDATE literals AS t
SET stands = r.stands, review = r.review
FROM record_table AS r
WHERE
    t.reading IN ({readings})
    AND t.record_type = 'record_table'
    AND r.reading IN ({readings})
    AND r.record_id = t.record_id
    AND r.extractor = t.extractor
