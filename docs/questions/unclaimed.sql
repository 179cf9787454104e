-- Which figures does no record claim? The first two of each document, with the text around them.
SELECT d.document, u.kind, u.printed, replace(substr(d.text, u."start" - 14, u."stop" - u."start" + 22), chr(10), ' ') AS around
FROM unclaimed AS u
JOIN documents AS d ON d.document_id = u.document_id AND d.extractor = u.extractor
WHERE u.kind IN ('money', 'percent')
QUALIFY row_number() OVER (PARTITION BY d.document ORDER BY u."start") <= 2
ORDER BY d.document, u."start";
