-- What was carried in and out (结转结余), as each report states it?
SELECT
    v.document, v.year, b.measure, array_to_string(b.path, ' / ') AS path, v.literal, v.unit, round(v.yuan, 2) AS yuan, b.status
FROM v_values AS v
JOIN budget_facts AS b ON b.record_id = v.record_id AND b.document_id = v.document_id
WHERE b.measure IN ('carried_in', 'carried_out') AND b.org IS NULL AND v.yuan > 0
ORDER BY v.document, v."start";
