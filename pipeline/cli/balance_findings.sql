-- The contradictions that a run found in the reports themselves, by kind.
SELECT f.kind, count(*) FILTER (f.severity = 'error') AS errors, count(*) FILTER (f.severity = 'warning') AS warnings
FROM findings AS f
JOIN documents AS d USING (reading)
WHERE d.run_id = :run_id
GROUP BY f.kind
ORDER BY count(*) DESC, f.kind
