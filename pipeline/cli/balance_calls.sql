-- What a run cost in calls and tokens.
SELECT calls, prompt_tokens, completion_tokens FROM runs WHERE run_id = :run_id
