-- The views of the questions that analysts ask by name. They stand on the views of views.sql, so each shows every
-- document's current reading alone. Money is DECIMAL, in yuan where a column says so; rates are percent, exact to four
-- decimals (percent_of).

CREATE VIEW v_department_years AS
WITH chosen AS (
    -- A department and year has one row, from a report of that year: what a later report says of it may be of other scope.
    SELECT coalesce(p.department_key, d.document) AS department_id, p.department, d.document, d.document_id, x.*
    FROM derived.execution AS x
    JOIN documents AS d ON d.reading = x.reading
    JOIN derived.report_heads AS p ON p.reading = x.reading AND p.report_id = x.report_id
    WHERE
        x.scope = 'department'
        AND x.year IS NOT DISTINCT FROM p.year
        AND (x.full_year_budget IS NOT NULL OR x.executed IS NOT NULL)
    QUALIFY row_number() OVER (
        PARTITION BY department_id, x.year
        ORDER BY full_year_budget_yuan IS NULL OR executed_yuan IS NULL, d.document, x.report_id, d.document_id
    ) = 1
),
counted AS (
    SELECT coalesce(p.department_key, d.document) AS department_id, p.year, count(*) AS errors
    FROM findings AS f
    JOIN documents AS d ON d.reading = f.reading
    LEFT JOIN derived.report_heads AS p ON p.reading = f.reading AND p.report_id = f.report_id
    WHERE f.stands AND f.severity = 'error'
    GROUP BY ALL
)
SELECT
    c.department,
    c.year,
    c.full_year_budget_yuan,
    c.executed_yuan,
    c.full_year_budget_yuan - c.executed_yuan AS unspent_yuan,
    c.stated_rate,
    c.recomputed_rate,
    c.difference,
    p.executed_yuan AS previous_executed_yuan,
    c.executed_yuan - p.executed_yuan AS change_yuan,
    percent_of(c.executed_yuan - p.executed_yuan, p.executed_yuan) AS change_rate,
    coalesce(f.errors, 0) AS errors,
    c.status,
    c.document,
    c.report_id,
    c.record_ids,
    c.document_id
FROM chosen AS c
LEFT JOIN chosen AS p ON p.department_id = c.department_id AND p.year = c.year - 1
LEFT JOIN counted AS f ON f.department_id = c.department_id AND f.year IS NOT DISTINCT FROM c.year;
COMMENT ON VIEW v_department_years IS 'Execution by department and year (单位各年度预算执行): one row each, from a report of that very year.';
COMMENT ON COLUMN v_department_years.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_department_years.year IS 'year of the figures (年度)';
COMMENT ON COLUMN v_department_years.full_year_budget_yuan IS 'full-year budget, yuan; null where no unit is known (全年预算数，元)';
COMMENT ON COLUMN v_department_years.executed_yuan IS 'amount spent, yuan (全年执行数，元)';
COMMENT ON COLUMN v_department_years.unspent_yuan IS 'full_year_budget_yuan less executed_yuan, yuan (未执行数，元)';
COMMENT ON COLUMN v_department_years.stated_rate IS 'rate of execution that the report states, percent (所述执行率，%)';
COMMENT ON COLUMN v_department_years.recomputed_rate IS '100 · executed / full-year budget, percent (复算执行率，%)';
COMMENT ON COLUMN v_department_years.difference IS 'stated less recomputed rate, percentage points (差异，百分点)';
COMMENT ON COLUMN v_department_years.previous_executed_yuan IS 'amount spent in the year before by that year''s own report, yuan (上年执行数，元)';
COMMENT ON COLUMN v_department_years.change_yuan IS 'executed_yuan less previous_executed_yuan, yuan (增减额，元)';
COMMENT ON COLUMN v_department_years.change_rate IS '100 · change_yuan / previous_executed_yuan, percent (增减幅度，%)';
COMMENT ON COLUMN v_department_years.errors IS 'findings of severity error in the reports of this department and year (错误疑点数)';
COMMENT ON COLUMN v_department_years.status IS 'accepted 接受; flagged 存疑 where one of the records is (状态)';
COMMENT ON COLUMN v_department_years.document IS 'document that the figures were taken from (文档名)';
COMMENT ON COLUMN v_department_years.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_department_years.record_ids IS 'records that the row was made of; jixiao trace shows each (所据记录)';
COMMENT ON COLUMN v_department_years.document_id IS 'id of the document (文档编号)';

