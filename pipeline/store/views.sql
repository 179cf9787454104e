-- The views of a jixiao database: what people ask. Each shows every document's current reading alone
-- (documents.extractor), so that two extractors in one file never count twice; the tables keep both.

CREATE MACRO percent_of(part, whole) AS
    -- 100 · part / whole to four decimals, half away from zero, in whole numbers: a DECIMAL division would be a DOUBLE.
    -- Null where whole is 0 or a figure is beyond 18 digits.
    CASE WHEN whole <> 0 THEN TRY(CAST(
        sign(part) * sign(whole) * (
            (2 * CAST(abs(part) * 10000000000 AS HUGEINT) * 1000000 + CAST(abs(whole) * 10000000000 AS HUGEINT))
            // (2 * CAST(abs(whole) * 10000000000 AS HUGEINT))
        ) AS DECIMAL(34, 0)) * CAST(0.0001 AS DECIMAL(4, 4)))
    END;
COMMENT ON MACRO percent_of IS '100 · part / whole in exact arithmetic, four decimals; null where whole is 0 (百分比)';

CREATE MACRO department_key(name) AS
    -- A name without white space and quotation marks, brackets in one form: 某某局 （本级） is 某某局(本级).
    translate(regexp_replace(name, '[\s　“”"‘’《》「」]', '', 'g'), '（）', '()');
COMMENT ON MACRO department_key IS 'the name of a department for comparing (单位名称的比较形式)';

CREATE MACRO is_departmental(kind, title) AS
    -- Whether a report is about a department as a whole: its own evaluation of it, or a third party's that says so.
    kind = 'overall_self_evaluation' OR (kind = 'third_party_evaluation' AND coalesce(contains(title, '整体'), false));
COMMENT ON MACRO is_departmental IS 'whether a report is about the whole department (是否部门整体评价)';

CREATE VIEW v_reports AS
SELECT
    d.document,
    r.report_id,
    first(r.kind ORDER BY r.quote_start) AS kind,
    first(r.title ORDER BY r.quote_start) FILTER (r.title IS NOT NULL) AS title,
    first(r.department ORDER BY r.quote_start) FILTER (r.department IS NOT NULL) AS department,
    first(r.evaluator ORDER BY r.quote_start) FILTER (r.evaluator IS NOT NULL) AS evaluator,
    first(r.fiscal_year ORDER BY r.quote_start) FILTER (r.fiscal_year IS NOT NULL) AS year,
    first(r.score ORDER BY r.quote_start) FILTER (r.score IS NOT NULL) AS score,
    first(r.max_score ORDER BY r.quote_start) FILTER (r.max_score IS NOT NULL) AS max_score,
    first(r.grade ORDER BY r.quote_start) FILTER (r.grade IS NOT NULL) AS grade,
    first(r.issued_on ORDER BY r.quote_start) FILTER (r.issued_on IS NOT NULL) AS issued_on,
    r.document_id,
    d.extractor
FROM current_reports AS r
JOIN documents AS d ON r.document_id = d.document_id
GROUP BY d.document, r.document_id, d.extractor, r.report_id;
COMMENT ON VIEW v_reports IS 'One row per report inside a document (报告): what its first record that says so states.';
COMMENT ON COLUMN v_reports.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_reports.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_reports.kind IS 'overall_self_evaluation 部门整体自评, special_fund_self_evaluation 专项自评, third_party_evaluation 第三方评价 (报告类型)';
COMMENT ON COLUMN v_reports.title IS 'title as printed (标题)';
COMMENT ON COLUMN v_reports.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_reports.evaluator IS 'third party that evaluates, null for a self-evaluation (评价机构)';
COMMENT ON COLUMN v_reports.year IS 'fiscal year under evaluation (评价年度)';
COMMENT ON COLUMN v_reports.score IS 'overall score (得分)';
COMMENT ON COLUMN v_reports.max_score IS 'full marks of that score (满分)';
COMMENT ON COLUMN v_reports.grade IS 'grade as printed (等级)';
COMMENT ON COLUMN v_reports.issued_on IS 'date of the report (日期)';
COMMENT ON COLUMN v_reports.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_reports.extractor IS 'extractor of the current reading (抽取器)';

