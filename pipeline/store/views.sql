-- The views of a jixiao database: what people ask. Each shows every document's current reading alone
-- (documents.extractor), so that two extractors in one file never count twice; the tables keep both.

CREATE VIEW v_reports AS
SELECT
    d.document,
    h.report_id,
    h.kind,
    h.title,
    h.department,
    h.evaluator,
    h.year,
    h.score,
    h.max_score,
    h.grade,
    h.issued_on,
    d.document_id,
    d.extractor
FROM derived.report_heads AS h
JOIN documents AS d ON d.reading = h.reading;
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
    r.document,
    r.record_type,
    r.record_id,
    r.label,
    coalesce(r.own_year, r.report_year) AS year,
    r.status,
    r.report_id,
    r.report_department AS department,
    r.quote,
    r.quote_start,
    r.quote_stop,
    r.review,
    r.text_score,
    r.chunk_id,
    r.run_id,
    r.document_id,
    r.extractor
FROM (
/* every record table */
) AS r
WHERE r.stands AND r.current;
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
-- The rows of one table alone, so that the first of many million are found before the rest of their columns is read.
SELECT
    l.document,
    l.record_type,
    l.record_id,
    l.field,
    l.label,
    l.printed AS literal,
    l.value,
    l.unit,
    l.yuan,
    l.year,
    l."start",
    l."stop",
    l.status,
    l.report_id,
    l.document_id,
    l.review
FROM literals AS l
WHERE l.stands AND l.current;
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
    f.figures,
    f.record_ids,
    f."start",
    f."stop",
    o.document AS other_document,
    f.other_start,
    f.other_stop,
    f.finding_id,
    f.document_id,
    f.other_document_id
FROM findings AS f
JOIN documents AS d ON f.reading = d.reading
LEFT JOIN documents AS o ON f.other_document_id = o.document_id
LEFT JOIN derived.report_heads AS p ON p.reading = f.reading AND p.report_id = f.report_id
WHERE f.stands;
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

CREATE VIEW v_execution AS
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
    x.difference,
    x.status,
    x.record_ids,
    x.report_id,
    d.document_id,
    x.place AS "start"
FROM derived.execution AS x
JOIN documents AS d ON x.reading = d.reading
LEFT JOIN derived.report_heads AS p ON p.reading = x.reading AND p.report_id = x.report_id;
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
FROM indicators AS i
JOIN documents AS d ON i.reading = d.reading
LEFT JOIN derived.report_heads AS p ON p.reading = i.reading AND p.report_id = i.report_id
WHERE i.stands;
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
SELECT
    d.document,
    d.extractor,
    d.characters,
    c.chunks,
    c.chunks_done,
    c.chunks_empty,
    c.chunks_failed,
    c.accepted + c.flagged AS records,
    c.accepted,
    c.flagged,
    c.quarantined,
    c.findings,
    c.claimed,
    c.unclaimed,
    percent_of(c.claimed, c.claimed + c.unclaimed) AS share_claimed,
    c.unclaimed_parts,
    c.rejected,
    d.run_id,
    d.read_at,
    d.document_id
FROM documents AS d
JOIN derived.coverage AS c ON c.reading = d.reading;
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
