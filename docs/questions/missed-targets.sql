-- Which targets were missed, and how many of their marks were given nevertheless?
SELECT department, label, target, actual, bound, bound_printed, weight, score, full_marks_for_missed AS full_marks
FROM v_targets
WHERE NOT met
ORDER BY department, year, "start";