CREATE VIEW v_records AS
SELECT
    d.document,
    r.record_type,
    r.record_id,
    r.label,
    coalesce(r.own_year, p.year) AS year,
    r.status,
    r.report_id,
    p.department,
    r.quote,
    r.quote_start,
    r.quote_stop,
    CASE WHEN r.extractor <> 'review' THEN a.decision ELSE b.decision END AS review,
    r.text_score,
    r.chunk_id,
    r.run_id,
    r.document_id,
    r.extractor
FROM (
/* every record table */
) AS r
JOIN documents AS d ON r.document_id = d.document_id
LEFT JOIN v_reports AS p ON p.document_id = r.document_id AND p.report_id = r.report_id
LEFT JOIN v_decisions AS a ON a.subject = 'record' AND a.subject_id = r.record_id
LEFT JOIN (SELECT result_id, max(decision) AS decision FROM v_decisions GROUP BY result_id) AS b ON b.result_id = r.record_id;
COMMENT ON VIEW v_records IS 'One row per record of any type (记录) with what it is called and where it stands.';
COMMENT ON COLUMN v_records.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_records.record_type IS 'table of the record (记录类型)';
COMMENT ON COLUMN v_records.record_id IS 'id of the record; jixiao trace shows its source (记录编号)';
COMMENT ON COLUMN v_records.label IS 'what the record is called: project name, last path label, finest indicator level … (名称)';
COMMENT ON COLUMN v_records.year IS 'year of the record, else the fiscal year of its report (年度)';
COMMENT ON COLUMN v_records.status IS 'accepted 接受, flagged 存疑 (状态)';
COMMENT ON COLUMN v_records.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_records.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_records.quote IS 'verbatim text that states it (原文)';
COMMENT ON COLUMN v_records.quote_start IS 'first code point of the quote, from 0 (原文起点)';
COMMENT ON COLUMN v_records.quote_stop IS 'code point after the quote (原文终点)';
COMMENT ON COLUMN v_records.review IS 'accept 接受 (a person saw that it is read well), correct 更正 (a person''s reading stands in its place), null: not reviewed (复核)';
COMMENT ON COLUMN v_records.text_score IS 'lowest likeness of its prose fields to the text, 1 is verbatim (文字相似度)';
COMMENT ON COLUMN v_records.chunk_id IS 'chunk that it was read from (文本块编号)';
COMMENT ON COLUMN v_records.run_id IS 'run that read it (运行编号)';
COMMENT ON COLUMN v_records.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_records.extractor IS 'extractor that read it (抽取器)';

CREATE VIEW v_values AS
SELECT
    r.document,
    r.record_type,
    r.record_id,
    l.field,
    r.label,
    l.printed AS literal,
    l.value,
    l.unit,
    l.yuan,
    r.year,
    l."start",
    l."stop",
    r.status,
    r.report_id,
    r.document_id,
    r.review
FROM literals AS l
JOIN v_records AS r ON l.document_id = r.document_id AND l.extractor = r.extractor AND l.record_id = r.record_id;
COMMENT ON VIEW v_values IS 'One row per printed figure of a record (数值). Always: substr(documents.text, start + 1, stop - start) = literal.';
COMMENT ON COLUMN v_values.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_values.record_type IS 'table of the record (记录类型)';
COMMENT ON COLUMN v_values.record_id IS 'id of the record; jixiao trace shows its source (记录编号)';
COMMENT ON COLUMN v_values.field IS 'field of the record that the figure fills (字段)';
COMMENT ON COLUMN v_values.label IS 'what the record is called: project name, last path label, finest indicator level … (名称)';
COMMENT ON COLUMN v_values.literal IS 'the figure as the document prints it, verbatim (原文数字)';
COMMENT ON COLUMN v_values.value IS 'the number it says, unit not applied (数值)';
COMMENT ON COLUMN v_values.unit IS 'unit as printed or declared, else null (计量单位)';
COMMENT ON COLUMN v_values.yuan IS 'amount in yuan, null unless money (折合元)';
COMMENT ON COLUMN v_values.year IS 'year of the record, else the fiscal year of its report (年度)';
COMMENT ON COLUMN v_values."start" IS 'first code point of the literal in the text, from 0 (起点)';
COMMENT ON COLUMN v_values."stop" IS 'code point after the literal (终点)';
COMMENT ON COLUMN v_values.status IS 'accepted 接受, flagged 存疑 (状态)';
COMMENT ON COLUMN v_values.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_values.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_values.review IS 'accept 接受, correct 更正, null: not reviewed (复核)';

