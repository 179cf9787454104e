"""Checking: scores: indicator rows against first-level lines and totals, lines against totals, points taken off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.checking.diagnosis import sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.grids import cell_literal, grid_of
from pipeline.checking.intervals import Outcome, check_same, check_sum, exactly, subtract, total
from pipeline.checking.labels import is_bare_total, line_key, tidy
from pipeline.checking.scene import Figure, Item, Scene, digits, plain
from pipeline.checking.sections import project
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, FindingLiteral, Severity, Table
from pipeline.numerals import whole_numeral
from schemas.columns import column_role
from schemas.indicators import Indicator
from schemas.relations import FindingKind
from schemas.reports import Report
from schemas.score_lines import ScoreLine
from schemas.values import Span, squeeze

_SHARED = 3
"""Leading characters by which a first-level name must resemble another that has the same full marks."""
_AFTER = 12
"""Characters behind a score that may make it the bound of a grade, and before it that may make it the full marks."""

Key = tuple[str, str | None]


def check_scores(scene: Scene) -> Iterator[Finding]:
    """Every score summary and every scored indicator table."""
    lines: dict[Key, list[Item]] = defaultdict(list)
    totals: dict[Key, list[Item]] = defaultdict(list)
    for item in scene.score_lines:
        record = _line(item)
        (totals if is_bare_total(record.name) else lines)[(item.report, record.table)].append(item)
    rows: dict[Key, list[Item]] = defaultdict(list)
    for item in scene.indicators:
        if "score" in item.figures and "weight" in item.figures:
            rows[(item.report, _row(item).table)].append(item)
    for key, closing in totals.items():
        closing.sort(key=lambda i: i.start)
        for index, item in enumerate(closing):
            since = closing[index - 1].start if index else 0
            last = len(closing) == 1
            own = [i for i in lines.get(key, ()) if last or since < i.start < item.start]
            yield from _lines_to_total(own, item)
            own = [i for i in rows.get(key, ()) if last or since < i.start < item.start]
            yield from _rows_to_total(scene, own, item, lines, since)
    shared = _scored_twice(rows)
    for key, members in rows.items():
        own = [i for i in members if key in lines or (key[0], line_key(_row(i).level1 or "")) not in shared]
        yield from _rows_to_lines(own, lines, key[0])
    yield from _report_scores(scene, totals)
    yield from deductions(scene)


def _scored_twice(rows: Mapping[Key, Sequence[Item]]) -> set[Key]:
    """The reports' first-level indicators that several tables score: a summary of them all has means."""
    tables: dict[Key, set[Key]] = defaultdict(set)
    for key, members in rows.items():
        for item in members:
            tables[(key[0], line_key(_row(item).level1 or ""))].add(key)
    return {level for level, found in tables.items() if len(found) > 1}


def _line(item: Item) -> ScoreLine:
    record = item.grounded.record
    assert isinstance(record, ScoreLine)
    return record


def _row(item: Item) -> Indicator:
    record = item.grounded.record
    assert isinstance(record, Indicator)
    return record


def _figures(items: Sequence[Item], name: str) -> list[Figure]:
    return [i.figures[name] for i in items if name in i.figures]


def _sum(items: Sequence[Item], name: str) -> Decimal:
    return total(f.interval.value for f in _figures(items, name))


def _lines_to_total(lines: Sequence[Item], closing: Item) -> Iterator[Finding]:
    """First-level lines against the total of their table.

    Precondition: every line has full marks and a score, and the full marks add up to the total's (to 100 where it
    prints none), so that no line is missing; or the scores do, and then the full marks must.
    """
    score = closing.figures.get("score")
    if score is None or len(lines) < 2 or any("score" not in i.figures or "weight" not in i.figures for i in lines):
        return
    weight = closing.figures.get("weight")
    if _sum(lines, "weight") == (weight.interval.value if weight else Decimal(100)):
        yield from _compare(closing, score, _figures(lines, "score"), "各一级指标得分", "score_lines.total")
    elif weight is not None and _sum(lines, "score") == score.interval.value:
        yield from _compare(closing, weight, _figures(lines, "weight"), "各一级指标分值", "score_lines.weights")