CREATE VIEW v_projects AS
SELECT
    d.document,
    p.department,
    x.year,
    x.project,
    x.fund_level,
    x.full_year_budget,
    x.full_year_budget_unit,
    x.executed,
    x.executed_unit,
    x.full_year_budget_yuan,
    x.executed_yuan,
    x.full_year_budget_yuan - x.executed_yuan AS unspent_yuan,
    x.stated_rate,
    x.recomputed_rate,
    x.difference,
    x.findings,
    x.unfinished_reason,
    x.status,
    x.section,
    x.record_ids[1] AS record_id,
    x.report_id,
    d.document_id,
    x.place AS "start"
FROM derived.execution AS x
JOIN documents AS d ON d.reading = x.reading
LEFT JOIN derived.report_heads AS p ON p.reading = x.reading AND p.report_id = x.report_id
WHERE x.scope = 'project';
COMMENT ON VIEW v_projects IS 'Projects with money (项目执行): stated and recomputed rates of execution side by side, one row per project and table.';
COMMENT ON COLUMN v_projects.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_projects.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_projects.year IS 'fiscal year of the report (评价年度)';
COMMENT ON COLUMN v_projects.project IS 'name of the project as printed (项目名称)';
COMMENT ON COLUMN v_projects.fund_level IS 'own 本级资金, superior 上级资金, null where the text does not say (资金级次)';
COMMENT ON COLUMN v_projects.full_year_budget IS 'full-year budget as printed (全年预算数)';
COMMENT ON COLUMN v_projects.full_year_budget_unit IS 'its unit as printed or declared (全年预算数的单位)';
COMMENT ON COLUMN v_projects.executed IS 'amount spent as printed (全年执行数)';
COMMENT ON COLUMN v_projects.executed_unit IS 'its unit as printed or declared (全年执行数的单位)';
COMMENT ON COLUMN v_projects.full_year_budget_yuan IS 'full-year budget, yuan, by the unit that is printed (全年预算数，元)';
COMMENT ON COLUMN v_projects.executed_yuan IS 'amount spent, yuan, by the unit that is printed (全年执行数，元)';
COMMENT ON COLUMN v_projects.unspent_yuan IS 'full_year_budget_yuan less executed_yuan, yuan (未执行数，元)';
COMMENT ON COLUMN v_projects.stated_rate IS 'rate of execution that the report states, percent (所述执行率，%)';
COMMENT ON COLUMN v_projects.recomputed_rate IS '100 · executed / full_year_budget, percent (复算执行率，%)';
COMMENT ON COLUMN v_projects.difference IS 'stated less recomputed rate, percentage points; rounding is for v_findings to judge (差异，百分点)';
COMMENT ON COLUMN v_projects.findings IS 'findings that name a figure of this record (所涉疑点数)';
COMMENT ON COLUMN v_projects.unfinished_reason IS 'why it is unfinished, verbatim (未完成原因)';
COMMENT ON COLUMN v_projects.status IS 'accepted 接受, flagged 存疑 (状态)';
COMMENT ON COLUMN v_projects.section IS 'heading or table caption it stands under (所在章节)';
COMMENT ON COLUMN v_projects.record_id IS 'id of the record; jixiao trace shows its source (记录编号)';
COMMENT ON COLUMN v_projects.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_projects.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_projects."start" IS 'first code point of its quote, for reading order (起点)';

CREATE VIEW v_targets AS
SELECT
    d.document,
    p.department,
    p.year,
    x.level1,
    x.label,
    x.target,
    x.actual,
    x.bound,
    x.bound_printed,
    x.met,
    x.weight,
    x.score,
    x.full_marks,
    x.full_marks_for_missed,
    x.deviation_reason,
    x.status,
    x.record_id,
    x.report_id,
    d.document_id,
    x.place AS "start"
