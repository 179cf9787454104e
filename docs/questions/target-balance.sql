-- How many indicators can be judged at all: met, missed, and without two numbers to compare?
SELECT
    document,
    count(*) AS indicators,
    count(*) FILTER (met) AS met,
    count(*) FILTER (NOT met) AS missed,
    count(*) FILTER (met IS NULL) AS not_comparable,
    count(*) FILTER (met IS NOT NULL AND NOT bound_printed) AS judged_by_rule
FROM v_targets
GROUP BY document
ORDER BY document;
