"""Layout: from raw rows to tables: where one ends and the next begins, which rows are headers, what unit a column has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.flow import Cell, Row, Table, View
from pipeline.layout.dashes import DASHES
from pipeline.layout.form_labels import is_form_label
from pipeline.layout.given import GivenRow, set_out
from pipeline.layout.lines import join
from pipeline.layout.lost_merges import with_merges
from pipeline.layout.marks import caption_of, is_annex, mark_of
from pipeline.layout.merged import column_roles, set_right
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import find_numerals, whole_numeral
from schemas.columns import bare_header, column_role
from schemas.units import money_exponent
from schemas.values import Span, squeeze

_CLOSING = re.compile(r"(?:总分|总得分|合计|总计)\Z")
_COUNTED = r"(?:[个户人项分次批辆台套件家所座处吨头只株%％]|万?人次|[万亿]?亩|公顷|平方米|公里|千米|米)"
"""Units beside that of money in the list that a table declares (单位：户、亩、元)."""

_UNIT_LINE = re.compile(
    rf"(?:金额)?单位\s?[:：]?\s?(?:{_COUNTED}[、，,/])*(?P<unit>[百千万亿]*元)|[（(](?P<bracket>[百千万亿]*元)[）)]"
)


@dataclass(slots=True)
class Declared:
    """What stands above a table: its caption, the unit that a caption or unit line declares, and the header row that
    several tables share where captions part them from it (选项 人数 占比 above the questions)."""

    path: tuple[str, ...] = ()
    caption: View | None = None
    unit: str | None = None
    unit_span: Span | None = None
    spans: list[Span] = field(default_factory=list)
    header: RawRow | None = None


def unit_declared(view: View) -> tuple[str, Span] | None:
    """The money unit that a caption or unit line declares (单位：万元, （万元）), with its place."""
    match = _UNIT_LINE.search(view.text)
    if not match:
        return None
    group = "unit" if match["unit"] else "bracket"
    if money_exponent(match[group]) is None:
        return None
    return match[group], view.span(*match.span(group))


def build_tables(rows: Sequence[RawRow], above: Declared, text: str) -> list[Table]:
    """Tables from the rows of one region of a text: forms hold several, each with its header and a caption row of its
    own."""
    tables: list[Table] = []
    pending: list[RawRow] = []
    declared = above
    rows = [row for row in rows if any(c.text for c in row)]
    if all(len(row) == 1 for row in rows):
        return _finish(rows, declared)
    for index, row in enumerate(rows):
        if not pending and declared.caption is not None and _adds_year(declared.caption, row, text):
            declared.caption = join([declared.caption, row[0]])
            declared.spans.append(row[0].whole)
        elif len(row) == 1 and _is_caption_row(row[0]):
            shared = pending[0] if len(pending) == 1 and _is_header(pending[0]) else declared.header
            tables += _finish(pending or _unused(declared, above), declared)
            pending, declared = [], _declare(row[0], above)
            declared.header = shared
        elif not pending and (titled := _caption_and_unit(row)):
            declared = _declare(titled[0], above)
            declared.spans.append(titled[1].whole)
            declared.unit, declared.unit_span = unit_declared(titled[1]) or (None, None)
        elif not pending and (unit := _unit_in_row(row)):
            tables += _finish([row], Declared(above.path))
            declared = Declared(declared.path, declared.caption, *unit)
        elif _is_goal(row):
            tables += _finish(pending, declared)
            tables += _finish([row], Declared(above.path, declared.caption))
            pending = []
            declared = Declared(declared.path, declared.caption, declared.unit, declared.unit_span)
        elif pending and not any(c.text and _is_value(c) for c in row) and _is_closing(pending[-1]):
            tables += _finish(pending, declared)
            pending, declared = [row], Declared(declared.path, declared.caption)
        elif pending and _is_header(row) and not _is_header(pending[-1]) and _starts_table(rows, index):
            tables += _finish(pending, declared)
            pending, declared = [row], Declared(declared.path, declared.caption, declared.unit, declared.unit_span)
        else:
            pending.append(row)
    tables += _finish(pending or _unused(declared, above), declared)
    return sorted(tables, key=lambda table: table.span.start)  # a caption that no table follows comes last


def _adds_year(caption: View, row: RawRow, text: str) -> bool:
    """Whether a row is the bracketed year of the caption above it (项目支出绩效自评表, （2022年度）)."""
    return len(row) == 1 and is_year_line(row[0]) and not text[caption.whole.stop : row[0].whole.start].strip()


def _caption_and_unit(row: RawRow) -> tuple[View, View] | None:
    """The caption and the unit of a row that holds nothing else (表3 …情况表, 单位：元)."""
    filled = [cell for cell in row if cell.text]
    if len(row) < 2 or len(filled) != 2 or not is_unit_line(filled[1]) or caption_of(filled[0].text) is None:
        return None
    return filled[0], filled[1]


def _unit_in_row(row: RawRow) -> tuple[str, Span] | None:
    """The unit that a row above the header declares in a cell of its own (部门：… 单位：万元)."""
    return next((found for c in row if is_unit_line(c) and (found := unit_declared(c))), None) if len(row) > 1 else None


def _unused(declared: Declared, above: Declared) -> list[RawRow]:
    """A caption's cell that no table follows: a table of its own, so that nothing is lost."""
    if declared is above or declared.caption is None or declared.caption is above.caption:
        return []
    caption, declared.caption, declared.spans = declared.caption, above.caption, []
    return [[caption]]


