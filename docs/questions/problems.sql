-- Which problems do the reports name themselves, and how many recommendations follow?
SELECT
    document,
    count(*) FILTER (kind = 'problem') AS problems,
    count(*) FILTER (kind = 'recommendation') AS recommendations,
    first(coalesce(title, left(text, 40)) ORDER BY quote_start) FILTER (kind = 'problem') AS first_problem
FROM issues
GROUP BY document
ORDER BY document;
