-- The project records of the current readings by department, for the suggestions of jixiao match.
SELECT department_of(r.department, r.document) AS department_id, r.document_id, r.extractor, r.record_id, p.name
FROM v_records AS r
JOIN projects AS p ON p.record_id = r.record_id AND p.extractor = r.extractor AND p.document_id = r.document_id
WHERE r.record_type = 'projects'
ORDER BY department_id, r.year, r.document, r.quote_start, r.record_id
