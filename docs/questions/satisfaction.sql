-- How satisfied are those served, as each project states it?
SELECT document, name AS project, satisfaction, satisfaction_op AS bound, satisfaction_value AS value, status
FROM projects
WHERE satisfaction IS NOT NULL
ORDER BY document, quote_start;
