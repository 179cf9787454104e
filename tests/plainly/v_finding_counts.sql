-- What v_finding_counts says, asked of v_findings itself: slower, and plainly so.
WITH one_department AS (
    -- A finding between the reports of one document names none of them; the document's department is taken if it is one.
    SELECT d.document_id, any_value(h.department) AS department
    FROM derived.report_heads AS h
    JOIN documents AS d ON d.reading = h.reading
    GROUP BY d.document_id
    HAVING count(DISTINCT department_key) = 1
)
SELECT
    coalesce(f.department, o.department) AS department,
    year,
    kind,
    count(*) FILTER (severity = 'error') AS errors,
    count(*) FILTER (severity = 'warning') AS warnings,
    count(DISTINCT document_id) AS documents,
    first(message ORDER BY severity, document, "start", finding_id) AS example,
    first(message_en ORDER BY severity, document, "start", finding_id) AS example_en,
    first(finding_id ORDER BY severity, document, "start", finding_id) AS example_id
FROM v_findings AS f
LEFT JOIN one_department AS o USING (document_id)
GROUP BY 1, year, kind
