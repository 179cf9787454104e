-- How complete is each reading: what was claimed, what was left over, what was kept out?
SELECT document, chunks, chunks_failed AS failed, records, flagged, quarantined, claimed, unclaimed, share_claimed
FROM v_coverage
ORDER BY share_claimed, document;
