-- Files that were read in a run and seem to be one report with another one: the same department, year and kind; a report that is
-- not about a whole department must have the same title, too, as a department evaluates many funds. Each is told once, beside the
-- first of those that were there before, or else of all: many files of one report are as many pairs, less one.
WITH named AS (
    SELECT
        d.path,
        d.document_id,
        d.run_id = $1 AS of_this_run,
        min(r.department) AS department,
        department_key(r.department) AS department_key,
        r.year,
        r.kind,
        CASE WHEN is_departmental(r.kind, r.title) THEN NULL ELSE regexp_replace(r.title, '\s', '', 'g') END AS title
    FROM v_reports AS r
    JOIN documents AS d USING (document_id)
    WHERE r.department IS NOT NULL AND r.year IS NOT NULL AND r.title IS NOT NULL
    GROUP BY ALL
),
beside AS (
    SELECT *, first_value({path: path, document_id: document_id, department: department}) OVER alike AS other
    FROM named
    WINDOW alike AS (PARTITION BY department_key, year, kind, title ORDER BY of_this_run, path, document_id)
)
SELECT
    least(path, other.path),
    greatest(path, other.path),
    CASE WHEN path < other.path THEN department ELSE other.department END,
    year
FROM beside
WHERE of_this_run AND document_id <> other.document_id
GROUP BY ALL
ORDER BY ALL
