-- How many findings name each project of these readings, as derived.now_execution counts them. {readings} stands for numbers.
UPDATE derived.execution AS x
SET findings = (
    SELECT count(DISTINCT l.finding_id)
    FROM finding_literals AS l
    WHERE l.stands AND l.reading = x.reading AND l.record_id = x.record_ids[1]
)
WHERE x.scope = 'project' AND x.reading IN ({readings})
