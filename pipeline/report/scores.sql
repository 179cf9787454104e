-- The lines of the score summaries in reading order.
SELECT s.document_id, s.report_id, s.name, s.weight, s.score, s.status
FROM score_lines AS s
JOIN documents AS d ON s.document_id = d.document_id AND s.extractor = d.extractor
WHERE s.weight > 0 AND s.score IS NOT NULL
ORDER BY s.document_id, s.report_id, s.quote_start
