-- The tables of what models were asked: calls, batches, the calls that a chunk rests on, two readings side by side.

CREATE TABLE llm_calls (
    call_id VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    chunk_id VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    prompts VARCHAR NOT NULL,
    prompt_hash VARCHAR NOT NULL,
    asking INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    reuse VARCHAR NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    usage VARCHAR NOT NULL,
    cost DECIMAL(38, 10),
    currency VARCHAR,
    seconds DECIMAL(38, 10) NOT NULL,
    reply VARCHAR,
    error VARCHAR
);
CREATE INDEX llm_calls_by_question ON llm_calls (prompt_hash);
COMMENT ON TABLE llm_calls IS 'One row per attempt at a model endpoint (模型调用), stored before its reply is used and never removed: what was paid for, and the replies that are not paid for twice.';
COMMENT ON COLUMN llm_calls.call_id IS 'id that follows from what was asked and how often (调用编号)';
COMMENT ON COLUMN llm_calls.document_id IS 'document that was read first with it (文档编号)';
COMMENT ON COLUMN llm_calls.extractor IS 'extractor that called (抽取器)';
COMMENT ON COLUMN llm_calls.run_id IS 'run that called, and paid (运行编号)';
COMMENT ON COLUMN llm_calls.chunk_id IS 'chunk that was sent first with it (文本块编号)';
COMMENT ON COLUMN llm_calls.purpose IS 'reading 阅读, repair 修正, second 复读, probe 探测接口 (用途)';
COMMENT ON COLUMN llm_calls.model IS 'model that was asked (模型)';
COMMENT ON COLUMN llm_calls.prompts IS 'SHA-256 of the prompt templates (提示词模板指纹)';
COMMENT ON COLUMN llm_calls.prompt_hash IS 'SHA-256 of the request: model, parameters, messages and schema (请求指纹)';
COMMENT ON COLUMN llm_calls.asking IS '2 where the request was made once more because its first reply was about another text, else 1 (第几次提问)';
COMMENT ON COLUMN llm_calls.attempt IS 'number of the attempt at this request, from 1, over all runs (尝试序号)';
COMMENT ON COLUMN llm_calls.status IS 'ok, or the name of what went wrong (状态)';
COMMENT ON COLUMN llm_calls.reuse IS 'whether the reply answers the same request again: always 总是, run in its own run alone 仅本次运行, never 否 (复用)';
COMMENT ON COLUMN llm_calls.prompt_tokens IS 'tokens sent, as the endpoint counts them (输入词元数)';
COMMENT ON COLUMN llm_calls.cached_tokens IS 'those of them that the endpoint had cached (缓存命中词元数)';
COMMENT ON COLUMN llm_calls.completion_tokens IS 'tokens received (输出词元数)';
COMMENT ON COLUMN llm_calls.usage IS 'who counted the tokens: endpoint 接口, counted 按规则估算 where it did not, none 无 as no reply came; lost 丢失: a reply may have been billed, the cost is the most that it can be (用量来源)';
COMMENT ON COLUMN llm_calls.cost IS 'cost at the prices of the settings, null without prices (费用)';
COMMENT ON COLUMN llm_calls.currency IS 'currency of the prices, null without prices (币种)';
COMMENT ON COLUMN llm_calls.seconds IS 'seconds from request to reply (秒数)';
COMMENT ON COLUMN llm_calls.reply IS 'raw reply, null where none came (原始回复)';
COMMENT ON COLUMN llm_calls.error IS 'what went wrong, else null (错误)';