CREATE VIEW v_findings AS
WITH misread AS (
    -- What rests on a figure that a person rejected, or read otherwise, is no defect of the report.
    SELECT DISTINCT x.extractor, x.finding_id
    FROM finding_literals AS x
    JOIN v_decisions AS r ON r.subject = 'record' AND r.subject_id = x.record_id
    LEFT JOIN literals AS l
        ON l.extractor = 'review' AND l.record_id = r.result_id AND l.field = x.field AND l."start" = x."start" AND l."stop" = x."stop"
    WHERE x.role <> 'witness' AND r.decision IN ('correct', 'reject') AND l.record_id IS NULL
),
figures AS (
    SELECT
        x.extractor,
        x.finding_id,
        list(x.role || ' ' || x.printed ORDER BY x.position) AS figures,
        list(DISTINCT x.record_id ORDER BY x.record_id) FILTER (x.record_id IS NOT NULL) AS record_ids,
        arg_min(x."start", x.position) FILTER (x.document_id = f.document_id) AS "start",
        arg_min(x."stop", x.position) FILTER (x.document_id = f.document_id) AS "stop",
        arg_min(x."start", x.position) FILTER (x.document_id = f.other_document_id) AS other_start,
        arg_min(x."stop", x.position) FILTER (x.document_id = f.other_document_id) AS other_stop
    FROM finding_literals AS x
    JOIN findings AS f ON x.extractor = f.extractor AND x.finding_id = f.finding_id
    GROUP BY x.extractor, x.finding_id
)
SELECT
    d.document,
    p.department,
    p.year,
    f.report_id,
    f.kind,
    f.severity,
    f.verdict,
    f.relation,
    f.message,
    f.message_en,
    f.stated,
    f.computed,
    f.slack,
    f.suggestion,
    f.suggestion_en,
    x.figures,
    x.record_ids,
    x."start",
    x."stop",
    o.document AS other_document,
    x.other_start,
    x.other_stop,
    f.finding_id,
    f.document_id,
    f.other_document_id
FROM findings AS f
JOIN documents AS d ON f.document_id = d.document_id AND f.extractor = d.extractor
LEFT JOIN documents AS o ON f.other_document_id = o.document_id
LEFT JOIN v_reports AS p ON p.document_id = f.document_id AND p.report_id = f.report_id
LEFT JOIN figures AS x ON x.extractor = f.extractor AND x.finding_id = f.finding_id
ANTI JOIN misread AS m ON m.extractor = f.extractor AND m.finding_id = f.finding_id;
COMMENT ON VIEW v_findings IS 'One row per defect of a report (疑点), with the figures that contradict each other, in one document or in two. What a review showed to be a misreading is in the table findings alone.';
COMMENT ON COLUMN v_findings.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_findings.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_findings.year IS 'fiscal year of the report (评价年度)';
COMMENT ON COLUMN v_findings.report_id IS 'report inside the document, null between reports (报告编号)';
COMMENT ON COLUMN v_findings.kind IS 'ratio 比率, sum 合计, difference 差额, growth 增幅, score_sum 得分, unit 单位, conflict 前后不一, direction 增减方向, count 项数, decimal_shift 小数点 (类型)';
COMMENT ON COLUMN v_findings.severity IS 'error 错误, warning 警告 (严重程度)';
COMMENT ON COLUMN v_findings.verdict IS 'what interval arithmetic says (结论)';
COMMENT ON COLUMN v_findings.relation IS 'name of the relation that was checked (勾稽关系)';
COMMENT ON COLUMN v_findings.message IS 'the finding in Chinese, with its numbers (说明)';
COMMENT ON COLUMN v_findings.message_en IS 'the finding in English (英文说明)';
COMMENT ON COLUMN v_findings.stated IS 'what the report states (报告所述)';
COMMENT ON COLUMN v_findings.computed IS 'what its other figures give (复算结果)';
COMMENT ON COLUMN v_findings.slack IS 'difference that rounding would explain (允许误差)';
COMMENT ON COLUMN v_findings.suggestion IS 'likely cause in Chinese, never applied (可能原因)';
COMMENT ON COLUMN v_findings.suggestion_en IS 'likely cause in English (英文可能原因)';
COMMENT ON COLUMN v_findings.figures IS 'the figures as printed, each after the part it plays (所涉数字)';
COMMENT ON COLUMN v_findings.record_ids IS 'records that hold them, null where none does (所涉记录)';
COMMENT ON COLUMN v_findings."start" IS 'first code point of the first figure (起点)';
COMMENT ON COLUMN v_findings."stop" IS 'code point after the first figure (终点)';
COMMENT ON COLUMN v_findings.other_document IS 'document that contradicts this one, null inside one document (另一文档)';
COMMENT ON COLUMN v_findings.other_start IS 'first code point of the first figure in the other document (另一文档中的起点)';
COMMENT ON COLUMN v_findings.other_stop IS 'code point after it (另一文档中的终点)';
COMMENT ON COLUMN v_findings.finding_id IS 'id of the finding (疑点编号)';
COMMENT ON COLUMN v_findings.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_findings.other_document_id IS 'id of the other document, null inside one document (另一文档编号)';

