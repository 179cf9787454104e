-- Where do two reports contradict each other (after jixiao check)?
SELECT document, other_document, kind, message, suggestion
FROM v_findings
WHERE other_document IS NOT NULL
ORDER BY document, "start";
