-- What the model took for each document: calls, those without a usable reply, tokens, seconds of the calls.
SELECT CASE WHEN grouping(c.document_id) = 1 THEN 'all' ELSE coalesce(any_value(d.document), c.document_id) END AS document,
       count(*) AS calls,
       count(*) FILTER (c.status <> 'ok') AS without_reply,
       sum(c.prompt_tokens) AS prompt_tokens,
       sum(c.cached_tokens) AS of_them_cached,
       sum(c.completion_tokens) AS completion_tokens,
       round(sum(c.seconds)) AS seconds
FROM llm_calls c LEFT JOIN documents d USING (document_id)
GROUP BY GROUPING SETS ((c.document_id), ())
ORDER BY grouping(c.document_id), document