CREATE MACRO is_generic(label) AS
    -- A label made of these words alone (全年预算数, 部门总支出, 资金 / 合计) means the department as a whole. The pattern stands
    -- here as a whole: one that is put together for each row is compiled for each row.
    regexp_full_match(label, '(部门|单位|整体|全年|全部|年度|本年|当年|本|财政|总|年|项目|预算|决算|支出|资金|收支|使用|执行|完成|安排|合计|总计|数|额|金额)+');
COMMENT ON MACRO is_generic IS 'whether a label means the department as a whole (是否整体性名称)';

CREATE MACRO is_generic_rate(label) AS
    regexp_full_match(label, '(部门|单位|整体|全年|全部|年度|本年|当年|本|财政|总|年|项目|预算|决算|支出|资金|收支|使用|执行|完成|安排|合计|总计|数|额|金额)*(执行|完成)率');
COMMENT ON MACRO is_generic_rate IS 'whether a label means the rate of execution of the department as a whole (是否整体执行率)';

CREATE VIEW v_execution AS
WITH amounts AS (
    SELECT document_id, extractor, record_id, field, arg_min(yuan, "start") AS yuan
    FROM literals
    WHERE kind = 'money' AND field IN ('value', 'full_year_budget', 'executed')
    GROUP BY ALL
),
facts AS (
    SELECT
        b.document_id, b.extractor, b.report_id, coalesce(b.year, p.year) AS year, b.record_id, b.status, b.quote_start,
        b.value, b.unit, l.yuan,
        CASE b.measure WHEN 'full_year_budget' THEN 'budget' WHEN 'executed' THEN 'executed' ELSE 'rate' END AS role,
        CASE WHEN b.measure = 'rate' THEN b.path[:-2] ELSE b.path END AS labels,
        CASE WHEN b.measure = 'rate' THEN is_generic_rate(b.path[-1]) ELSE true END AS fits,
        coalesce(p.kind, '') = 'special_fund_self_evaluation' AS project_report
    FROM current_budget_facts AS b
    LEFT JOIN v_reports AS p ON p.document_id = b.document_id AND p.report_id = b.report_id
    LEFT JOIN amounts AS l
        ON l.document_id = b.document_id AND l.extractor = b.extractor AND l.record_id = b.record_id AND l.field = 'value'
    WHERE
        b.org IS NULL
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
        document_id, report_id, year, role, value, unit,
        max(yuan) AS yuan,
        count(*) AS times,
        min(quote_start) AS place,
        arg_min(record_id, quote_start) AS record_id,
        bool_or(status = 'flagged') AS flagged
    FROM whole
    GROUP BY document_id, report_id, year, role, value, unit
    QUALIFY row_number() OVER (
        PARTITION BY document_id, report_id, year, role
        ORDER BY unit IS NULL, times DESC, CASE WHEN role <> 'rate' THEN coalesce(max(yuan), value) END DESC NULLS LAST, place
    ) = 1
),
departments AS (
    SELECT
        document_id, report_id, year, 'department' AS scope, CAST(NULL AS VARCHAR) AS project,
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
    GROUP BY document_id, report_id, year
),
projects_of_reports AS (
    SELECT
        j.document_id, j.report_id, p.year, 'project' AS scope, j.name AS project,
        j.full_year_budget, j.full_year_budget_unit, b.yuan AS full_year_budget_yuan,
        j.executed, j.executed_unit, e.yuan AS executed_yuan,
        CASE WHEN coalesce(j.execution_rate_unit, '%') IN ('%', '％') THEN j.execution_rate_value END AS stated_rate,
        j.status,
        [j.record_id] AS record_ids,
        j.quote_start AS place
    FROM current_projects AS j
    LEFT JOIN v_reports AS p ON p.document_id = j.document_id AND p.report_id = j.report_id
    LEFT JOIN amounts AS b
        ON b.document_id = j.document_id AND b.extractor = j.extractor AND b.record_id = j.record_id
        AND b.field = 'full_year_budget'
    LEFT JOIN amounts AS e
        ON e.document_id = j.document_id AND e.extractor = j.extractor AND e.record_id = j.record_id AND e.field = 'executed'
    WHERE j.full_year_budget IS NOT NULL OR j.executed IS NOT NULL OR j.execution_rate IS NOT NULL
),
recomputed AS (
    SELECT
        *,
        CASE
            WHEN full_year_budget_yuan IS NOT NULL AND executed_yuan IS NOT NULL
                THEN percent_of(executed_yuan, full_year_budget_yuan)
            WHEN full_year_budget_unit IS NOT DISTINCT FROM executed_unit THEN percent_of(executed, full_year_budget)
        END AS recomputed_rate
    FROM (SELECT * FROM departments UNION ALL BY NAME SELECT * FROM projects_of_reports)
)
SELECT
    d.document,
    p.department,
    x.year,
    x.scope,
    x.project,
    x.full_year_budget,
    x.full_year_budget_unit,
    x.executed,
    x.executed_unit,
    x.full_year_budget_yuan,
    x.executed_yuan,
    x.stated_rate,
    x.recomputed_rate,
    CAST(x.stated_rate AS DECIMAL(38, 4)) - x.recomputed_rate AS difference,
    x.status,
    x.record_ids,
    x.report_id,
    x.document_id,
    x.place AS "start"
