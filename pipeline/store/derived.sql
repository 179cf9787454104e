-- What the views ask is worked out when documents are written, and kept: views now_* say how a part of it follows from the
-- tables, the table of the same name holds it. It is made anew for a reading in the transaction that writes the reading,
-- or a person's decision about it, so that it never differs (derived.py). Every part follows from one reading alone.
-- A row belongs to a reading whether or not that is its document's current one; the views choose.

CREATE SCHEMA derived;

-- Words that rows are grouped by when views are asked are kept as numbers: that halves the time.
CREATE TYPE derived.item AS ENUM (
    '公务接待费', '公务用车购置及运行维护费', '公务用车运行维护费', '公务用车购置费', '因公出国（境）费', '三公经费合计'
);
CREATE TYPE derived.role AS ENUM ('budget', 'executed');
CREATE TYPE derived.measure AS ENUM ('initial_budget', 'full_year_budget', 'executed');

CREATE VIEW derived.now_report_heads AS
SELECT
    reading,
    report_id,
    first(kind ORDER BY quote_start, record_id) AS kind,
    first(title ORDER BY quote_start, record_id) FILTER (title IS NOT NULL) AS title,
    first(department ORDER BY quote_start, record_id) FILTER (department IS NOT NULL) AS department,
    first(department_key(department) ORDER BY quote_start, record_id) FILTER (department IS NOT NULL) AS department_key,
    CAST(md5(first(department_key(department) ORDER BY quote_start, record_id) FILTER (department IS NOT NULL)) AS UUID)
        AS department_number,
    first(evaluator ORDER BY quote_start, record_id) FILTER (evaluator IS NOT NULL) AS evaluator,
    first(fiscal_year ORDER BY quote_start, record_id) FILTER (fiscal_year IS NOT NULL) AS year,
    first(score ORDER BY quote_start, record_id) FILTER (score IS NOT NULL) AS score,
    first(max_score ORDER BY quote_start, record_id) FILTER (max_score IS NOT NULL) AS max_score,
    first(grade ORDER BY quote_start, record_id) FILTER (grade IS NOT NULL) AS grade,
    first(issued_on ORDER BY quote_start, record_id) FILTER (issued_on IS NOT NULL) AS issued_on
FROM reports
WHERE stands
GROUP BY reading, report_id;
CREATE TABLE derived.report_heads AS FROM derived.now_report_heads WITH NO DATA;

