-- The macros of a jixiao database: exact percentages, names for comparing, and what labels mean.

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

CREATE MACRO rate_of(executed, executed_unit, executed_yuan, budget, budget_unit, budget_yuan) AS
    -- Amounts in yuan, else numbers of one unit. One percentage of what is chosen is planned faster than two to choose from.
    percent_of(
        CASE WHEN executed_yuan IS NOT NULL AND budget_yuan IS NOT NULL THEN executed_yuan ELSE executed END,
        CASE
            WHEN executed_yuan IS NOT NULL AND budget_yuan IS NOT NULL THEN budget_yuan
            WHEN budget_unit IS NOT DISTINCT FROM executed_unit THEN budget
        END
    );
COMMENT ON MACRO rate_of IS 'what was executed of a budget, in percent (执行率)';

CREATE MACRO department_key(name) AS
    -- A name without white space and quotation marks, brackets in one form: 某某局 （本级） is 某某局(本级).
    translate(regexp_replace(name, '[\s　“”"‘’《》「」]', '', 'g'), '（）', '()');
COMMENT ON MACRO department_key IS 'the name of a department for comparing (单位名称的比较形式)';

CREATE MACRO is_departmental(kind, title) AS
    -- Whether a report is about a department as a whole: its own evaluation of it, or a third party's that says so.
    kind = 'overall_self_evaluation' OR (kind = 'third_party_evaluation' AND coalesce(contains(title, '整体'), false));
COMMENT ON MACRO is_departmental IS 'whether a report is about the whole department (是否部门整体评价)';

CREATE MACRO is_generic(label) AS
    -- A label made of these words alone (全年预算数, 部门总支出, 资金 / 合计) means the department as a whole. The pattern stands
    -- here as a whole: one that is put together for each row is compiled for each row.
    regexp_full_match(label, '(部门|单位|整体|全年|全部|年度|本年|当年|本|财政|总|年|项目|预算|决算|支出|资金|收支|使用|执行|完成|安排|合计|总计|数|额|金额)+');
COMMENT ON MACRO is_generic IS 'whether a label means the department as a whole (是否整体性名称)';

CREATE MACRO is_generic_rate(label) AS
    regexp_full_match(label, '(部门|单位|整体|全年|全部|年度|本年|当年|本|财政|总|年|项目|预算|决算|支出|资金|收支|使用|执行|完成|安排|合计|总计|数|额|金额)*(执行|完成)率');
COMMENT ON MACRO is_generic_rate IS 'whether a label means the rate of execution of the department as a whole (是否整体执行率)';

CREATE MACRO department_of(department, document) AS
    -- What holds the reports of one department together; a report that names none stands for itself.
    coalesce(department_key(department), document);
COMMENT ON MACRO department_of IS 'key of a department: its name for comparing, else the document (单位的比较键)';

CREATE MACRO bound_kept(bound, target, op, actual) AS
    -- Whether a value reached keeps the bound of its target; null where what is printed does not decide it (≥90% for ≥95%).
    CASE
        WHEN bound IN ('≥', '>') AND coalesce(op, '=') IN ('=', '≥', '>')
            AND (actual > target OR (actual = target AND (bound = '≥' OR op = '>'))) THEN true
        WHEN bound IN ('≥', '>') AND coalesce(op, '=') IN ('=', '≤', '<')
            AND (actual < target OR (actual = target AND (op = '<' OR bound = '>'))) THEN false
        WHEN bound IN ('≤', '<') AND coalesce(op, '=') IN ('=', '≤', '<')
            AND (actual < target OR (actual = target AND (bound = '≤' OR op = '<'))) THEN true
        WHEN bound IN ('≤', '<') AND coalesce(op, '=') IN ('=', '≥', '>')
            AND (actual > target OR (actual = target AND (op = '>' OR bound = '<'))) THEN false
        WHEN bound = '=' AND coalesce(op, '=') = '=' THEN actual = target
    END;
COMMENT ON MACRO bound_kept IS 'whether a value reached keeps the bound of its target, null where it is not decided (是否达标)';

CREATE MACRO three_public_item(label) AS
    -- The items of the three public expenses (三公经费) as 财政部 2011年 公开口径 names them; the first that fits is taken.
    CASE
        WHEN regexp_matches(label, '公务接待') THEN '公务接待费'
        WHEN regexp_matches(label, '用车.*购置.*(运行|运维|维护)') THEN '公务用车购置及运行维护费'
        WHEN regexp_matches(label, '用车.*(运行|运维|维护)') THEN '公务用车运行维护费'
        WHEN regexp_matches(label, '用车.*购置|购置.*用车') THEN '公务用车购置费'
        WHEN regexp_matches(label, '出国') THEN '因公出国（境）费'
        WHEN regexp_matches(label, '三公') THEN '三公经费合计'
    END;
COMMENT ON MACRO three_public_item IS 'the item of the three public expenses that a label means, null for any other (三公经费项目)';