FROM recomputed AS x
JOIN documents AS d ON x.document_id = d.document_id
LEFT JOIN v_reports AS p ON p.document_id = x.document_id AND p.report_id = x.report_id;
COMMENT ON VIEW v_execution IS 'Budget execution (预算执行): one row per report and year for the department as a whole, one per project.';
COMMENT ON COLUMN v_execution.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_execution.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_execution.year IS 'year of the figures (年度)';
COMMENT ON COLUMN v_execution.scope IS 'department: totals from budget_facts 部门整体; project: one project 项目 (范围)';
COMMENT ON COLUMN v_execution.project IS 'name of the project, null for the department (项目名称)';
COMMENT ON COLUMN v_execution.full_year_budget IS 'full-year budget as printed; of a department, the total stated most often (全年预算数)';
COMMENT ON COLUMN v_execution.full_year_budget_unit IS 'its unit as printed or declared (全年预算数的单位)';
COMMENT ON COLUMN v_execution.executed IS 'amount spent as printed; of a department, the total stated most often (全年执行数)';
COMMENT ON COLUMN v_execution.executed_unit IS 'its unit as printed or declared (全年执行数的单位)';
COMMENT ON COLUMN v_execution.full_year_budget_yuan IS 'full-year budget in yuan, null where no unit is known (全年预算数折合元)';
COMMENT ON COLUMN v_execution.executed_yuan IS 'amount spent in yuan, null where no unit is known (全年执行数折合元)';
COMMENT ON COLUMN v_execution.stated_rate IS 'rate of execution that the report states, percent (所述执行率)';
COMMENT ON COLUMN v_execution.recomputed_rate IS '100 · executed / full_year_budget, percent; null where the budget is 0 or the units do not compare (复算执行率)';
COMMENT ON COLUMN v_execution.difference IS 'stated less recomputed rate, percentage points (差异)';
COMMENT ON COLUMN v_execution.status IS 'accepted 接受; flagged 存疑 where one of the records is (状态)';
COMMENT ON COLUMN v_execution.record_ids IS 'records that the row was made of (所据记录)';
COMMENT ON COLUMN v_execution.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_execution.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_execution."start" IS 'first code point of the first record, for reading order (起点)';