CREATE VIEW derived.now_department_execution AS
WITH amounts AS (
    SELECT reading, extractor, record_id, arg_min(yuan, "start") AS yuan
    FROM literals
    WHERE kind = 'money' AND field = 'value' AND record_type = 'budget_facts'
    GROUP BY ALL
),
facts AS (
    SELECT
        b.reading, b.report_id, coalesce(b.year, p.year) AS year, b.record_id, b.status, b.quote_start,
        b.value, b.unit, l.yuan,
        CASE b.measure WHEN 'full_year_budget' THEN 'budget' WHEN 'executed' THEN 'executed' ELSE 'rate' END AS role,
        CASE WHEN b.measure = 'rate' THEN b.path[:-2] ELSE b.path END AS labels,
        CASE WHEN b.measure = 'rate' THEN is_generic_rate(b.path[-1]) ELSE true END AS fits,
        coalesce(p.kind, '') = 'special_fund_self_evaluation' AS project_report
    FROM budget_facts AS b
    LEFT JOIN derived.report_heads AS p ON p.reading = b.reading AND p.report_id = b.report_id
    LEFT JOIN amounts AS l
        ON l.reading = b.reading AND l.extractor = b.extractor AND l.record_id = b.record_id
    WHERE
        b.stands
        AND b.org IS NULL
        AND (b.measure IN ('full_year_budget', 'executed') OR (b.measure = 'rate' AND coalesce(b.unit, '%') IN ('%', '％')))
),
whole AS (
    SELECT * FROM facts
    WHERE
        fits
        AND len(list_filter(labels, lambda x: NOT is_generic(x) OR contains(x, '项目支出'))) = 0
        AND (project_report OR len(list_filter(labels, lambda x: starts_with(x, '项目'))) = 0)
),
stated AS (
    -- A total stands in many places of a report: the value that is stated most often is taken, one with a unit first;
    -- of values that are stated as often, the largest amount, since a part is no larger than the whole.
    SELECT
        reading, report_id, year, role, value, unit,
        max(yuan) AS yuan,
        count(*) AS times,
        min(quote_start) AS place,
        arg_min(record_id, quote_start) AS record_id,
        bool_or(status = 'flagged') AS flagged
    FROM whole
    GROUP BY reading, report_id, year, role, value, unit
    QUALIFY row_number() OVER (
        PARTITION BY reading, report_id, year, role
        ORDER BY unit IS NULL, times DESC, CASE WHEN role <> 'rate' THEN coalesce(max(yuan), value) END DESC NULLS LAST, place
    ) = 1
),
departments AS (
    SELECT
        reading, report_id, year, 'department' AS scope, CAST(NULL AS VARCHAR) AS project,
        max(value) FILTER (role = 'budget') AS full_year_budget,
        max(unit) FILTER (role = 'budget') AS full_year_budget_unit,
        max(yuan) FILTER (role = 'budget') AS full_year_budget_yuan,
        max(value) FILTER (role = 'executed') AS executed,
        max(unit) FILTER (role = 'executed') AS executed_unit,
        max(yuan) FILTER (role = 'executed') AS executed_yuan,
        max(value) FILTER (role = 'rate') AS stated_rate,
        CASE WHEN bool_or(flagged) THEN 'flagged' ELSE 'accepted' END AS status,
        list(record_id ORDER BY role) AS record_ids,
        min(place) AS place
    FROM stated
    GROUP BY reading, report_id, year
)
SELECT
    *,
    rate_of(executed, executed_unit, executed_yuan, full_year_budget, full_year_budget_unit, full_year_budget_yuan)
        AS recomputed_rate,
    CAST(stated_rate AS DECIMAL(38, 4)) - recomputed_rate AS difference
FROM departments;

CREATE VIEW derived.now_project_execution AS
WITH amounts AS (
    SELECT
        reading, extractor, record_id,
        arg_min(yuan, "start") FILTER (field = 'full_year_budget') AS budget_yuan,
        arg_min(yuan, "start") FILTER (field = 'executed') AS executed_yuan
    FROM literals
    WHERE kind = 'money' AND field IN ('full_year_budget', 'executed') AND record_type = 'projects'
    GROUP BY ALL
),
named AS (
    SELECT reading, record_id, count(DISTINCT finding_id) AS findings
    FROM finding_literals
    WHERE stands
    GROUP BY reading, record_id
),
projects_of_reports AS (
    SELECT
        j.reading, j.report_id, j.report_year AS year, 'project' AS scope, j.name AS project,
        j.full_year_budget, j.full_year_budget_unit, a.budget_yuan AS full_year_budget_yuan,
        j.executed, j.executed_unit, a.executed_yuan,
        CASE WHEN coalesce(j.execution_rate_unit, '%') IN ('%', '％') THEN j.execution_rate_value END AS stated_rate,
        rate_of(j.executed, j.executed_unit, a.executed_yuan, j.full_year_budget, j.full_year_budget_unit, a.budget_yuan)
            AS recomputed_rate,
        j.status,
        [j.record_id] AS record_ids,
        j.quote_start AS place,
        j.fund_level, j.unfinished_reason, j.section,
        coalesce(n.findings, 0) AS findings
    FROM projects AS j
    LEFT JOIN amounts AS a ON a.reading = j.reading AND a.extractor = j.extractor AND a.record_id = j.record_id
    LEFT JOIN named AS n ON n.reading = j.reading AND n.record_id = j.record_id
    WHERE j.stands AND (j.full_year_budget IS NOT NULL OR j.executed IS NOT NULL OR j.execution_rate IS NOT NULL)
)
SELECT *, CAST(stated_rate AS DECIMAL(38, 4)) - recomputed_rate AS difference FROM projects_of_reports;

CREATE VIEW derived.now_execution AS
SELECT
    reading, report_id, year, scope, project, full_year_budget, full_year_budget_unit, full_year_budget_yuan, executed,
    executed_unit, executed_yuan, stated_rate, recomputed_rate, difference, status, record_ids, place, fund_level,
    unfinished_reason, section, findings