CREATE TABLE batches (
    key VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    batch_id VARCHAR,
    status VARCHAR NOT NULL,
    requests INTEGER NOT NULL
);
COMMENT ON TABLE batches IS 'One row per batch that was sent to the batch API of an endpoint (批量任务).';
COMMENT ON COLUMN batches.key IS 'name of ours that was sent with it (内部编号)';
COMMENT ON COLUMN batches.run_id IS 'run that sent it (运行编号)';
COMMENT ON COLUMN batches.batch_id IS 'id that the endpoint gave it, null until it did (批次编号)';
COMMENT ON COLUMN batches.status IS 'open 未取回 while its results are not stored, then how it ended: completed, failed, expired, cancelled, refused or never_sent (状态)';
COMMENT ON COLUMN batches.requests IS 'how many requests it holds (请求数)';

CREATE TABLE batch_questions (
    key VARCHAR NOT NULL,
    custom_id VARCHAR NOT NULL,
    prompt_hash VARCHAR NOT NULL,
    document_id VARCHAR NOT NULL,
    chunk_id VARCHAR NOT NULL,
    purpose VARCHAR NOT NULL,
    tokens INTEGER NOT NULL,
    asking INTEGER NOT NULL
);
COMMENT ON TABLE batch_questions IS 'One row per request in a batch (批量任务中的请求).';
COMMENT ON COLUMN batch_questions.key IS 'the batch, in batches (批量任务)';
COMMENT ON COLUMN batch_questions.custom_id IS 'id that the result is joined by (请求编号)';
COMMENT ON COLUMN batch_questions.prompt_hash IS 'SHA-256 of the request, as in llm_calls (请求指纹)';
COMMENT ON COLUMN batch_questions.document_id IS 'document that it asks about (文档编号)';
COMMENT ON COLUMN batch_questions.chunk_id IS 'chunk that it asks about (文本块编号)';
COMMENT ON COLUMN batch_questions.purpose IS 'what it is for, as in llm_calls (用途)';
COMMENT ON COLUMN batch_questions.tokens IS 'tokens of the request, counted by rule (词元数)';
COMMENT ON COLUMN batch_questions.asking IS 'as in llm_calls (第几次提问)';

CREATE TABLE chunk_calls (
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    chunk_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    call_id VARCHAR NOT NULL,
    reading BIGINT NOT NULL
);
COMMENT ON TABLE chunk_calls IS 'One row per call that the reading of a chunk rests on (文本块所用的调用), whichever run paid for it.';
COMMENT ON COLUMN chunk_calls.document_id IS 'document of the chunk (文档编号)';
COMMENT ON COLUMN chunk_calls.extractor IS 'extractor that read it (抽取器)';
COMMENT ON COLUMN chunk_calls.chunk_id IS 'the chunk (文本块编号)';
COMMENT ON COLUMN chunk_calls.position IS 'order of the calls, from 0 (顺序号)';
COMMENT ON COLUMN chunk_calls.call_id IS 'the call, in llm_calls (调用编号)';
COMMENT ON COLUMN chunk_calls.reading IS 'number of the reading that it belongs to, in readings (读取序号)';

CREATE TABLE agreements (
    document_id VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    record_type VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    agreement VARCHAR NOT NULL,
    other VARCHAR,
    reading BIGINT NOT NULL
);
COMMENT ON TABLE agreements IS 'One row per field of a record that both the offline reader and a model read (两次读取对照), in readings of the hybrid extractor.';
COMMENT ON COLUMN agreements.document_id IS 'document that was read (文档编号)';
COMMENT ON COLUMN agreements.extractor IS 'extractor that compared (抽取器)';
COMMENT ON COLUMN agreements.record_type IS 'table of the record (记录类型)';
COMMENT ON COLUMN agreements.record_id IS 'the record (记录编号)';
COMMENT ON COLUMN agreements.field IS 'field of the record (字段)';
COMMENT ON COLUMN agreements.agreement IS 'agreed 一致, differs 不一致 (the offline reading stands), offline_only 仅离线, model_only 仅模型 (对照结果)';
COMMENT ON COLUMN agreements.other IS 'what the model read, null where it read nothing (模型读数)';
COMMENT ON COLUMN agreements.reading IS 'number of the reading that it belongs to, in readings (读取序号)';
