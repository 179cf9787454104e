-- Where exactly does each figure of a project stand?
SELECT
    v.field,
    v.literal,
    v.unit,
    v.yuan,
    v."start",
    replace(substr(d.text, v."start" - 15, v."stop" - v."start" + 26), chr(10), ' ') AS around
FROM v_values AS v
JOIN documents AS d USING (document_id)
WHERE v.label = '州级河湖长制工作经费'
ORDER BY v."start";
