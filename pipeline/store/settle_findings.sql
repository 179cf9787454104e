-- Which findings stand that name a figure of these readings: what rests on a figure that a person rejected, or read
-- otherwise, is no defect of the report. {readings} stands for numbers of current readings.
UPDATE findings AS t
SET stands = s.stands
FROM (
    SELECT x.extractor, x.finding_id, bool_and(x.role = 'witness' OR r.decision IS NULL OR l.record_id IS NOT NULL) AS stands
    FROM finding_literals AS x
    LEFT JOIN v_decisions AS r
        ON r.subject = 'record' AND r.subject_id = x.record_id AND r.decision IN ('correct', 'reject')
    LEFT JOIN literals AS l
        ON l.reading = x.reading AND l.extractor = 'review' AND l.record_id = r.result_id AND l.field = x.field
        AND l."start" = x."start" AND l."stop" = x."stop"
    WHERE (x.extractor, x.finding_id) IN (SELECT (extractor, finding_id) FROM finding_literals WHERE reading IN ({readings}))
    GROUP BY x.extractor, x.finding_id
) AS s
WHERE t.finding_id = s.finding_id AND t.extractor = s.extractor;
UPDATE finding_literals AS t
SET stands = f.stands
FROM findings AS f
WHERE
    (t.extractor, t.finding_id) IN (SELECT (extractor, finding_id) FROM finding_literals WHERE reading IN ({readings}))
    AND f.finding_id = t.finding_id
    AND f.extractor = t.extractor
