-- Whether each finding stands after what people decided: slower, and plainly so.
SELECT
    x.extractor,
    x.finding_id,
    bool_and(x.role = 'witness' OR r.decision IS NULL OR l.record_id IS NOT NULL) AS stands
FROM finding_literals AS x
JOIN documents AS d ON d.reading = x.reading
LEFT JOIN v_decisions AS r ON r.subject = 'record' AND r.subject_id = x.record_id AND r.decision IN ('correct', 'reject')
LEFT JOIN literals AS l
    ON l.reading = x.reading AND l.extractor = 'review' AND l.record_id = r.result_id AND l.field = x.field
    AND l."start" = x."start" AND l."stop" = x."stop"
GROUP BY x.extractor, x.finding_id
