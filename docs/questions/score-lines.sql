-- How are the scores composed, first-level indicator by first-level indicator?
SELECT s.document, s.name, s.weight, s.score, percent_of(s.score, s.weight) AS rate, s.rate AS stated_rate, s.status
FROM current_score_lines AS s
ORDER BY s.document, s.quote_start;
