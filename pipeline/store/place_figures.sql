-- The years of figures whose records state none, made to follow from what their reports say now. {readings} stands for
-- numbers of current readings.
UPDATE literals AS t
SET year = h.year
FROM (
    SELECT DISTINCT l.reading, l.report_id, p.year
    FROM literals AS l
    LEFT JOIN derived.report_heads AS p ON p.reading = l.reading AND p.report_id = l.report_id
    WHERE l.reading IN ({readings})
) AS h
WHERE
    t.reading IN ({readings})
    AND t.own_year IS NULL
    AND h.reading = t.reading
    AND h.report_id = t.report_id
    AND t.year IS DISTINCT FROM h.year