def _is_caption_row(cell: View) -> bool:
    return len(cell.text) <= 40 and not re.search(r"[。；]", cell.text) and not _is_value(cell)


def _is_closing(row: RawRow) -> bool:
    """Whether a row closes a table of marks: what a form says below it (评价结论, 存在问题) is not the table's."""
    return any(_CLOSING.match(squeeze(c.text)) for c in row) and any(c.text and _is_value(c) for c in row)


def _is_goal(row: RawRow) -> bool:
    """Whether a row states one of several goals (年度目标1：…), each with a table of indicators below it."""
    filled = [c.text for c in row if c.text]
    return len(filled) == 2 and bool(_GOAL_ROW.match(squeeze(filled[0]))) and column_role(filled[1]) is None


def _is_value(cell: View) -> bool:
    return cell.text in DASHES or whole_numeral(cell.text) is not None


def _declare(cell: View, above: Declared) -> Declared:
    unit = unit_declared(cell)
    declared = Declared(above.path, cell, *(unit or (None, None)))
    declared.spans.append(cell.whole)
    return declared


def _starts_table(rows: Sequence[RawRow], index: int) -> bool:
    """Whether a header row begins a new table: known column labels, not just a row of words."""
    known = sum(1 for c in rows[index] if column_role(c.text))
    return known >= 2 or (known == 1 and len(rows[index]) <= 3 and any(c.text.startswith("其中") for c in rows[index]))


def _is_header(row: RawRow) -> bool:
    """Whether a row holds labels only, and more than half of them are column headers of the vocabulary."""
    labels = [c.text for c in row if c.text and c.text not in DASHES]
    if len(labels) > 1 and is_form_label(labels[0]) and column_role(labels[1]) is None:
        return False
    known = sum(1 for text in labels if column_role(text) or unit_in(text))
    return known > 0 and known * 2 >= len(labels) and not any(_holds_figure(text) for text in labels)


_UNIT_IN_BRACKETS = re.compile(r"[（(]([百千万亿]*元)[）)]")


def unit_in(text: str) -> str | None:
    """The money unit in brackets at a header's end, None where there is none."""
    match = _UNIT_IN_BRACKETS.search(text)
    return match[1] if match and money_exponent(match[1]) is not None else None


def _holds_figure(text: str) -> bool:
    if len(text) > 30:
        return True
    mark = mark_of(text)
    found = list(find_numerals(_MARKS_OF_GROUP.sub("", text[len(mark.text) :] if mark else text)))
    return any(not (n.unit == "年" or 1990 <= n.value <= 2100) for n in found)