CREATE VIEW v_indicators AS
SELECT
    d.document,
    p.department,
    p.year,
    i."table",
    i.level1,
    i.level2,
    i.level3,
    i.level4,
    coalesce(i.level4, i.level3, i.level2, i.level1) AS label,
    i.target,
    i.target_op,
    i.target_value,
    i.target_unit,
    i.actual,
    i.actual_op,
    i.actual_value,
    i.actual_unit,
    i.weight,
    i.score,
    percent_of(i.score, i.weight) AS score_rate,
    i.deviation_reason,
    i.status,
    i.record_id,
    i.report_id,
    i.document_id,
    i.quote_start AS "start"
FROM current_indicators AS i
JOIN documents AS d ON i.document_id = d.document_id
LEFT JOIN v_reports AS p ON p.document_id = i.document_id AND p.report_id = i.report_id;
COMMENT ON VIEW v_indicators IS 'One row per performance indicator (绩效指标) with target, actual value and marks.';
COMMENT ON COLUMN v_indicators.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_indicators.department IS 'department under evaluation (被评价单位)';
COMMENT ON COLUMN v_indicators.year IS 'fiscal year of the report (评价年度)';
COMMENT ON COLUMN v_indicators."table" IS 'caption or heading of the table (所在表)';
COMMENT ON COLUMN v_indicators.level1 IS 'first-level name (一级指标)';
COMMENT ON COLUMN v_indicators.level2 IS 'second-level name (二级指标)';
COMMENT ON COLUMN v_indicators.level3 IS 'third-level name (三级指标)';
COMMENT ON COLUMN v_indicators.level4 IS 'fourth-level name (四级指标)';
COMMENT ON COLUMN v_indicators.label IS 'name of the finest level that is filled (指标名称)';
COMMENT ON COLUMN v_indicators.target IS 'target, verbatim (年度指标值)';
COMMENT ON COLUMN v_indicators.target_op IS 'bound that the target sets: ≥ ≤ > < =, else null (指标值的比较符)';
COMMENT ON COLUMN v_indicators.target_value IS 'number of the target where it is a single one (指标值的数值)';
COMMENT ON COLUMN v_indicators.target_unit IS 'unit of that number (指标值的单位)';
COMMENT ON COLUMN v_indicators.actual IS 'value reached, verbatim (实际完成值)';
COMMENT ON COLUMN v_indicators.actual_op IS 'bound that it is printed with, else null (完成值的比较符)';
COMMENT ON COLUMN v_indicators.actual_value IS 'number of the value reached where it is a single one (完成值的数值)';
COMMENT ON COLUMN v_indicators.actual_unit IS 'unit of that number (完成值的单位)';
COMMENT ON COLUMN v_indicators.weight IS 'full marks of the row (分值)';
COMMENT ON COLUMN v_indicators.score IS 'marks given (得分)';
COMMENT ON COLUMN v_indicators.score_rate IS '100 · score / weight, percent; null where the weight is 0 or absent (得分率)';
COMMENT ON COLUMN v_indicators.deviation_reason IS 'reason for deviation or deduction (偏差原因)';
COMMENT ON COLUMN v_indicators.status IS 'accepted 接受, flagged 存疑 (状态)';
COMMENT ON COLUMN v_indicators.record_id IS 'id of the record; jixiao trace shows its source (记录编号)';
COMMENT ON COLUMN v_indicators.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_indicators.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_indicators."start" IS 'first code point of its quote, for reading order (起点)';

