-- Pairs of files of which one was read in a run and that seem to be one report: the same department, year and kind; a
-- report that is not about a whole department must have the same title, too, as a department evaluates many funds.
WITH named AS (
    SELECT DISTINCT
        d.path,
        d.run_id,
        d.document_id,
        r.department,
        department_key(r.department) AS department_key,
        r.year,
        r.kind,
        CASE WHEN is_departmental(r.kind, r.title) THEN NULL ELSE regexp_replace(r.title, '\s', '', 'g') END AS title
    FROM v_reports AS r
    JOIN documents AS d USING (document_id)
    WHERE r.department IS NOT NULL AND r.year IS NOT NULL AND r.title IS NOT NULL
)
SELECT a.path, b.path, a.department, a.year
FROM named AS a
JOIN named AS b
    ON a.department_key = b.department_key
    AND a.year = b.year
    AND a.kind = b.kind
    AND a.title IS NOT DISTINCT FROM b.title
    AND (a.path, a.document_id) < (b.path, b.document_id)
WHERE a.run_id = $1 OR b.run_id = $1
GROUP BY ALL
ORDER BY ALL
