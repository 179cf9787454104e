-- Whose score stands high above its execution or its missed targets?
SELECT
    department,
    year,
    score,
    grade,
    execution_rate AS executed,
    score_above_execution AS above,
    indicators,
    missed,
    missed_with_full_marks AS full_marks,
    errors
FROM v_score_inflation
WHERE score IS NOT NULL
ORDER BY score_above_execution DESC NULLS LAST, document, report_id;