CREATE VIEW v_coverage AS
WITH current AS (SELECT document_id, extractor FROM documents),
chunk_counts AS (
    SELECT
        document_id, extractor,
        count(*) AS chunks,
        count(*) FILTER (status = 'done') AS chunks_done,
        count(*) FILTER (status = 'empty') AS chunks_empty,
        count(*) FILTER (status = 'failed') AS chunks_failed
    FROM chunks SEMI JOIN current USING (document_id, extractor)
    GROUP BY ALL
),
record_counts AS (
    SELECT
        document_id,
        count(*) FILTER (status = 'accepted') AS accepted,
        count(*) FILTER (status = 'flagged') AS flagged
    FROM v_records
    GROUP BY ALL
),
rejections AS (
    SELECT q.document_id, q.extractor, count(*) AS quarantined
    FROM quarantine AS q
    SEMI JOIN current USING (document_id, extractor)
    ANTI JOIN v_decisions AS r ON r.subject_id = q.claim_id AND r.decision <> 'reject'
    GROUP BY ALL
),
rejected AS (
    SELECT v.document_id, count(*) AS rejected
    FROM v_read_records AS v
    JOIN v_decisions AS r ON r.subject_id = v.record_id AND r.decision = 'reject'
    GROUP BY ALL
),
finding_counts AS (
    SELECT document_id, count(*) AS findings
    FROM v_findings
    WHERE other_document_id IS NULL
    GROUP BY ALL
),
claimed AS (
    -- A figure that two records share is claimed once.
    SELECT document_id, extractor, count(DISTINCT ("start", "stop")) AS figures
    FROM literals SEMI JOIN current USING (document_id, extractor)
    WHERE kind IN ('money', 'percent')
    GROUP BY ALL
),
left_over AS (
    SELECT
        document_id, extractor,
        count(*) FILTER (kind IN ('money', 'percent')) AS figures,
        count(*) FILTER (kind NOT IN ('money', 'percent')) AS parts
    FROM unclaimed SEMI JOIN current USING (document_id, extractor)
    GROUP BY ALL
)
SELECT
    d.document,
    d.extractor,
    d.characters,
    coalesce(c.chunks, 0) AS chunks,
    coalesce(c.chunks_done, 0) AS chunks_done,
    coalesce(c.chunks_empty, 0) AS chunks_empty,
    coalesce(c.chunks_failed, 0) AS chunks_failed,
    coalesce(r.accepted, 0) + coalesce(r.flagged, 0) AS records,
    coalesce(r.accepted, 0) AS accepted,
    coalesce(r.flagged, 0) AS flagged,
    coalesce(q.quarantined, 0) AS quarantined,
    coalesce(f.findings, 0) AS findings,
    coalesce(l.figures, 0) AS claimed,
    coalesce(u.figures, 0) AS unclaimed,
    percent_of(coalesce(l.figures, 0), coalesce(l.figures, 0) + coalesce(u.figures, 0)) AS share_claimed,
    coalesce(u.parts, 0) AS unclaimed_parts,
    coalesce(w.rejected, 0) AS rejected,
    d.run_id,
    d.read_at,
    d.document_id
FROM documents AS d
LEFT JOIN chunk_counts AS c USING (document_id, extractor)
LEFT JOIN record_counts AS r USING (document_id)
LEFT JOIN rejections AS q USING (document_id, extractor)
LEFT JOIN finding_counts AS f USING (document_id)
LEFT JOIN claimed AS l USING (document_id, extractor)
LEFT JOIN left_over AS u USING (document_id, extractor)
LEFT JOIN rejected AS w USING (document_id);
COMMENT ON VIEW v_coverage IS 'One row per document: the balance of its reading (完整性), so that nothing is lost in silence.';
COMMENT ON COLUMN v_coverage.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_coverage.extractor IS 'extractor of the current reading (抽取器)';
COMMENT ON COLUMN v_coverage.characters IS 'length of the text in code points (字符数)';
COMMENT ON COLUMN v_coverage.chunks IS 'chunks that the text was read in (文本块数)';
COMMENT ON COLUMN v_coverage.chunks_done IS 'chunks that gave records (完成)';
COMMENT ON COLUMN v_coverage.chunks_empty IS 'chunks that hold no record (无记录)';
COMMENT ON COLUMN v_coverage.chunks_failed IS 'chunks that could not be read (失败)';
COMMENT ON COLUMN v_coverage.records IS 'records stored: accepted and flagged (记录数)';
COMMENT ON COLUMN v_coverage.accepted IS 'records that nothing contradicts (接受)';
COMMENT ON COLUMN v_coverage.flagged IS 'records that the report itself contradicts (存疑)';
COMMENT ON COLUMN v_coverage.quarantined IS 'records kept out with a reason (隔离)';
COMMENT ON COLUMN v_coverage.findings IS 'contradictions of the report with itself that were found (疑点数)';
COMMENT ON COLUMN v_coverage.claimed IS 'money and percent figures that fill a field of a record, each place once (已认领数字)';
COMMENT ON COLUMN v_coverage.unclaimed IS 'money and percent figures of the text that no record claims (未认领数字)';
COMMENT ON COLUMN v_coverage.share_claimed IS '100 · claimed / (claimed + unclaimed), percent; null where there is none (认领率)';
COMMENT ON COLUMN v_coverage.unclaimed_parts IS 'table rows and other parts of the layout that no record claims (未认领行)';
COMMENT ON COLUMN v_coverage.rejected IS 'records that a person found to be none of the report, in no view of records (复核拒绝)';
COMMENT ON COLUMN v_coverage.run_id IS 'run of the current reading (运行编号)';
COMMENT ON COLUMN v_coverage.read_at IS 'when it was stored, UTC (读取时间)';
COMMENT ON COLUMN v_coverage.document_id IS 'id of the document (文档编号)';