FROM derived.targets AS x
JOIN documents AS d ON d.reading = x.reading
LEFT JOIN derived.report_heads AS p ON p.reading = x.reading AND p.report_id = x.report_id;
COMMENT ON VIEW v_targets IS 'Indicators with target and value reached (指标完成情况): met or not, and full marks for a missed target (未达标得满分).';
COMMENT ON COLUMN v_targets.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_targets.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_targets.year IS 'fiscal year of the report (评价年度)';
COMMENT ON COLUMN v_targets.level1 IS 'first-level name (一级指标)';
COMMENT ON COLUMN v_targets.label IS 'name of the finest level that is filled (指标名称)';
COMMENT ON COLUMN v_targets.target IS 'target, verbatim (年度指标值)';
COMMENT ON COLUMN v_targets.actual IS 'value reached, verbatim (实际完成值)';
COMMENT ON COLUMN v_targets.bound IS 'bound of a numeric target: as printed, else ≤ for costs, control and change rates and 0, ≥ for the rest (比较方式)';
COMMENT ON COLUMN v_targets.bound_printed IS 'whether the report prints the bound; where not, met rests on that rule (比较方式是否原文印出)';
COMMENT ON COLUMN v_targets.met IS 'whether the value reached keeps the bound; null where there are not two numbers of one unit (是否达标)';
COMMENT ON COLUMN v_targets.weight IS 'full marks of the row (分值)';
COMMENT ON COLUMN v_targets.score IS 'marks given (得分)';
COMMENT ON COLUMN v_targets.full_marks IS 'whether the marks given are the full marks (是否满分)';
COMMENT ON COLUMN v_targets.full_marks_for_missed IS 'whether a missed target was given full marks (未达标得满分)';
COMMENT ON COLUMN v_targets.deviation_reason IS 'reason for deviation or deduction (偏差原因)';
COMMENT ON COLUMN v_targets.status IS 'accepted 接受, flagged 存疑 (状态)';
COMMENT ON COLUMN v_targets.record_id IS 'id of the record; jixiao trace shows its source (记录编号)';
COMMENT ON COLUMN v_targets.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_targets.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_targets."start" IS 'first code point of its quote, for reading order (起点)';

CREATE VIEW v_score_inflation AS
WITH scored AS (
    SELECT
        reading, report_id,
        count(*) AS indicators,
        count(*) FILTER (met = false) AS missed,
        count(*) FILTER (full_marks_for_missed) AS missed_with_full_marks,
        sum(score) FILTER (met = false) AS marks_for_missed
    FROM derived.targets
    WHERE score IS NOT NULL AND weight IS NOT NULL
    GROUP BY ALL
),
errors_of AS (
    SELECT reading, report_id, count(*) AS errors FROM findings WHERE stands AND severity = 'error' GROUP BY ALL
),
executed AS (
    SELECT reading, report_id, year, any_value(coalesce(recomputed_rate, stated_rate)) AS execution_rate
    FROM derived.execution
    WHERE scope = 'department'
    GROUP BY ALL
)
SELECT
    d.document,
    p.department,
    p.year,
    p.score,
    coalesce(p.max_score, 100) AS max_score,
    p.grade,
    percent_of(p.score, coalesce(p.max_score, 100)) AS score_rate,
    CAST(x.execution_rate AS DECIMAL(38, 4)) AS execution_rate,
    CAST(percent_of(p.score, coalesce(p.max_score, 100)) - x.execution_rate AS DECIMAL(38, 4)) AS score_above_execution,
    coalesce(s.indicators, 0) AS indicators,
    coalesce(s.missed, 0) AS missed,
    coalesce(s.missed_with_full_marks, 0) AS missed_with_full_marks,
    s.marks_for_missed,
    coalesce(e.errors, 0) AS errors,
    p.report_id,
    d.document_id
