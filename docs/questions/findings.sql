-- Where do the reports contradict themselves: which kinds of finding, how many, and one example of each?
SELECT
    document,
    kind,
    count(*) FILTER (severity = 'error') AS errors,
    count(*) FILTER (severity = 'warning') AS warnings,
    first(message_en ORDER BY severity, "start") AS example
FROM v_findings
GROUP BY document, kind
ORDER BY document, errors DESC, kind;