def _rows_to_total(
    scene: Scene, rows: Sequence[Item], closing: Item, lines: dict[Key, list[Item]], since: int
) -> Iterator[Finding]:
    """Indicator rows against the total row of their table.

    Precondition: the rows' full marks add up to the total's (or their scores do, and then the full marks must); or do
    so with the marks for the execution of the budget, which stand in the form's own row of funds, or else in a
    line of that name in a summary of the report.
    """
    score, weight = closing.figures.get("score"), closing.figures.get("weight")
    if score is None or weight is None or len(rows) < 2:
        return
    missing = subtract(weight.interval.value, _sum(rows, "weight"))
    scores = _figures(rows, "score")
    if not missing:
        yield from _compare(closing, score, scores, "各指标得分", "indicators.total")
        return
    if _sum(rows, "score") == score.interval.value:
        yield from _compare(closing, weight, _figures(rows, "weight"), "各指标分值", "indicators.weights")
        return
    if fund := _fund_score(scene, _line(closing).table, since, closing.start, missing):
        yield from _compare(closing, score, [fund, *scores], "预算执行率与各指标得分", "indicators.total")
        return
    extra = [
        i
        for (owner, _), members in lines.items()
        for i in members
        if owner == closing.report
        and "score" in i.figures
        and "weight" in i.figures
        and i.figures["weight"].interval.value == missing
        and words().fund_row.search(_line(i).name)
    ]
    if extra and len({i.figures["score"].interval.value for i in extra}) == 1:
        yield from _compare(
            closing,
            score,
            [extra[0].figures["score"], *scores],
            f"{_line(extra[0]).name}与各指标得分",
            "indicators.total",
        )


def _fund_score(scene: Scene, table: str | None, since: int, until: int, marks: Decimal) -> Figure | None:
    """The score for the execution of the budget: the one row of funds in a form that has these full marks; in the tables
    of the form's own title where several forms stand in the range."""
    inside = [t for t in scene.layout.tables if since <= t.span.start < until]
    own = [t for t in inside if t.caption and squeeze(t.caption) == squeeze(table or "")]
    found: list[Figure] = []
    for part in own or inside:
        grid = grid_of(scene, part)
        columns = [c for c in grid.columns if c.is_score] if grid else []
        if grid is not None and len(columns) == 2:
            for line in grid.lines:
                if line is not None and words().fund_row.search(line.label):
                    weight, score = (line.values[c.place] for c in columns)
                    if isinstance(weight, Figure) and isinstance(score, Figure) and weight.interval.value == marks:
                        found.append(score)
        elif (alone := _only_score(scene, part, marks)) is not None:
            found.append(alone)
    return found[0] if len(found) == 1 else None


def _only_score(scene: Scene, table: Table, marks: Decimal) -> Figure | None:
    """The score of the row of funds in a table whose header gives the full marks (预算执行情况（10分）) and has no column of
    them."""
    full = f"{plain(marks)}分"
    for row in table.body:
        if not any(words().fund_row.search(tidy(c.text)) for c in row.cells[:_SHARED] if c.text):
            continue
        roles = [column_role(c.header[-1]) if c.header else None for c in row.cells]
        if roles.count("score") != 1 or "weight" in roles or not any(full in h for c in row.cells for h in c.header):
            return None
        cell = row.cells[roles.index("score")]
        numeral = whole_numeral(cell.text)
        if numeral is None or numeral.value > marks:
            return None
        literal = cell_literal(cell, numeral, None, exponent=None, exact=True)
        return scene.unclaimed(literal)
    return None


def _rows_to_lines(rows: Sequence[Item], lines: dict[Key, list[Item]], report: str) -> Iterator[Finding]:
    """The rows of each first-level indicator against its line in the summaries of the same report.

    Precondition: no other table of the report has rows of that indicator, or the summary is of this one, as a summary of
    several has means; the rows' full marks add up to the line's, and the names are equal without their marks in brackets;
    failing that, one line alone has these full marks and a name that begins alike.
    """
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in rows:
        level1 = _row(item).level1
        if level1:
            groups[line_key(level1)].append(item)
    summaries = [members for (owner, _), members in lines.items() if owner == report]
    for summary in summaries:
        scored = [i for i in summary if "score" in i.figures and "weight" in i.figures]
        by_name = {line_key(_line(i).name): i for i in scored}
        for name, members in groups.items():
            marks = _sum(members, "weight")
            line = by_name.get(name)
            if line is None:
                alike = [
                    i
                    for n, i in by_name.items()
                    if n not in groups and i.figures["weight"].interval.value == marks and _resembles(n, name)
                ]
                line = alike[0] if len(alike) == 1 else None
            if line is not None and line.figures["weight"].interval.value == marks:
                scores = _figures(members, "score")
                yield from _compare(line, line.figures["score"], scores, f"“{name}”各行得分", "indicators.first_level")


