-- What the rows of one record table keep of the reports that they belong to, made to follow from what those say now.
-- `record_table` stands for the table's name, {readings} for numbers of current readings.
UPDATE record_table AS t
SET report_department = h.department, report_year = h.year
FROM (
    SELECT DISTINCT r.reading, r.report_id, p.department, p.year
    FROM record_table AS r
    LEFT JOIN derived.report_heads AS p ON p.reading = r.reading AND p.report_id = r.report_id
    WHERE r.reading IN ({readings})
) AS h
WHERE
    t.reading IN ({readings})
    AND h.reading = t.reading
    AND h.report_id = t.report_id
    AND (t.report_department IS DISTINCT FROM h.department OR t.report_year IS DISTINCT FROM h.year)
