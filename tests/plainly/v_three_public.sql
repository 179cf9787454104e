-- What v_three_public says, chosen anew for every department, item and year: slower, and plainly so.
WITH stated AS (
    SELECT coalesce(p.department_key, d.document) AS department_id, p.department, d.document, x.*
    FROM derived.three_public AS x
    JOIN documents AS d ON d.reading = x.reading
    LEFT JOIN derived.report_heads AS p ON p.reading = x.reading AND p.report_id = x.report_id
),
chosen AS (
    -- The year's own report before a later one, the full-year budget before the initial one, what is stated most often.
    SELECT department_id, item, year, role, measure, yuan, own_report, min(department) AS department, min(document) AS document
    FROM stated
    GROUP BY department_id, item, year, role, measure, yuan, own_report
    QUALIFY row_number() OVER (
        PARTITION BY department_id, item, year, role
        ORDER BY own_report DESC, measure = 'initial_budget', count(*) DESC, yuan DESC
    ) = 1
),
years AS (
    SELECT
        department_id,
        min(department) AS department,
        item,
        year,
        max(yuan) FILTER (role = 'budget') AS budget_yuan,
        max(yuan) FILTER (role = 'executed') AS executed_yuan,
        bool_and(own_report) AS own_report,
        min(document) AS document
    FROM chosen
    GROUP BY department_id, item, year
)
SELECT
    y.department,
    y.year,
    CAST(y.item AS VARCHAR) AS item,
    y.budget_yuan,
    y.executed_yuan,
    b.executed_yuan AS previous_yuan,
    y.executed_yuan - b.executed_yuan AS change_yuan,
    percent_of(y.executed_yuan - b.executed_yuan, b.executed_yuan) AS change_rate,
    percent_of(y.executed_yuan, y.budget_yuan) AS control_rate,
    y.own_report,
    y.document
FROM years AS y
LEFT JOIN years AS b ON b.department_id = y.department_id AND b.item = y.item AND b.year = y.year - 1