FROM (FROM derived.now_department_execution UNION ALL BY NAME FROM derived.now_project_execution);
CREATE TABLE derived.execution AS FROM derived.now_execution WITH NO DATA;

CREATE VIEW derived.now_targets AS
WITH amounts AS (
    SELECT
        reading, extractor, record_id,
        arg_min(yuan, "start") FILTER (field = 'target') AS target_yuan,
        arg_min(yuan, "start") FILTER (field = 'actual') AS actual_yuan
    FROM literals
    WHERE kind = 'money' AND record_type = 'indicators'
    GROUP BY ALL
),
bounds AS (
    -- A target without a printed bound: amounts of cost (成本指标), control and change rates (控制率, 变动率) and a target of
    -- 0 are not to be exceeded, anything else is to be reached. 财预〔2020〕10号: 定量指标完成指标值的记该指标所赋全部分值.
    SELECT
        i.*,
        coalesce(i.level4, i.level3, i.level2, i.level1) AS label,
        i.target_op IS NOT NULL AS bound_printed,
        coalesce(
            i.target_op,
            CASE
                WHEN i.target_value = 0 OR regexp_matches(label, '控制率|变动率') THEN '≤'
                WHEN contains(concat_ws('/', i.level1, i.level2), '成本') AND coalesce(i.target_unit, '') NOT IN ('%', '％') THEN '≤'
                ELSE '≥'
            END
        ) AS bound,
        a.target_yuan,
        a.actual_yuan,
        replace(i.target_unit, '％', '%') IS NOT DISTINCT FROM replace(i.actual_unit, '％', '%') AS same_unit
    FROM indicators AS i
    LEFT JOIN amounts AS a ON a.reading = i.reading AND a.extractor = i.extractor AND a.record_id = i.record_id
    WHERE i.stands
),
judged AS (
    SELECT
        *,
        CASE
            WHEN target_yuan IS NOT NULL AND actual_yuan IS NOT NULL THEN bound_kept(bound, target_yuan, actual_op, actual_yuan)
            WHEN same_unit THEN bound_kept(bound, target_value, actual_op, actual_value)
        END AS met
    FROM bounds
)
SELECT
    reading, report_id, record_id, level1, label, target, actual,
    CASE WHEN target_value IS NOT NULL THEN bound END AS bound,
    CASE WHEN target_value IS NOT NULL THEN bound_printed END AS bound_printed,
    met, weight, score,
    score = weight AS full_marks,
    met = false AND score = weight AND weight > 0 AS full_marks_for_missed,
    deviation_reason, status, quote_start AS place
FROM judged;
CREATE TABLE derived.targets AS FROM derived.now_targets WITH NO DATA;

CREATE VIEW derived.now_three_public AS
WITH labelled AS (
    -- What stands below the item may only be a total of it: 三公经费 › 基本支出 is a part.
    SELECT
        b.reading, b.report_id, b.extractor, b.record_id, coalesce(b.year, p.year) AS year,
        coalesce(b.year, p.year) IS NOT DISTINCT FROM p.year AS own_report,
        b.measure,
        list_filter(b.path, lambda x: NOT regexp_full_match(x, '合计|小计|总计|总额'))[-1] AS label
    FROM budget_facts AS b
    LEFT JOIN derived.report_heads AS p ON p.reading = b.reading AND p.report_id = b.report_id
    WHERE b.stands AND b.org IS NULL AND b.measure IN ('initial_budget', 'full_year_budget', 'executed')
)
SELECT
    x.reading, x.report_id, x.year, x.own_report,
    CAST(three_public_item(x.label) AS derived.item) AS item,
    CAST(CASE x.measure WHEN 'executed' THEN 'executed' ELSE 'budget' END AS derived.role) AS role,
    CAST(x.measure AS derived.measure) AS measure,
    l.yuan
FROM labelled AS x
JOIN literals AS l ON l.reading = x.reading AND l.extractor = x.extractor AND l.record_id = x.record_id AND l.field = 'value'
WHERE l.yuan IS NOT NULL AND item IS NOT NULL;
CREATE TABLE derived.three_public AS FROM derived.now_three_public WITH NO DATA;

