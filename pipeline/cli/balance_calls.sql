-- What a run cost in calls and tokens.
SELECT calls, prompt_tokens, completion_tokens, cost, currency FROM v_run_costs WHERE run_id = :run_id
