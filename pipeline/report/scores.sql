-- The lines of the score summaries in reading order.
SELECT s.document_id, s.report_id, s.name, s.weight, s.score, s.status
FROM current_score_lines AS s
WHERE s.weight > 0 AND s.score IS NOT NULL
ORDER BY s.document_id, s.report_id, s.quote_start