def _resembles(one: str, other: str) -> bool:
    return len(one) > _SHARED and one[:_SHARED] == other[:_SHARED]


def _compare(line: Item, score: Figure, parts: Sequence[Figure], what: str, relation: str) -> Iterator[Finding]:
    outcome = check_sum(score.interval, [p.interval for p in parts])
    if outcome.broken:
        yield _finding(line, score, parts, outcome, what, relation)


def _finding(line: Item, score: Figure, parts: Sequence[Figure], outcome: Outcome, what: str, relation: str) -> Finding:
    assert outcome.computed is not None
    computed = plain(outcome.computed)
    name = _line(line).name
    terms = "＋".join(digits(p) for p in parts)
    return make(
        FindingKind.SCORE_SUM,
        relation,
        line.report,
        Text(
            f"{what}{terms}＝{computed}，“{name}”印作{digits(score)}",
            f"the scores add up to {computed}, but {name} prints {digits(score)}",
        ),
        stated=digits(score),
        computed=computed,
        slack=outcome.allowed,
        literals=[score.plays("total"), *(p.plays("part") for p in parts)],
        suggestion=sum_hint(score, parts),
    )


def _report_scores(scene: Scene, totals: dict[Key, list[Item]]) -> Iterator[Finding]:
    """A report's own score against the totals of its summaries out of the same full marks.

    Precondition: the report's score stands in prose, not in a form, of which a document may hold several, and is neither a
    bound of a grade (90分（含）以上) nor the full marks; the total line has the report's full marks (100 where neither
    prints any) and closes no project's own form. Where several total lines differ and none is the report's score, they are
    of several things.
    """
    if not (totals and scene.reports):
        return
    forms = {squeeze(section) for item in scene.projects if (section := project(item).section)}
    for item in scene.reports:
        score = item.figures.get("score")
        record = item.grounded.record
        if score is None or not isinstance(record, Report) or scene.places.row(score.span.start) is not None:
            continue
        if words().threshold.search(scene.places.after(score.span.stop, _AFTER)):
            continue
        marks = item.figures["max_score"].interval.value if "max_score" in item.figures else Decimal(100)
        full = words().full_marks.search(scene.places.before(score.span.start, _AFTER))
        if full and score.interval.value == marks:
            continue
        lines = [
            line
            for (owner, _), closing in totals.items()
            for line in closing
            if owner == item.report
            and {"score", "weight"} <= line.figures.keys()
            and line.figures["weight"].interval.value == marks
            and squeeze(_line(line).table or "") not in forms
        ]
        values = {line.figures["score"].interval.value for line in lines}
        if len(values) > 1 and score.interval.value not in values:
            continue
        for line in lines:
            other = line.figures["score"]
            if check_same(score.interval, other.interval).broken:
                yield make(
                    FindingKind.CONFLICT,
                    "reports.score",
                    item.report,
                    Text(
                        f"报告得分{digits(score)}，“{_line(line).name}”得分{digits(other)}",
                        f"the report's score is {digits(score)}, its summary's total {digits(other)}",
                    ),
                    stated=digits(score),
                    computed=digits(other),
                    literals=[score.plays("stated"), other.plays("total")],
                )


def deductions(scene: Scene) -> Iterator[Finding]:
    """“分值为3分，扣1分，实际得分2分”: full marks less the deduction against the score, in prose.

    Precondition: the three stand in this order in one clause, as the vocabulary's pattern has them.
    """
    text = scene.document.text
    for match in words().deduction.finditer(text):
        weight, off, score = (Decimal(match[g]) for g in ("weight", "off", "score"))
        if weight - off == score:
            continue
        spans = [Span(*match.span(g)) for g in ("score", "weight", "off")]
        computed = plain(weight - off)
        yield make(
            FindingKind.DIFFERENCE,
            "scores.deduction",
            scene.layout.report_at(match.start()) if scene.layout.segments else None,
            Text(
                f"分值{match['weight']}分扣{match['off']}分应得{computed}分，印作{match['score']}分",
                f"{match['weight']} less {match['off']} is {computed}, but {match['score']} is given",
            ),
            stated=match["score"],
            computed=computed,
            severity=Severity.WARNING,
            slack=exactly(Decimal(0)).value,
            literals=[
                FindingLiteral(role, span, scene.document.slice(span), None, None)
                for role, span in zip(("stated", "weight", "deduction"), spans, strict=True)
            ],
        )
