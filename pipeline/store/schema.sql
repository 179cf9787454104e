-- The tables of a jixiao database that are not generated from the record models (those follow in records.py); those of what
-- models were asked stand in asking.sql.
-- Figures are DECIMAL(38, 10), never DOUBLE; times are TIMESTAMP in UTC; places are half-open ranges of code points.
-- A row belongs to a document, and to the extractor that read it: two extractors stand side by side in one file.
-- Every row of a reading bears its number, which grows with each reading that is written: rows of one reading lie side by
-- side, so that a question for some documents looks at their part of a table alone. The large tables have no PRIMARY KEY:
-- its index would be three quarters of the file and most of the time of writing it. Ids follow from content, a reading is
-- there once (readings) and its rows are counted, so that one that was lost or written twice shows (accounts.py).

CREATE TABLE schema_version (
    tables INTEGER NOT NULL,
    records INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE schema_version IS 'One row: the version of this file (版本). jixiao opens only files of its own version.';
COMMENT ON COLUMN schema_version.tables IS 'version of the tables and views (库表版本)';
COMMENT ON COLUMN schema_version.records IS 'version of the record types (记录类型版本)';
COMMENT ON COLUMN schema_version.created_at IS 'when the file was made, UTC (建库时间)';

CREATE TABLE documents (
    document_id VARCHAR PRIMARY KEY,
    document VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    aliases VARCHAR[] NOT NULL,
    sha256 VARCHAR NOT NULL,
    encoding VARCHAR NOT NULL,
    characters INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    drawn VARCHAR NOT NULL,
    reading BIGINT NOT NULL,
    extractor VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    read_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE documents IS 'One row per report file (文档), told apart by content: two files of the same bytes are one document.';
COMMENT ON COLUMN documents.document_id IS 'id that follows from the bytes of the file alone (文档编号)';
COMMENT ON COLUMN documents.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN documents.path IS 'absolute path that the file was last read from (路径)';
COMMENT ON COLUMN documents.aliases IS 'other paths at which the same content was found (同内容的其他路径)';
COMMENT ON COLUMN documents.sha256 IS 'SHA-256 of the bytes of the file (文件指纹)';
COMMENT ON COLUMN documents.encoding IS 'encoding that the file was decoded with (编码)';
COMMENT ON COLUMN documents.characters IS 'length of the text in code points (字符数)';
COMMENT ON COLUMN documents.text IS 'canonical text; every start and stop counts its code points from 0 (正文)';
COMMENT ON COLUMN documents.drawn IS 'tables and pages that the file itself draws, the places of lines on its pages, and remarks on it, as JSON with places in the text (文件自带的表格与页)';
COMMENT ON COLUMN documents.reading IS 'number of the current reading, in readings (当前读取序号)';
COMMENT ON COLUMN documents.extractor IS 'extractor whose reading is current: the one that read last; the views show it alone (当前抽取器)';
COMMENT ON COLUMN documents.run_id IS 'run of the current reading (运行编号)';
COMMENT ON COLUMN documents.read_at IS 'when the current reading was stored, UTC (读取时间)';

CREATE TABLE readings (
    reading BIGINT PRIMARY KEY,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    rows MAP(VARCHAR, INTEGER) NOT NULL,
    UNIQUE (document_id, extractor)
);
COMMENT ON TABLE readings IS 'One row per document and extractor that read it (读取): whose rows the numbers of the other tables stand for.';
COMMENT ON COLUMN readings.reading IS 'number of the reading, higher than all before it (读取序号)';
COMMENT ON COLUMN readings.document_id IS 'document that was read (文档编号)';
COMMENT ON COLUMN readings.extractor IS 'extractor that read it (抽取器)';
COMMENT ON COLUMN readings.run_id IS 'run that read it (运行编号)';
COMMENT ON COLUMN readings.rows IS 'how many rows it has in each table; what a person decided adds none (各表行数)';

CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    status VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    model VARCHAR,
    inputs VARCHAR[] NOT NULL,
    settings VARCHAR NOT NULL,
    documents INTEGER NOT NULL,
    characters BIGINT NOT NULL,
    failures VARCHAR[] NOT NULL,
    continued INTEGER NOT NULL
);
COMMENT ON TABLE runs IS 'One row per run of jixiao (运行). Counts grow with each document stored and outlive the readings that later runs replace.';
COMMENT ON COLUMN runs.run_id IS 'id of the run (运行编号)';
COMMENT ON COLUMN runs.started_at IS 'start, UTC (开始时间)';
COMMENT ON COLUMN runs.finished_at IS 'end, UTC; null while running or when interrupted (结束时间)';
COMMENT ON COLUMN runs.status IS 'running 运行中, done 完成, failed 部分文档失败, stopped 主动停止, interrupted 中断 (状态)';
COMMENT ON COLUMN runs.extractor IS 'extractor that was asked for (抽取器)';
COMMENT ON COLUMN runs.model IS 'language model, null without one (模型)';
COMMENT ON COLUMN runs.inputs IS 'files and folders that were asked for (输入)';
COMMENT ON COLUMN runs.settings IS 'settings of the run as a JSON object, without secrets (设置)';
COMMENT ON COLUMN runs.documents IS 'documents stored (已入库文档数)';
COMMENT ON COLUMN runs.characters IS 'code points of the documents stored (已入库字符数)';
COMMENT ON COLUMN runs.failures IS 'files that failed, each as path: reason (失败文件及原因)';
COMMENT ON COLUMN runs.continued IS 'how often the run was killed and went on where it stood (中断后续跑次数)';

CREATE TABLE chunks (
    chunk_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    report_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "stop" INTEGER NOT NULL,
    path VARCHAR[] NOT NULL,
    record_types VARCHAR[] NOT NULL,
    status VARCHAR NOT NULL,
    drafts INTEGER NOT NULL,
    reason VARCHAR,
    reading BIGINT NOT NULL
);
COMMENT ON TABLE chunks IS 'One row per piece of a document that was read at once (文本块), and how its reading ended.';
COMMENT ON COLUMN chunks.chunk_id IS 'id of the chunk in its document (文本块编号)';
COMMENT ON COLUMN chunks.document_id IS 'document it is a piece of (文档编号)';
COMMENT ON COLUMN chunks.extractor IS 'extractor that read it (抽取器)';
COMMENT ON COLUMN chunks.run_id IS 'run that read it (运行编号)';
COMMENT ON COLUMN chunks.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN chunks.position IS 'place in reading order (顺序号)';
COMMENT ON COLUMN chunks."start" IS 'first code point of its own text, from 0 (起点)';
COMMENT ON COLUMN chunks."stop" IS 'code point after its last (终点)';
COMMENT ON COLUMN chunks.path IS 'headings that it stands under (标题路径)';
COMMENT ON COLUMN chunks.record_types IS 'record types that its layout can hold (可能的记录类型)';
COMMENT ON COLUMN chunks.status IS 'done 完成, empty 无记录, failed 失败 (状态)';
COMMENT ON COLUMN chunks.drafts IS 'records that the extractor claimed in it, before grounding (草稿记录数)';
COMMENT ON COLUMN chunks.reason IS 'why it failed, else null (失败原因)';
COMMENT ON COLUMN chunks.reading IS 'number of the reading that it belongs to, in readings (读取序号)';

CREATE TABLE literals (
    literal_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    record_type VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    printed VARCHAR NOT NULL,
    value DECIMAL(38, 10) NOT NULL,
    decimals INTEGER NOT NULL,
    unit VARCHAR,
    kind VARCHAR NOT NULL,
    exponent INTEGER,
    yuan DECIMAL(38, 10),
    exact BOOLEAN NOT NULL,
    "start" INTEGER NOT NULL,
    "stop" INTEGER NOT NULL,
    unit_source VARCHAR NOT NULL,
    unit_start INTEGER,
    unit_stop INTEGER,
    ocr_confidence DECIMAL(4, 3),
    reading BIGINT NOT NULL,
    label VARCHAR,
    own_year INTEGER,
    status VARCHAR NOT NULL,
    report_id VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    year INTEGER,
    stands BOOLEAN NOT NULL DEFAULT true,
    review VARCHAR,
    current BOOLEAN NOT NULL DEFAULT true
);
COMMENT ON TABLE literals IS 'One row per printed figure of a record (数字), with the place where it stands in the text.';
COMMENT ON COLUMN literals.literal_id IS 'id that follows from the record and field (数字编号)';
COMMENT ON COLUMN literals.document_id IS 'document that prints it (文档编号)';
COMMENT ON COLUMN literals.extractor IS 'extractor that read it (抽取器)';
COMMENT ON COLUMN literals.record_type IS 'table of its record (记录类型)';
COMMENT ON COLUMN literals.record_id IS 'record that it belongs to (记录编号)';
COMMENT ON COLUMN literals.field IS 'field of the record (字段)';
COMMENT ON COLUMN literals.printed IS 'verbatim text from start to stop (原文数字)';
COMMENT ON COLUMN literals.value IS 'the number it says, unit not applied (数值)';
COMMENT ON COLUMN literals.decimals IS 'digits printed after the decimal point: 95.50 has 2 (小数位数)';
COMMENT ON COLUMN literals.unit IS 'unit as printed or declared, else null (计量单位)';
COMMENT ON COLUMN literals.kind IS 'by its unit: money 金额, percent 百分比, number 其他 (类别)';
COMMENT ON COLUMN literals.exponent IS 'power of ten from the unit to yuan, null unless money: 万元 is 4 (元的幂次)';
COMMENT ON COLUMN literals.yuan IS 'amount in yuan, null unless money, or beyond 28 digits (折合元)';
COMMENT ON COLUMN literals.exact IS 'whether it stands for itself alone: counts, weights, scores, a printed 0 (是否精确)';
COMMENT ON COLUMN literals."start" IS 'first code point of its digits, from 0 (起点)';
COMMENT ON COLUMN literals."stop" IS 'code point after its digits (终点)';
COMMENT ON COLUMN literals.unit_source IS 'where the unit was read: adjacent 紧邻, header 表头, caption 标题, none 无 (单位来源)';
COMMENT ON COLUMN literals.unit_start IS 'first code point of the unit, null where none is printed (单位起点)';
COMMENT ON COLUMN literals.unit_stop IS 'code point after the unit (单位终点)';
COMMENT ON COLUMN literals.ocr_confidence IS 'confidence from 0 to 1 with which it was read off a picture (OCR), that of its least certain digit; null where the file gives text (识别置信度)';
COMMENT ON COLUMN literals.reading IS 'number of the reading that it belongs to, in readings (读取序号)';
COMMENT ON COLUMN literals.label IS 'what its record is called (名称)';
COMMENT ON COLUMN literals.own_year IS 'year that its record states, null where it states none (所述年度)';
COMMENT ON COLUMN literals.status IS 'accepted 接受, flagged 存疑, as its record (状态)';
COMMENT ON COLUMN literals.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN literals.stands IS 'whether its record stands after review (是否有效)';
COMMENT ON COLUMN literals.document IS 'stem of the document''s file name (文档名)';
COMMENT ON COLUMN literals.year IS 'year that its record states, else the fiscal year of its report (年度)';
COMMENT ON COLUMN literals.review IS 'what a person decided about its record, null where nobody did (复核)';
COMMENT ON COLUMN literals.current IS 'whether its reading is the document''s current one (是否当前读取)';

CREATE TABLE findings (
    finding_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    report_id VARCHAR,
    other_document_id VARCHAR,
    kind VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    message_en VARCHAR NOT NULL,
    stated VARCHAR NOT NULL,
    computed VARCHAR NOT NULL,
    slack DECIMAL(38, 10),
    suggestion VARCHAR,
    suggestion_en VARCHAR,
    reading BIGINT NOT NULL,
    figures VARCHAR[],
    record_ids VARCHAR[],
    "start" INTEGER,
    "stop" INTEGER,
    other_start INTEGER,
    other_stop INTEGER,
    stands BOOLEAN NOT NULL DEFAULT true
);
COMMENT ON TABLE findings IS 'One row per defect of a report (疑点): where what it states contradicts itself, or another report of this file.';
COMMENT ON COLUMN findings.finding_id IS 'id that follows from what is found and where (疑点编号)';
COMMENT ON COLUMN findings.document_id IS 'document that prints the doubted figure (文档编号)';
COMMENT ON COLUMN findings.extractor IS 'extractor whose reading was checked (抽取器)';
COMMENT ON COLUMN findings.run_id IS 'run that found it, or check (checks.check_id) that did (运行编号)';
COMMENT ON COLUMN findings.report_id IS 'report inside the document, null between reports (报告编号)';
COMMENT ON COLUMN findings.other_document_id IS 'document that contradicts it, found by jixiao check; null inside one document (另一文档编号)';
COMMENT ON COLUMN findings.kind IS 'ratio 比率, sum 合计, difference 差额, growth 增幅, score_sum 得分, unit 单位, conflict 前后不一, direction 增减方向, count 项数, decimal_shift 小数点 (类型)';
COMMENT ON COLUMN findings.severity IS 'error 错误, warning 警告 (严重程度)';
COMMENT ON COLUMN findings.verdict IS 'what interval arithmetic says: inconsistent 不一致 and others (结论)';
COMMENT ON COLUMN findings.relation IS 'name of the relation that was checked (勾稽关系)';
COMMENT ON COLUMN findings.message IS 'the finding in Chinese, with its numbers (说明)';
COMMENT ON COLUMN findings.message_en IS 'the finding in English (英文说明)';
COMMENT ON COLUMN findings.stated IS 'what the report states (报告所述)';
COMMENT ON COLUMN findings.computed IS 'what its other figures give (复算结果)';
COMMENT ON COLUMN findings.slack IS 'difference that rounding would explain, to ten decimals (允许误差)';
COMMENT ON COLUMN findings.suggestion IS 'likely cause in Chinese, never applied (可能原因)';
COMMENT ON COLUMN findings.suggestion_en IS 'likely cause in English (英文可能原因)';
COMMENT ON COLUMN findings.reading IS 'number of the reading that it belongs to, in readings (读取序号)';
COMMENT ON COLUMN findings.figures IS 'its figures, each as role and printed text (所涉数字)';
COMMENT ON COLUMN findings.record_ids IS 'records that they belong to (所涉记录)';
COMMENT ON COLUMN findings."start" IS 'first code point of its first figure (起点)';
COMMENT ON COLUMN findings."stop" IS 'code point after that figure (终点)';
COMMENT ON COLUMN findings.other_start IS 'first code point of its first figure in the other document (另一文档的起点)';
COMMENT ON COLUMN findings.other_stop IS 'code point after that figure (另一文档的终点)';
COMMENT ON COLUMN findings.stands IS 'whether it stands after review: false where it rests on a figure that a person found misread (是否有效)';

CREATE TABLE finding_literals (
    finding_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    printed VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "stop" INTEGER NOT NULL,
    record_id VARCHAR,
    field VARCHAR,
    reading BIGINT NOT NULL,
    stands BOOLEAN NOT NULL DEFAULT true
);
COMMENT ON TABLE finding_literals IS 'One row per printed figure of a finding (疑点中的数字) and the part it plays.';
COMMENT ON COLUMN finding_literals.finding_id IS 'finding that it belongs to (疑点编号)';
COMMENT ON COLUMN finding_literals.document_id IS 'document that prints it (文档编号)';
COMMENT ON COLUMN finding_literals.extractor IS 'extractor whose reading was checked (抽取器)';
COMMENT ON COLUMN finding_literals.position IS 'order in the finding, from 0 (顺序号)';
COMMENT ON COLUMN finding_literals.role IS 'part it plays: stated, part, whole … (角色)';
COMMENT ON COLUMN finding_literals.printed IS 'the figure as printed (原文数字)';
COMMENT ON COLUMN finding_literals."start" IS 'first code point, from 0 (起点)';
COMMENT ON COLUMN finding_literals."stop" IS 'code point after its last (终点)';
COMMENT ON COLUMN finding_literals.record_id IS 'record that holds it, null where none does (记录编号)';
COMMENT ON COLUMN finding_literals.field IS 'field of that record (字段)';
COMMENT ON COLUMN finding_literals.reading IS 'number of the reading of the document that prints it, in readings (读取序号)';
COMMENT ON COLUMN finding_literals.stands IS 'whether its finding stands after review (是否有效)';

CREATE TABLE checks (
    check_id VARCHAR PRIMARY KEY,
    checked_at TIMESTAMP NOT NULL,
    documents INTEGER NOT NULL,
    departments INTEGER NOT NULL,
    compared INTEGER NOT NULL,
    findings INTEGER NOT NULL
);
COMMENT ON TABLE checks IS 'One row per jixiao check (跨文档核对). The findings between documents are those of the last one.';
COMMENT ON COLUMN checks.check_id IS 'id of the check (核对编号)';
COMMENT ON COLUMN checks.checked_at IS 'when, UTC (核对时间)';
COMMENT ON COLUMN checks.documents IS 'documents of departments that have several (参与核对的文档数)';
COMMENT ON COLUMN checks.departments IS 'departments with reports in several documents (有多份报告的单位数)';
COMMENT ON COLUMN checks.compared IS 'quantities that several documents state (比对的数字数)';
COMMENT ON COLUMN checks.findings IS 'contradictions found (疑点数)';

CREATE TABLE same_projects (
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    group_id VARCHAR NOT NULL,
    suggested_name VARCHAR NOT NULL,
    score DECIMAL(7, 6) NOT NULL,
    reading BIGINT NOT NULL
);
COMMENT ON TABLE same_projects IS 'One row per project record that seems to be the same project as others (疑似同一项目): suggestions of jixiao match.';
COMMENT ON COLUMN same_projects.document_id IS 'document of the record (文档编号)';
COMMENT ON COLUMN same_projects.extractor IS 'extractor that read the record (抽取器)';
COMMENT ON COLUMN same_projects.record_id IS 'record of projects (记录编号)';
COMMENT ON COLUMN same_projects.group_id IS 'the same for records that seem to be one project (分组编号)';
COMMENT ON COLUMN same_projects.suggested_name IS 'name of the group: the one that most records bear (建议名称)';
COMMENT ON COLUMN same_projects.score IS 'likeness of the record''s name to it, from 0 to 1 (相似度)';
COMMENT ON COLUMN same_projects.reading IS 'number of the reading that it belongs to, in readings (读取序号)';

CREATE TABLE quarantine (
    rejection_id VARCHAR NOT NULL,
    claim_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    report_id VARCHAR NOT NULL,
    chunk_id VARCHAR NOT NULL,
    record_type VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    payload VARCHAR NOT NULL,
    raw VARCHAR,
    reading BIGINT NOT NULL
);
COMMENT ON TABLE quarantine IS 'One row per record that was not accepted (隔离记录): kept with its reason, out of the record tables.';
COMMENT ON COLUMN quarantine.rejection_id IS 'id that follows from what was rejected and why (隔离编号)';
COMMENT ON COLUMN quarantine.claim_id IS 'id that follows from the document and what is claimed alone, whatever the reason: reviews name it (内容编号)';
COMMENT ON COLUMN quarantine.document_id IS 'document that it was read from (文档编号)';
COMMENT ON COLUMN quarantine.extractor IS 'extractor that claimed it (抽取器)';
COMMENT ON COLUMN quarantine.run_id IS 'run that claimed it (运行编号)';
COMMENT ON COLUMN quarantine.report_id IS 'report inside the document (报告编号)';
COMMENT ON COLUMN quarantine.chunk_id IS 'chunk that it was read from (文本块编号)';
COMMENT ON COLUMN quarantine.record_type IS 'record type that was claimed (记录类型)';
COMMENT ON COLUMN quarantine.code IS 'short name of the reason (原因代码)';
COMMENT ON COLUMN quarantine.reason IS 'why it was not accepted (原因)';
COMMENT ON COLUMN quarantine.payload IS 'the record as it was claimed (内容)';
COMMENT ON COLUMN quarantine.raw IS 'raw reply of the model, null where there was none (原始回复)';
COMMENT ON COLUMN quarantine.reading IS 'number of the reading that it belongs to, in readings (读取序号)';

CREATE TABLE unclaimed (
    unclaimed_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    chunk_id VARCHAR,
    kind VARCHAR NOT NULL,
    printed VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "stop" INTEGER NOT NULL,
    reading BIGINT NOT NULL
);
COMMENT ON TABLE unclaimed IS 'One row per money or percent figure or table row that no record claims (未认领内容).';
COMMENT ON COLUMN unclaimed.unclaimed_id IS 'id that follows from what stands where (未认领编号)';
COMMENT ON COLUMN unclaimed.document_id IS 'document that prints it (文档编号)';
COMMENT ON COLUMN unclaimed.extractor IS 'extractor that left it (抽取器)';
COMMENT ON COLUMN unclaimed.run_id IS 'run that left it (运行编号)';
COMMENT ON COLUMN unclaimed.chunk_id IS 'chunk that it stands in, null outside all (文本块编号)';
COMMENT ON COLUMN unclaimed.kind IS 'money 金额, percent 百分比, else a part of the layout such as a table row 表格行 (类别)';
COMMENT ON COLUMN unclaimed.printed IS 'the text as printed (原文)';
COMMENT ON COLUMN unclaimed."start" IS 'first code point, from 0 (起点)';
COMMENT ON COLUMN unclaimed."stop" IS 'code point after its last (终点)';
COMMENT ON COLUMN unclaimed.reading IS 'number of the reading that it belongs to, in readings (读取序号)';

CREATE TABLE reviews (
    review_id VARCHAR PRIMARY KEY,
    document_id VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    subject_id VARCHAR NOT NULL,
    record_type VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    decision VARCHAR NOT NULL,
    quote_start INTEGER,
    quote_stop INTEGER,
    before VARCHAR NOT NULL,
    after VARCHAR,
    result_id VARCHAR,
    reason VARCHAR,
    undoes VARCHAR,
    reviewer VARCHAR NOT NULL,
    reviewed_at TIMESTAMP NOT NULL,
    UNIQUE (subject_id, position)
);
COMMENT ON TABLE reviews IS 'One row per decision of a person (人工复核), never changed or removed. Runs do not touch it: what it is about keeps its id when a document is read again.';
COMMENT ON COLUMN reviews.review_id IS 'id of the decision (复核编号)';
COMMENT ON COLUMN reviews.document_id IS 'document that it concerns (文档编号)';
COMMENT ON COLUMN reviews.document IS 'stem of its file name at that time (文档名)';
COMMENT ON COLUMN reviews.subject IS 'what was reviewed: record 记录, claim 隔离内容 (对象)';
COMMENT ON COLUMN reviews.subject_id IS 'its record_id, or the claim_id of quarantine: both follow from the document and what is claimed alone (对象编号)';
COMMENT ON COLUMN reviews.record_type IS 'record type that it is of (记录类型)';
COMMENT ON COLUMN reviews.position IS 'number of the decision on this subject, from 1 (第几次决定)';
COMMENT ON COLUMN reviews.decision IS 'accept 接受, correct 更正 (a misreading, corrected against the text), reject 拒绝 (no record of the report), undo 撤销 (决定)';
COMMENT ON COLUMN reviews.quote_start IS 'first code point of the quote, null where it was not found (原文起点)';
COMMENT ON COLUMN reviews.quote_stop IS 'code point after the quote (原文终点)';
COMMENT ON COLUMN reviews.before IS 'the record as it was read, as JSON (复核前)';
COMMENT ON COLUMN reviews.after IS 'the record that the decision leaves, as JSON; null where it leaves none, and of an undo (复核后)';
COMMENT ON COLUMN reviews.result_id IS 'record_id of that record; its row has the extractor review (复核所得记录编号)';
COMMENT ON COLUMN reviews.reason IS 'why (理由)';
COMMENT ON COLUMN reviews.undoes IS 'decision that an undo takes back, else null (所撤销的复核)';
COMMENT ON COLUMN reviews.reviewer IS 'who decided (复核人)';
COMMENT ON COLUMN reviews.reviewed_at IS 'when, UTC (复核时间)';