FROM derived.report_heads AS p
JOIN documents AS d ON d.reading = p.reading
LEFT JOIN scored AS s ON s.reading = p.reading AND s.report_id = p.report_id
LEFT JOIN errors_of AS e ON e.reading = p.reading AND e.report_id = p.report_id
LEFT JOIN executed AS x ON x.reading = p.reading AND x.report_id = p.report_id AND x.year IS NOT DISTINCT FROM p.year;
COMMENT ON VIEW v_score_inflation IS 'Signs of inflated scores (评分虚高), one row per report: its score against its execution and its missed targets.';
COMMENT ON COLUMN v_score_inflation.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_score_inflation.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_score_inflation.year IS 'fiscal year under evaluation (评价年度)';
COMMENT ON COLUMN v_score_inflation.score IS 'overall score that the report gives (自评得分)';
COMMENT ON COLUMN v_score_inflation.max_score IS 'its full marks, 100 where none are printed (满分)';
COMMENT ON COLUMN v_score_inflation.grade IS 'grade as printed (等级)';
COMMENT ON COLUMN v_score_inflation.score_rate IS '100 · score / max_score, percent (得分率，%)';
COMMENT ON COLUMN v_score_inflation.execution_rate IS 'rate of execution of the department, recomputed, else as stated, percent (执行率，%)';
COMMENT ON COLUMN v_score_inflation.score_above_execution IS 'score_rate less execution_rate, percentage points (得分率高出执行率，百分点)';
COMMENT ON COLUMN v_score_inflation.indicators IS 'indicators with marks (有分值的指标数)';
COMMENT ON COLUMN v_score_inflation.missed IS 'of them, those whose target was missed (未达标指标数)';
COMMENT ON COLUMN v_score_inflation.missed_with_full_marks IS 'of them, those that were given full marks nevertheless (未达标得满分数)';
COMMENT ON COLUMN v_score_inflation.marks_for_missed IS 'marks given for missed targets, null where none was missed (未达标指标所得分)';
COMMENT ON COLUMN v_score_inflation.errors IS 'findings of severity error in the report (错误疑点数)';
COMMENT ON COLUMN v_score_inflation.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_score_inflation.document_id IS 'id of the document (文档编号)';

