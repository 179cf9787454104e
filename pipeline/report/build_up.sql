-- What the full-year budget of each department is built up from, as stated of the department as a whole, in yuan: of
-- several statements the one that is made most often, then the largest amount.
WITH words(generic) AS (
    VALUES ('(部门|单位|整体|全年|年度|本年|当年|上年|年初|年中|专项|本|财政|总|年|预算|收入|支出|收支|资金|安排|批复|结转|结余|和|追加|调整|调增|调减|核减|净|合计|总计|数|额|金额)+')
)
SELECT b.document_id, b.report_id, b.measure, l.yuan
FROM current_budget_facts AS b
CROSS JOIN words AS w
JOIN v_reports AS p ON p.document_id = b.document_id AND p.report_id = b.report_id
JOIN literals AS l
    ON l.document_id = b.document_id AND l.extractor = b.extractor AND l.record_id = b.record_id AND l.field = 'value'
WHERE
    b.org IS NULL
    AND b.measure IN ('initial_budget', 'carried_in', 'supplementary', 'adjustment', 'reduction')
    AND coalesce(b.year, p.year) IS NOT DISTINCT FROM p.year
    AND l.yuan IS NOT NULL
    AND len(list_filter(b.path, lambda x: NOT regexp_full_match(x, w.generic))) = 0
GROUP BY b.document_id, b.report_id, b.measure, l.yuan
QUALIFY row_number() OVER (PARTITION BY b.document_id, b.report_id, b.measure ORDER BY count(*) DESC, l.yuan DESC) = 1