CREATE VIEW v_run_costs AS
SELECT
    r.run_id,
    r.started_at,
    r.status,
    r.extractor,
    r.model,
    r.documents,
    r.characters,
    len(r.failures) AS failed,
    count(c.call_id)::INTEGER AS calls,
    count(c.call_id) FILTER (c.error IS NOT NULL)::INTEGER AS calls_failed,
    coalesce(sum(c.prompt_tokens), 0)::BIGINT AS prompt_tokens,
    coalesce(sum(c.cached_tokens), 0)::BIGINT AS cached_tokens,
    coalesce(sum(c.completion_tokens), 0)::BIGINT AS completion_tokens,
    sum(c.cost)::DECIMAL(38, 10) AS cost,
    max(c.currency) AS currency,
    coalesce(sum(c.seconds), 0)::DECIMAL(38, 10) AS call_seconds,
    CAST(date_diff('millisecond', r.started_at, r.finished_at) AS DECIMAL(18, 0)) * CAST(0.001 AS DECIMAL(3, 3)) AS wall_seconds
FROM runs AS r
LEFT JOIN llm_calls AS c USING (run_id)
GROUP BY ALL;
COMMENT ON VIEW v_run_costs IS 'One row per run: what it cost in calls, tokens, money and time (运行成本), also for readings that were replaced since.';
COMMENT ON COLUMN v_run_costs.run_id IS 'id of the run (运行编号)';
COMMENT ON COLUMN v_run_costs.started_at IS 'start, UTC (开始时间)';
COMMENT ON COLUMN v_run_costs.status IS 'running 运行中, done 完成, failed 部分文档失败, stopped 主动停止, interrupted 中断 (状态)';
COMMENT ON COLUMN v_run_costs.extractor IS 'extractor that was asked for (抽取器)';
COMMENT ON COLUMN v_run_costs.model IS 'language model, null without one (模型)';
COMMENT ON COLUMN v_run_costs.documents IS 'documents stored (已入库文档数)';
COMMENT ON COLUMN v_run_costs.characters IS 'code points of the documents stored (已入库字符数)';
COMMENT ON COLUMN v_run_costs.failed IS 'files that failed (失败文件数)';
COMMENT ON COLUMN v_run_costs.calls IS 'attempts at a model endpoint, failed ones included (调用次数)';
COMMENT ON COLUMN v_run_costs.calls_failed IS 'those of them that brought no usable reply (失败调用次数)';
COMMENT ON COLUMN v_run_costs.prompt_tokens IS 'tokens sent (输入词元数)';
COMMENT ON COLUMN v_run_costs.cached_tokens IS 'those of them that the endpoint had cached (缓存命中词元数)';
COMMENT ON COLUMN v_run_costs.completion_tokens IS 'tokens received (输出词元数)';
COMMENT ON COLUMN v_run_costs.cost IS 'cost at the prices of the settings, null without prices (费用)';
COMMENT ON COLUMN v_run_costs.currency IS 'currency of the prices, null without prices (币种)';
COMMENT ON COLUMN v_run_costs.call_seconds IS 'seconds spent in calls, added up over parallel ones (调用秒数)';
COMMENT ON COLUMN v_run_costs.wall_seconds IS 'seconds from start to end, interruptions included, null while running (运行秒数)';