CREATE VIEW v_three_public AS
WITH stated AS MATERIALIZED (
    SELECT
        coalesce(p.department_number, CAST(md5(d.document) AS UUID)) AS department_id, p.department, d.document,
        x.item, x.year, x.role, x.measure, x.yuan, x.own_report
    FROM derived.three_public AS x
    JOIN documents AS d ON d.reading = x.reading
    LEFT JOIN derived.report_heads AS p ON p.reading = x.reading AND p.report_id = x.report_id
),
agreed AS (
    -- Most are stated alike wherever they are stated: nothing is to be chosen.
    SELECT
        department_id, item, year,
        min(department) AS department,
        max(yuan) FILTER (role = 'budget') AS budget_yuan,
        max(yuan) FILTER (role = 'executed') AS executed_yuan,
        bool_and(own_report) AS own_report,
        min(document) AS document,
        min(yuan) FILTER (role = 'budget') IS NOT DISTINCT FROM budget_yuan
            AND min(yuan) FILTER (role = 'executed') IS NOT DISTINCT FROM executed_yuan
            AND bool_or(own_report) = bool_and(own_report)
            AND min(measure) FILTER (role = 'budget') IS NOT DISTINCT FROM max(measure) FILTER (role = 'budget') AS alike
    FROM stated
    GROUP BY department_id, item, year
),
chosen AS (
    -- The year's own report before a later one, the full-year budget before the initial one, what is stated most often.
    SELECT
        s.department_id, s.item, s.year, s.role, s.measure, s.yuan, s.own_report,
        min(s.department) AS department, min(s.document) AS document
    FROM stated AS s
    SEMI JOIN (FROM agreed WHERE NOT alike) AS a
        ON a.department_id = s.department_id AND a.item = s.item AND a.year IS NOT DISTINCT FROM s.year
    GROUP BY s.department_id, s.item, s.year, s.role, s.measure, s.yuan, s.own_report
    QUALIFY row_number() OVER (
        PARTITION BY s.department_id, s.item, s.year, s.role
        ORDER BY s.own_report DESC, s.measure = 'initial_budget', count(*) DESC, s.yuan DESC
    ) = 1
),
years AS (
    FROM agreed SELECT * EXCLUDE (alike) WHERE alike
    UNION ALL
    SELECT
        department_id, item, year,
        min(department),
        max(yuan) FILTER (role = 'budget'),
        max(yuan) FILTER (role = 'executed'),
        bool_and(own_report),
        min(document)
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
LEFT JOIN years AS b ON b.department_id = y.department_id AND b.item = y.item AND b.year = y.year - 1;
COMMENT ON VIEW v_three_public IS 'Three public expenses year on year (三公经费增减), one row per department, year and item; figures of sub-units are left out.';
COMMENT ON COLUMN v_three_public.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_three_public.year IS 'year of the figures (年度)';
COMMENT ON COLUMN v_three_public.item IS 'item in one spelling: 三公经费合计, 公务接待费, 公务用车运行维护费 … (项目)';
COMMENT ON COLUMN v_three_public.budget_yuan IS 'full-year budget, else initial budget, yuan (预算数，元)';
COMMENT ON COLUMN v_three_public.executed_yuan IS 'amount spent, yuan (执行数，元)';
COMMENT ON COLUMN v_three_public.previous_yuan IS 'amount spent in the year before, as this view has it, yuan (上年执行数，元)';
COMMENT ON COLUMN v_three_public.change_yuan IS 'executed_yuan less previous_yuan, yuan (增减额，元)';
COMMENT ON COLUMN v_three_public.change_rate IS '100 · change_yuan / previous_yuan, percent (增减幅度，%)';
COMMENT ON COLUMN v_three_public.control_rate IS '100 · executed_yuan / budget_yuan, percent (三公经费控制率，%)';
COMMENT ON COLUMN v_three_public.own_report IS 'whether the figures stand in a report of that year; else a later report states them (是否出自当年报告)';
COMMENT ON COLUMN v_three_public.document IS 'document that the figures were taken from (文档名)';

CREATE VIEW v_finding_counts AS
WITH between_documents AS (
    -- Those come and go with jixiao check, and are few: they are counted when they are asked for.
    SELECT
        reading, department, year, kind,
        count(*) FILTER (severity = 'error') AS errors,
        count(*) FILTER (severity = 'warning') AS warnings,
        min({'severity': severity, 'start': "start", 'finding_id': finding_id}) AS first_of_them
    FROM derived.placed_findings
    WHERE other_document_id IS NOT NULL
    GROUP BY ALL
),
of_documents AS (
    SELECT reading, department, year, kind, errors, warnings, first_of_them, 1 AS documents
    FROM derived.finding_counts
    UNION ALL
    SELECT
        b.reading, b.department, b.year, b.kind, b.errors, b.warnings, b.first_of_them,
        CASE WHEN c.reading IS NULL THEN 1 ELSE 0 END
    FROM between_documents AS b
    LEFT JOIN derived.finding_counts AS c
        ON c.reading = b.reading AND c.kind = b.kind
        AND c.department IS NOT DISTINCT FROM b.department AND c.year IS NOT DISTINCT FROM b.year
),
counted AS (
    SELECT
        c.department,
        c.year,
        c.kind,
        sum(c.errors)::BIGINT AS errors,
        sum(c.warnings)::BIGINT AS warnings,
        sum(c.documents)::BIGINT AS documents,
        -- The first by these in their order. Only what finds it again is kept for each group: that takes half as long.
        arg_min(
            {'reading': c.reading, 'finding_id': c.first_of_them.finding_id},
            {
                'severity': c.first_of_them.severity, 'document': d.document, 'start': c.first_of_them."start",
                'finding_id': c.first_of_them.finding_id
            }
        ) AS example
    FROM of_documents AS c
    JOIN documents AS d ON d.reading = c.reading
    GROUP BY c.department, c.year, c.kind
)
SELECT
    c.department,
    c.year,
    c.kind,
    c.errors,
    c.warnings,
    c.documents,
    f.message AS example,
    f.message_en AS example_en,
    f.finding_id AS example_id
FROM counted AS c
JOIN findings AS f ON f.reading = c.example.reading AND f.finding_id = c.example.finding_id;
COMMENT ON VIEW v_finding_counts IS 'Findings by department, year and kind (疑点统计), with one example of each.';
COMMENT ON COLUMN v_finding_counts.department IS 'department under evaluation, null where a document is of several (被评价单位)';
COMMENT ON COLUMN v_finding_counts.year IS 'fiscal year of the report (评价年度)';
COMMENT ON COLUMN v_finding_counts.kind IS 'kind of finding, as in v_findings (类型)';
COMMENT ON COLUMN v_finding_counts.errors IS 'findings of severity error (错误)';
COMMENT ON COLUMN v_finding_counts.warnings IS 'findings of severity warning (警告)';
COMMENT ON COLUMN v_finding_counts.documents IS 'documents that they stand in (文档数)';
COMMENT ON COLUMN v_finding_counts.example IS 'the first of them in Chinese, an error where there is one (示例)';
COMMENT ON COLUMN v_finding_counts.example_en IS 'the same in English (英文示例)';
COMMENT ON COLUMN v_finding_counts.example_id IS 'its finding_id; jixiao trace shows its figures (示例编号)';

CREATE VIEW v_same_projects AS
SELECT
    s.group_id,
    s.suggested_name,
    s.score,
    p.department,
    p.year,
    p.project,
    p.full_year_budget_yuan,
    p.executed_yuan,
    p.stated_rate,
    p.recomputed_rate,
    p.document,
    p.section,
    p.record_id,
    p.document_id,
    p."start"
FROM same_projects AS s
JOIN v_projects AS p ON p.document_id = s.document_id AND p.record_id = s.record_id;
COMMENT ON VIEW v_same_projects IS 'Projects that seem to be one across years and tables (疑似同一项目): suggestions of jixiao match with their score, nothing is merged.';
COMMENT ON COLUMN v_same_projects.group_id IS 'the same for records that seem to be one project (分组编号)';
COMMENT ON COLUMN v_same_projects.suggested_name IS 'name of the group: the one that most records bear (建议名称)';
COMMENT ON COLUMN v_same_projects.score IS 'likeness of the record''s name to it, from 0 to 1; 1 but for year, white space and brackets the same (相似度)';
COMMENT ON COLUMN v_same_projects.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_same_projects.year IS 'fiscal year of the report (评价年度)';
COMMENT ON COLUMN v_same_projects.project IS 'name of the project as printed (项目名称)';
COMMENT ON COLUMN v_same_projects.full_year_budget_yuan IS 'full-year budget, yuan (全年预算数，元)';
COMMENT ON COLUMN v_same_projects.executed_yuan IS 'amount spent, yuan (全年执行数，元)';
COMMENT ON COLUMN v_same_projects.stated_rate IS 'rate of execution that the report states, percent (所述执行率，%)';
COMMENT ON COLUMN v_same_projects.recomputed_rate IS '100 · executed / full-year budget, percent (复算执行率，%)';
COMMENT ON COLUMN v_same_projects.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_same_projects.section IS 'heading or table caption it stands under (所在章节)';
COMMENT ON COLUMN v_same_projects.record_id IS 'id of the record; jixiao trace shows its source (记录编号)';
COMMENT ON COLUMN v_same_projects.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_same_projects."start" IS 'first code point of its quote, for reading order (起点)';

CREATE VIEW v_quarantine AS
SELECT
    d.document,
    p.department,
    p.year,
    q.record_type,
    q.code,
    q.reason,
    q.payload,
    array_to_string(c.path, ' › ') AS section,
    r.decision AS review,
    q.rejection_id,
    q.claim_id,
    q.report_id,
    q.chunk_id,
    q.document_id
FROM quarantine AS q
JOIN documents AS d ON q.reading = d.reading
LEFT JOIN chunks AS c ON c.reading = q.reading AND c.chunk_id = q.chunk_id
LEFT JOIN derived.report_heads AS p ON p.reading = q.reading AND p.report_id = q.report_id
LEFT JOIN v_decisions AS r ON r.subject = 'claim' AND r.subject_id = q.claim_id;
COMMENT ON VIEW v_quarantine IS 'Records that were kept out, each with its reason (隔离记录), of the current readings.';
COMMENT ON COLUMN v_quarantine.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_quarantine.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_quarantine.year IS 'fiscal year of the report (评价年度)';
COMMENT ON COLUMN v_quarantine.record_type IS 'record type that was claimed (记录类型)';
COMMENT ON COLUMN v_quarantine.code IS 'short name of the reason (原因代码)';
COMMENT ON COLUMN v_quarantine.reason IS 'why it was not accepted (原因)';
COMMENT ON COLUMN v_quarantine.payload IS 'the record as it was claimed (内容)';
COMMENT ON COLUMN v_quarantine.section IS 'headings that its chunk stands under (所在章节)';
COMMENT ON COLUMN v_quarantine.review IS 'accept 接受 or correct 更正: now a record; reject 拒绝: none of the report; null: not reviewed (复核)';
COMMENT ON COLUMN v_quarantine.rejection_id IS 'id of the rejection (隔离编号)';
COMMENT ON COLUMN v_quarantine.claim_id IS 'id of what is claimed, the same in every run (内容编号)';
COMMENT ON COLUMN v_quarantine.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_quarantine.chunk_id IS 'chunk that it was read from (文本块编号)';
COMMENT ON COLUMN v_quarantine.document_id IS 'id of the document (文档编号)';