CREATE VIEW derived.now_coverage AS
WITH chunk_counts AS (
    SELECT
        reading,
        count(*) AS chunks,
        count(*) FILTER (status = 'done') AS chunks_done,
        count(*) FILTER (status = 'empty') AS chunks_empty,
        count(*) FILTER (status = 'failed') AS chunks_failed
    FROM chunks
    GROUP BY reading
),
record_counts AS (
    SELECT
        reading,
        count(*) FILTER (stands AND status = 'accepted') AS accepted,
        count(*) FILTER (stands AND status = 'flagged') AS flagged,
        count(*) FILTER (review = 'reject' AND extractor <> 'review') AS rejected
    FROM (
/* the state of every record */
    )
    GROUP BY reading
),
rejections AS (
    SELECT q.reading, count(*) AS quarantined
    FROM quarantine AS q
    ANTI JOIN v_decisions AS r ON r.subject_id = q.claim_id AND r.decision <> 'reject'
    GROUP BY q.reading
),
finding_counts AS (
    SELECT reading, count(*) AS findings FROM findings WHERE stands AND other_document_id IS NULL GROUP BY reading
),
claimed AS (
    -- A figure that two records share is claimed once.
    SELECT reading, count(DISTINCT ("start", "stop")) AS figures
    FROM literals
    WHERE kind IN ('money', 'percent') AND extractor <> 'review'
    GROUP BY reading
),
left_over AS (
    SELECT
        reading,
        count(*) FILTER (kind IN ('money', 'percent')) AS figures,
        count(*) FILTER (kind NOT IN ('money', 'percent')) AS parts
    FROM unclaimed
    GROUP BY reading
)
SELECT
    a.reading,
    coalesce(c.chunks, 0) AS chunks,
    coalesce(c.chunks_done, 0) AS chunks_done,
    coalesce(c.chunks_empty, 0) AS chunks_empty,
    coalesce(c.chunks_failed, 0) AS chunks_failed,
    coalesce(r.accepted, 0) AS accepted,
    coalesce(r.flagged, 0) AS flagged,
    coalesce(q.quarantined, 0) AS quarantined,
    coalesce(f.findings, 0) AS findings,
    coalesce(l.figures, 0) AS claimed,
    coalesce(u.figures, 0) AS unclaimed,
    coalesce(u.parts, 0) AS unclaimed_parts,
    coalesce(r.rejected, 0) AS rejected
FROM readings AS a
LEFT JOIN chunk_counts AS c ON c.reading = a.reading
LEFT JOIN record_counts AS r ON r.reading = a.reading
LEFT JOIN rejections AS q ON q.reading = a.reading
LEFT JOIN finding_counts AS f ON f.reading = a.reading
LEFT JOIN claimed AS l ON l.reading = a.reading
LEFT JOIN left_over AS u ON u.reading = a.reading;
CREATE TABLE derived.coverage AS FROM derived.now_coverage WITH NO DATA;

CREATE VIEW derived.placed_findings AS
WITH one_department AS (
    -- A finding between the reports of one document names none of them; the document's department is taken if it is one.
    SELECT reading, arg_min(department, report_id) AS department
    FROM derived.report_heads
    GROUP BY reading
    HAVING min(department_key) = max(department_key)
)
SELECT
    f.reading,
    coalesce(p.department, o.department) AS department,
    p.year,
    f.kind,
    f.severity,
    f.other_document_id,
    f."start",
    f.finding_id
FROM findings AS f
LEFT JOIN derived.report_heads AS p ON p.reading = f.reading AND p.report_id = f.report_id
LEFT JOIN one_department AS o ON o.reading = f.reading
WHERE f.stands;

CREATE VIEW derived.now_finding_counts AS
SELECT
    reading, department, year, kind,
    count(*) FILTER (severity = 'error') AS errors,
    count(*) FILTER (severity = 'warning') AS warnings,
    min({'severity': severity, 'start': "start", 'finding_id': finding_id}) AS first_of_them
FROM derived.placed_findings
WHERE other_document_id IS NULL
GROUP BY ALL;
CREATE TABLE derived.finding_counts AS FROM derived.now_finding_counts WITH NO DATA;
