-- The balance of each reading.
SELECT document, document_id, records, flagged, quarantined, claimed, unclaimed, share_claimed, chunks, chunks_failed
FROM v_coverage
ORDER BY document, document_id
