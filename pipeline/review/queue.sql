-- What there is to review in the order of the documents' texts: flagged records, records that were decided about, and what
-- quarantined records claim, each claim once.
WITH said AS (
    SELECT
        x.record_id,
        first(f.message ORDER BY f.severity, f.finding_id) AS message,
        first(f.message_en ORDER BY f.severity, f.finding_id) AS message_en
    FROM finding_literals AS x
    JOIN findings AS f ON f.extractor = x.extractor AND f.finding_id = x.finding_id
    JOIN documents AS d ON d.document_id = f.document_id AND d.extractor = f.extractor
    WHERE x.record_id IS NOT NULL AND x.role <> 'witness' AND f.verdict = 'inconsistent'
    GROUP BY x.record_id
),
queued AS (
    SELECT
        'record' AS subject, r.record_id AS subject_id, r.record_type, r.document, r.document_id, r.label,
        r.quote_start AS place, coalesce(s.message, '') AS why, coalesce(s.message_en, '') AS why_en
    FROM v_read_records AS r
    LEFT JOIN said AS s ON s.record_id = r.record_id
    WHERE r.status = 'flagged' OR r.record_id IN (SELECT subject_id FROM v_decisions WHERE subject = 'record')
    UNION ALL
    SELECT
        'claim', q.claim_id, any_value(q.record_type), any_value(d.document), q.document_id, NULL,
        min(c."start"), first(q.reason ORDER BY q.rejection_id), first(q.reason ORDER BY q.rejection_id)
    FROM quarantine AS q
    JOIN documents AS d ON d.document_id = q.document_id AND d.extractor = q.extractor
    LEFT JOIN chunks AS c ON c.document_id = q.document_id AND c.extractor = q.extractor AND c.chunk_id = q.chunk_id
    GROUP BY q.claim_id, q.document_id
)
FROM queued ORDER BY document, document_id, place NULLS LAST, subject_id
