-- Where is 元 printed while 万元 must be meant, and what would the figure be?
SELECT f.document, f.stated, f.suggestion, x.printed, substr(d.text, x."start" - 9, x."stop" - x."start" + 12) AS around
FROM v_findings AS f
JOIN documents AS d USING (document_id)
JOIN finding_literals AS x ON x.finding_id = f.finding_id AND x.extractor = d.extractor AND x.position = 0
WHERE f.kind = 'unit' AND f.severity = 'error'
ORDER BY f.document, f."start";