_MARKS_OF_GROUP = re.compile(
    r"[（(]\s?\d+(?:\.\d+)?\s?分[^（()）]{0,10}[）)]|(?<=目标)\s?\d{1,2}(?=[：:（(]|\Z)|[×xX*]\s?100\s?[%％]"
)
_GOAL_ROW = re.compile(r"(?:年度|绩效|总体)*目标\d{1,2}[：:]?(?:[（(][^（()）]{1,8}[）)])?[：:]?\Z")


def _finish(rows: list[RawRow], declared: Declared) -> list[Table]:
    if not rows:
        return []
    given = all(isinstance(row, GivenRow) for row in rows)
    if not given:
        rows = with_merges(rows)
    header_rows = _count_header_rows(rows)
    if given:
        rows, headers = set_out([row for row in rows if isinstance(row, GivenRow)], header_rows)
    elif not header_rows and declared.header is not None and _usual_width(rows) == len(declared.header):
        headers = [(cell.text,) for cell in declared.header]
    else:
        headers = _headers(rows[:header_rows], _usual_width(rows[header_rows:]))
    unit, unit_span = declared.unit, declared.unit_span
    corner = rows[0][0] if header_rows else None
    if unit is None and corner is not None and (found := unit_declared(corner)):
        unit, unit_span = found
    elif unit is None and len(named := _units_of_labels(rows if corner is None else _unit_rows(rows))) == 1:
        unit, unit_span = named[0]
    roles = column_roles(headers)
    built = []
    for r, raw in enumerate([*rows[:header_rows], *(set_right(row, roles) for row in rows[header_rows:])]):
        cells = tuple(
            Cell(view, r, c, headers[c] if r >= header_rows and c < len(headers) else ()) for c, view in enumerate(raw)
        )
        built.append(Row(cells))
    filled = [row.span for row in built if row.span.stop]
    if not filled:
        return []
    spans = filled + declared.spans
    return [
        Table(
            rows=tuple(built),
            header_rows=header_rows,
            caption=declared.caption.text if declared.caption else None,
            unit=unit,
            unit_span=unit_span,
            path=declared.path,
            span=Span(min(s.start for s in spans), max(s.stop for s in spans)),
        )
    ]


def _units_of_labels(rows: Sequence[RawRow]) -> list[tuple[str, Span]]:
    """The units that the first cells of a form's rows declare (项目预算执行情况（万元）)."""
    return [found for row in rows if len(row) > 1 and (found := unit_declared(row[0]))]


def _unit_rows(rows: Sequence[RawRow]) -> list[RawRow]:
    """The rows just below a header whose first cell is nothing but a unit (（单位：万元） below 预算执行情况)."""
    return [row for row in rows[1:4] if is_unit_line(row[0])]


def _usual_width(rows: Sequence[RawRow]) -> int:
    """The number of cells that most rows have; a total row with merged cells has fewer."""
    sizes = Counter(len(r) for r in rows)
    return max(sizes, key=lambda size: (sizes[size], size), default=0)


def _count_header_rows(rows: Sequence[RawRow]) -> int:
    """Header rows are a row of labels that the vocabulary knows, or that stands over figures, and the rows of labels
    below it that begin with an empty cell (the first header cell is merged downwards)."""
    if len(rows) < 2 or not (_is_header(rows[0]) or _stands_over_figures(rows)):
        return 0
    count = 1
    while (
        count < min(4, len(rows) - 1) and _is_sub_header(rows[count]) and any(map(_has_figures, rows[count + 1 :][:3]))
    ):
        count += 1
    return count


def _stands_over_figures(rows: Sequence[RawRow]) -> bool:
    labels = [c.text for c in rows[0] if c.text]
    if len(rows[0]) < 3 or any(_holds_figure(t) or len(t) > 14 for t in labels):
        return False
    if len(rows[0]) == len(rows[1]) and any(
        _is_value(c) and c.text and not above.text for above, c in zip(rows[0], rows[1], strict=True)
    ):
        return False
    return _has_figures(rows[1])


def _has_figures(row: RawRow) -> bool:
    return sum(map(_is_value, row)) >= 2


