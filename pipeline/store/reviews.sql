-- The views of what people decided about records: which decisions are in force, and what has become of each.

CREATE VIEW v_decisions AS
SELECT
    r.review_id,
    r.document_id,
    r.document,
    r.subject,
    r.subject_id,
    r.record_type,
    r.position,
    r.decision,
    r.quote_start,
    r.quote_stop,
    r.before,
    r.after,
    r.result_id,
    r.reason,
    r.reviewer,
    r.reviewed_at
FROM reviews AS r
ANTI JOIN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL) AS u ON u.undoes = r.review_id
WHERE r.decision <> 'undo'
QUALIFY row_number() OVER (PARTITION BY r.subject_id ORDER BY r.position DESC) = 1;
COMMENT ON VIEW v_decisions IS 'One row per reviewed record or claim (复核结论): the last decision on it that was not undone.';
COMMENT ON COLUMN v_decisions.review_id IS 'id of the decision (复核编号)';
COMMENT ON COLUMN v_decisions.document_id IS 'document that it concerns (文档编号)';
COMMENT ON COLUMN v_decisions.document IS 'stem of its file name at that time (文档名)';
COMMENT ON COLUMN v_decisions.subject IS 'what was reviewed: record 记录, claim 隔离内容 (对象)';
COMMENT ON COLUMN v_decisions.subject_id IS 'its record_id, or the claim_id of quarantine: both follow from the document and what is claimed alone (对象编号)';
COMMENT ON COLUMN v_decisions.record_type IS 'record type that it is of (记录类型)';
COMMENT ON COLUMN v_decisions.position IS 'number of the decision on this subject, from 1 (第几次决定)';
COMMENT ON COLUMN v_decisions.decision IS 'accept 接受, correct 更正 (a misreading, corrected against the text), reject 拒绝 (no record of the report), undo 撤销 (决定)';
COMMENT ON COLUMN v_decisions.quote_start IS 'first code point of the quote, null where it was not found (原文起点)';
COMMENT ON COLUMN v_decisions.quote_stop IS 'code point after the quote (原文终点)';
COMMENT ON COLUMN v_decisions.before IS 'the record as it was read, as JSON (复核前)';
COMMENT ON COLUMN v_decisions.after IS 'the record that the decision leaves, as JSON; null where it leaves none, and of an undo (复核后)';
COMMENT ON COLUMN v_decisions.result_id IS 'record_id of that record; its row has the extractor review (复核所得记录编号)';
COMMENT ON COLUMN v_decisions.reason IS 'why (理由)';
COMMENT ON COLUMN v_decisions.reviewer IS 'who decided (复核人)';
COMMENT ON COLUMN v_decisions.reviewed_at IS 'when, UTC (复核时间)';

CREATE VIEW v_read_records AS
SELECT
    r.document,
    r.record_type,
    r.record_id,
    r.label,
    r.status,
    r.report_id,
    r.quote_start,
    r.quote_stop,
    r.chunk_id,
    r.document_id,
    r.extractor
FROM (
/* every record table */
) AS r
WHERE r.current AND r.extractor <> 'review';
COMMENT ON VIEW v_read_records IS 'One row per record of the current readings as it was read, before review (复核前记录).';
COMMENT ON COLUMN v_read_records.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_read_records.record_type IS 'table of the record (记录类型)';
COMMENT ON COLUMN v_read_records.record_id IS 'id of the record; jixiao trace shows its source (记录编号)';
COMMENT ON COLUMN v_read_records.label IS 'what it is called (名称)';
COMMENT ON COLUMN v_read_records.status IS 'accepted 接受, flagged 存疑 (状态)';
COMMENT ON COLUMN v_read_records.report_id IS 'report inside the document, r1, r2 … (报告编号)';
COMMENT ON COLUMN v_read_records.quote_start IS 'first code point of its quote (原文起点)';
COMMENT ON COLUMN v_read_records.quote_stop IS 'code point after the quote (原文终点)';
COMMENT ON COLUMN v_read_records.chunk_id IS 'chunk that it was read from (文本块编号)';
COMMENT ON COLUMN v_read_records.document_id IS 'id of the document (文档编号)';
COMMENT ON COLUMN v_read_records.extractor IS 'extractor that read it (抽取器)';

CREATE VIEW v_reviews AS
WITH decided AS (
    SELECT reading FROM documents WHERE document_id IN (SELECT document_id FROM reviews)
),
read_now AS (
    SELECT record_id AS subject_id
    FROM (
/* the state of every record */
    )
    SEMI JOIN decided USING (reading)
    WHERE extractor <> 'review'
    UNION ALL
    SELECT claim_id FROM quarantine SEMI JOIN decided USING (reading)
)
SELECT
    coalesce(d.document, r.document) AS document,
    r.record_type,
    r.decision,
    CASE
        WHEN r.decision = 'undo' THEN 'undo'
        WHEN r.review_id IN (SELECT undoes FROM reviews WHERE undoes IS NOT NULL) THEN 'undone'
        WHEN r.review_id NOT IN (SELECT review_id FROM v_decisions) THEN 'superseded'
        WHEN r.subject_id IN (SELECT subject_id FROM read_now) THEN 'in force'
        ELSE 'without record'
    END AS state,
    r.reviewer,
    r.reviewed_at,
    r.reason,
    r.before,
    r.after,
    r.subject,
    r.subject_id,
    r.result_id,
    r.position,
    r.undoes,
    r.review_id,
    r.document_id
FROM reviews AS r
LEFT JOIN documents AS d ON d.document_id = r.document_id;
COMMENT ON VIEW v_reviews IS 'One row per decision of a person (人工复核), and what has become of it.';
COMMENT ON COLUMN v_reviews.document IS 'stem of the file name (文档名)';
COMMENT ON COLUMN v_reviews.record_type IS 'record type that it is about (记录类型)';
COMMENT ON COLUMN v_reviews.decision IS 'accept 接受, correct 更正, reject 拒绝, undo 撤销 (决定)';
COMMENT ON COLUMN v_reviews.state IS 'in force 有效; undone 已撤销, superseded 已被取代 by a later one, undo 撤销; without record 记录已不存在: the record is no longer read, the decision changes nothing (现状)';
COMMENT ON COLUMN v_reviews.reviewer IS 'who decided (复核人)';
COMMENT ON COLUMN v_reviews.reviewed_at IS 'when, UTC (复核时间)';
COMMENT ON COLUMN v_reviews.reason IS 'why (理由)';
COMMENT ON COLUMN v_reviews.before IS 'the record as it was read, as JSON (复核前)';
COMMENT ON COLUMN v_reviews.after IS 'the record that the decision leaves, as JSON, else null (复核后)';
COMMENT ON COLUMN v_reviews.subject IS 'record 记录, claim 隔离内容 (对象)';
COMMENT ON COLUMN v_reviews.subject_id IS 'its record_id, or the claim_id of quarantine (对象编号)';
COMMENT ON COLUMN v_reviews.result_id IS 'record_id of the record that a correction, or an acceptance out of quarantine, leaves (复核所得记录编号)';
COMMENT ON COLUMN v_reviews.position IS 'number of the decision on this subject, from 1 (第几次决定)';
COMMENT ON COLUMN v_reviews.undoes IS 'decision that an undo takes back, else null (所撤销的复核)';
COMMENT ON COLUMN v_reviews.review_id IS 'id of the decision (复核编号)';
COMMENT ON COLUMN v_reviews.document_id IS 'id of the document (文档编号)';
