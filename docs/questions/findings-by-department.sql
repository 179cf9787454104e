-- Which kinds of contradiction does each department print, and how often?
SELECT department, year, kind, errors, warnings, example
FROM v_finding_counts
WHERE errors > 0
ORDER BY department, year, kind;
