-- The balance of a run, a line a document.
SELECT
    document,
    chunks,
    chunks_failed AS failed,
    accepted,
    flagged,
    quarantined,
    findings,
    claimed,
    unclaimed
FROM v_coverage
WHERE run_id = :run_id
ORDER BY document