def _is_sub_header(row: RawRow) -> bool:
    labels = [c.text for c in row if c.text]
    if row[0].text or not labels or len(row) < 3:
        return False
    return _is_header(row) or not any(_holds_figure(t) or len(t) > 14 for t in labels)


def _headers(rows: Sequence[RawRow], columns: int) -> list[tuple[str, ...]]:
    """The labels above each column. A row that has fewer cells than the next spans it: see ``_expand``."""
    if not rows:
        return []
    levels = [[c.text for c in row] for row in rows]
    if len(levels) == 1 and len(levels[0]) < columns:
        levels = [_spanned(levels[0], columns)]
    for above in range(len(levels) - 2, -1, -1):
        levels[above] = _expand(levels[above], levels[above + 1])
    width = max(columns, len(levels[-1]))
    paths: list[tuple[str, ...]] = []
    for column in range(width):
        labels = [level[column] for level in levels if column < len(level) and level[column]]
        paths.append(tuple(dict.fromkeys(bare for label in labels if (bare := label.strip()))))
    return paths


def _spanned(header: list[str], columns: int) -> list[str]:
    """A single header row that is shorter than the rows below: the label of the levels spans what is missing.

    Where no label is a level's, it cannot be known which one spans, and the columns stay without headers.
    """
    spanning = next((i for i, text in enumerate(header) if (column_role(text) or "").startswith("level")), None)
    if spanning is None:
        return [""] * columns
    return header[:spanning] + [header[spanning]] * (columns - len(header) + 1) + header[spanning + 1 :]


def _expand(upper: list[str], lower: list[str]) -> list[str]:
    """The upper header row set out over the columns of the lower one.

    An empty cell below continues the cell above it (merged downwards); a run of labels below stands under one cell
    (merged across), or under several where the labels of the later ones end in the upper cell's own label.
    """
    if len(upper) >= len(lower):
        return upper
    out: list[str] = []
    queue = list(upper)
    index = 0
    while index < len(lower):
        if not lower[index]:
            out.append(queue.pop(0) if queue else "")
            index += 1
            continue
        run = index
        while run < len(lower) and lower[run]:
            run += 1
        out += _spread(queue, lower[index:run], empties_after=sum(1 for x in lower[run:] if not x))
        index = run
    return out


def _spread(queue: list[str], labels: list[str], empties_after: int) -> list[str]:
    take = max(1, len(queue) - empties_after)
    parents = [queue.pop(0) for _ in range(min(take, len(queue)))]
    if not parents:
        return ["" for _ in labels]
    out = []
    current = 0
    for label in labels:
        later = next(
            (i for i in range(current + 1, len(parents)) if bare_header(parents[i]) in bare_header(label)), None
        )
        if later is not None:
            current = later
        out.append(parents[current])
    return out


_YEAR_LINE = re.compile(r"[（(]\s?(?:19|20)\d{2}\s?年度?\s?[）)]\Z")


def is_year_line(view: View) -> bool:
    """Whether a line is the bracketed year below a form's title: （2022年度）."""
    return bool(_YEAR_LINE.match(view.text))


_ONLY_UNIT = re.compile(
    rf"[（(]?\s?(?:金额)?(?:单位)?\s?[:：]?\s?(?:人民币)?(?:{_COUNTED}[、，,/])*[百千万亿]*元(?:[、，,/]{_COUNTED})*\s?[）)]?\Z"
)


def is_unit_line(view: View) -> bool:
    """Whether a line declares a unit and says nothing else."""
    return bool(_ONLY_UNIT.match(view.text))


def is_bare_caption(view: View) -> bool:
    """Whether an unmarked short line just above a table names it: no sentence, no list mark, no annex number."""
    text = view.text
    return (
        4 <= len(text) <= 30 and not re.search(r"[。；;，,：:]", text) and mark_of(text) is None and not is_annex(text)
    )


def caption_above(view: View) -> bool:
    """Whether a line just above a table is its caption or unit line rather than prose."""
    if unit_declared(view) and len(view.text) <= 40:
        return True
    return caption_of(view.text) is not None and not (mark_of(view.text) and len(view.text) > 40)
