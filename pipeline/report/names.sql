-- The departments and documents that a report can be asked of.
SELECT DISTINCT 'department' AS what, department AS name, department_key(department) AS key
FROM v_reports
WHERE department IS NOT NULL
UNION ALL
SELECT DISTINCT 'document', document, document FROM documents
ORDER BY what, name
