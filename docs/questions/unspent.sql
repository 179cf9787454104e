-- Where is the most money unspent, and what reason does the report give?
SELECT document, project, round(unspent_yuan, 2) AS unspent_yuan, recomputed_rate AS rate, unfinished_reason
FROM v_projects
WHERE unspent_yuan > 0
ORDER BY unspent_yuan DESC, document, "start"
LIMIT 6;
