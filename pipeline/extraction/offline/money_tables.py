"""Extraction, offline: ``projects`` and ``budget_facts`` from tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pipeline.extraction.offline.columns import Columns, is_total_row, number, plain, unmarked
from pipeline.extraction.offline.context import Context, Places, words
from pipeline.extraction.offline.fact_labels import is_budget_label, measure_of
from pipeline.extraction.offline.forms import Form, forms
from pipeline.extraction.offline.project_items import is_project_name
from pipeline.extraction.offline.projects_prose import fund_level
from pipeline.extraction.offline.row_parts import parts_below
from pipeline.extraction.offline.scores import table_name
from pipeline.extraction.offline.table_sides import side_of, whole_tables
from pipeline.flow import Cell, Draft, Row, Table
from pipeline.layout.dashes import DASHES
from pipeline.layout.form_labels import project_cell
from pipeline.numerals import whole_numeral
from schemas.budget_facts import BudgetFact, Measure, can_be_in
from schemas.columns import bare_header, is_total
from schemas.labels import field_labels
from schemas.projects import Project
from schemas.values import FIRST_YEAR, Span, squeeze
from schemas.word_files import load_vocabulary

_BUDGET_ROLES = {
    "initial_budget": "initial_budget",
    "supplementary": "supplementary_budget",
    "full_year_budget": "full_year_budget",
    "executed": "executed",
}
_MEASURES = {
    "initial_budget": Measure.INITIAL_BUDGET,
    "supplementary": Measure.SUPPLEMENTARY,
    "reduction": Measure.REDUCTION,
    "adjustment": Measure.ADJUSTMENT,
    "full_year_budget": Measure.FULL_YEAR_BUDGET,
    "executed": Measure.EXECUTED,
    "carried_in": Measure.CARRIED_IN,
    "carried_out": Measure.CARRIED_OUT,
    "received": Measure.RECEIVED,
    "change": Measure.CHANGE,
    "change_rate": Measure.RATE,
    "execution_rate": Measure.RATE,
    "share": Measure.RATE,
}
_OWN_LABEL = frozenset({"execution_rate", "share"})
"""Roles of columns whose label goes below that of the row (支出, 执行率)."""

_SHARE_LABEL = re.compile(r"(?:率|占比|比重|比例)$")
_AMOUNT_MEASURES = {
    "supplementary_budget": Measure.SUPPLEMENTARY,
    "initial_budget": Measure.INITIAL_BUDGET,
    "full_year_budget": Measure.FULL_YEAR_BUDGET,
    "executed": Measure.EXECUTED,
}
_SOURCE = re.compile(
    r"^(?:中央|省|自治区|市|州|盟|县|区|旗|地方|本级|上级|财政|其他|自筹|社会|配套)[\u4e00-\u9fff]{0,4}(?:资金|配套|补助|自筹)$"
)
"""The header of a column that says where money of a budget comes from, which stands beside what was spent of it."""

_GRANTED = ("received", "full_year_budget", "initial_budget")
_SOURCES = frozenset({"fiscal_appropriation", "other_funds"})
_CATEGORY = re.compile(
    r"^.{0,3}(?:基本支出|项目支出|人员经费|公用经费|三公|工资福利|商品和?服务|对个人和?家庭|资本性支出|(?:人员|运转|特定目标|其他运转)类(?:项目|支出)?$|公共服务支出|总计|收入|转移支付|本级)"
    r"|公务用车|公务接待|因公出国|财政拨款|结转|结余|(?:支出|收入)(?:合计)?$"
)
_SPENT_ON = re.compile(r"^(?:支出|补助|资金)(?:内容|事项|用途)$")
"""The header of a column that says what one fund was spent on: numbered, its rows are projects."""

_SAMPLED = re.compile(r"抽查|抽样")
"""What a row says that tells how much an evaluation looked at."""

_FUND_GROUP = re.compile(
    r"(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])?(?:[州市县区省乡镇]?本级|上级|中央|[省市县州区]级)"
    r"(?:财政|安排|下达|拨付|预算|资金|专项|补助|转移支付|项目|支出|的|小计)*[：:]?"
)
"""A row of a table of projects that heads those of one level's money (州本级资金安排的项目)."""

_YEARS = re.compile(r"(?:预算|会计|财政)?年[度份]?")
_YEAR = re.compile(r"((?:199|20\d)\d)年?度?")
_STOCK = re.compile(r"(?:年|期)[初末](?:数|余额|金额|原值|净值)?")
"""The header of a column that says when assets were counted."""

_OF_WHICH = re.compile(r"其中[：:]?.")
_PART = re.compile(r"^其中[：:]")
_PERCENT = re.compile(r"[（(]\s?([%％])\s?[）)]")
_OTHER_UNIT = re.compile(r"[（(](?:[万亿]?亩|公里|千米|米|平方米|个|处|座|户|次|人次|吨|辆|台|套|天|年|月)[）)]$")
_NOT_MONEY = frozenset(
    {
        "weight",
        "score",
        "score_rate",
        "seq",
        "status",
        "reason",
        "count",
        "target",
        "actual",
        "source",
        "ignored",
    }
)


def read(context: Context) -> Iterator[Draft]:
    """The projects and budget facts that tables state, in reading order."""
    of_forms = {t.span.start for form in context.once(forms) for t in _of_project(form)}
    for table in whole_tables(context.layout.tables):
        columns = context.columns(table)
        if table.span.start in of_forms or columns.any("level2", "level3", "level4", "goal", "target"):
            continue
        if columns.has("option") and columns.any("count", "share"):
            continue
        if not table.header_rows:
            yield from _pairs(context, table)
        elif _is_projects(columns):
            yield from _projects(context, table, columns)
        elif not columns.has("weight", "score") or columns.any(*_BUDGET_ROLES):
            yield from _facts(context, table, columns)


def _of_project(form: Form) -> Iterator[Table]:
    """A form's tables from the one on that names the project: what stands above it is of the department."""
    named = form.name_above is not None
    for table in form.tables:
        named = named or project_cell(table) is not None
        if named:
            yield table


def _is_projects(columns: Columns) -> bool:
    if "name" not in columns.roles or not columns.any("amount", *_BUDGET_ROLES) or columns.any("year"):
        return False
    column = columns.roles.index("name")
    names = [unmarked(c.text) for row in columns.table.body if (c := columns.at(row, column)) and not is_total(c.text)]
    categories = sum(1 for name in names if _CATEGORY.search(name))
    if columns.any("carried_in", "carried_out") and 2 * sum(is_project_name(n, surely=True) for n in names) <= len(
        names
    ):
        return False
    if _SPENT_ON.search(columns.label(column)) and "seq" not in columns.roles:
        return False
    return bool(names) and categories * 3 <= len(names)


def _projects(context: Context, table: Table, columns: Columns) -> Iterator[Draft]:
    column = columns.roles.index("name")
    caption = table_name(table)
    fields = [_project_field(columns, index, caption) for index in range(len(columns.roles))]
    group: str | None = None
    for row in table.body:
        if is_total_row(row):
            yield from _facts_of_row(context, table, columns, row, ())
            continue
        name = columns.at(row, column)
        if name is None or number(name):
            continue
        if _FUND_GROUP.fullmatch(squeeze(name.text)):
            group = name.text
            yield from _facts_of_row(context, table, columns, row, ())
            continue
        places = Places()
        values: dict[str, Any] = {}
        for index, field in enumerate(fields):
            cell = columns.at(row, index)
            if cell and field and field not in values and (money := columns.money(places, field, cell, index)):
                values[field] = money
        if not values:
            continue
        rate, seq = columns.cell(row, "execution_rate"), columns.cell(row, "seq")
        source = columns.cell(row, "source")
        status, overview = columns.cell(row, "status"), columns.cell(row, "overview")
        reason = columns.cell(row, "reason")
        record = Project(
            quote=context.quote(row.span),
            section=caption,
            seq=squeeze(seq.text) if seq else None,
            name=name.text,
            fund_level=fund_level(source.text if source else group or caption),
            execution_rate=places.quantity("execution_rate", rate.view) if rate else None,
            status=words(status.text) if status else None,
            implementation=words(overview.text) if overview else None,
            unfinished_reason=words(reason.text) if reason else None,
            **values,
        )
        yield context.draft("projects", record, row.span, places.spans)


def _project_field(columns: Columns, index: int, caption: str | None) -> str | None:
    """The field of a project that a column holds: by its role, or, for where money comes from, by the labels of text."""
    role = columns.roles[index]
    if role == "amount":
        return _amount_field(caption)
    if role == "received" and not columns.any("initial_budget", "full_year_budget"):
        return "full_year_budget"
    named = field_labels("projects").field_of_row(_whole_label(columns.label(index))) if role is None else None
    return named if named in _SOURCES else _BUDGET_ROLES.get(role or "")


def _amount_field(caption: str | None) -> str:
    """Which amount a column that is only called 金额 holds: what the table's caption says, else what was spent."""
    words = caption or ""
    if re.search(r"追加|新增|调增", words):
        return "supplementary_budget"
    if "年初" in words:
        return "initial_budget"
    return "full_year_budget" if re.search(r"预算安排|预算表|预算数|安排", words) else "executed"


def _facts(context: Context, table: Table, columns: Columns) -> Iterator[Draft]:
    carried: list[tuple[int, str]] = []
    group: tuple[str, ...] = ()
    side = side_of(table)
    parts = parts_below(columns)
    depths: dict[int, int] = {}
    for index, row in enumerate(table.body):
        label = _row_label(columns, row)
        if label is None:
            yield from _facts_of_row(context, table, columns, row, ())
            continue
        depth = depths.get(parts[index], 0) + 1 if index in parts else _depth(columns, row, label)
        depths[index] = depth
        while carried and carried[-1][0] >= depth:
            carried.pop()
        named = _group_named(columns, row, label)
        if named is not None or depth == 0:
            group = (named,) if named is not None else ()
            carried.clear()
        yield from _facts_of_row(context, table, columns, row, (*side, *group, *(text for _, text in carried)))
        carried.append((depth, unmarked(label.text)))


def _row_label(columns: Columns, row: Row) -> Cell | None:
    """The last words before the row's first figure, an ordinal aside."""
    label = None
    for index, cell in enumerate(row.cells):
        text = cell.text.strip()
        if not text:
            continue
        role = columns.roles[index] if index < len(columns.roles) else None
        if role == "seq" and not is_total(text):
            continue
        if whole_numeral(text) is not None or text in DASHES:
            break
        label = cell
    return label


def _group_named(columns: Columns, row: Row, label: Cell) -> str | None:
    """The label left of a row's own that is merged down over the rows of a group (收入, 支出)."""
    index = row.cells.index(label)
    if (
        not 0 < index < len(columns.roles)
        or columns.roles[index] not in {None, "name"}
        or columns.roles[index - 1] not in {None, "name"}
    ):
        return None
    return unmarked(row.cells[index - 1].text) or None


def _depth(columns: Columns, row: Row, label: Cell) -> int:
    """How deep a row's label stands, from its ordinal (一, 1, 2.1) or its list mark."""
    seq = columns.cell(row, "seq")
    mark = squeeze(seq.text) if seq else squeeze(label.text)
    if re.search(r"^(?:合计|总计|年[初末]结[转余])|[收支入出][总合]计$", squeeze(label.text)):
        return 0
    if re.match(r"[一二三四五六七八九十]+(?:、|$)", mark):
        return 1
    if match := re.match(r"\d+(?:\.\d+)*", mark):
        return 2 + match[0].count(".")
    return 2 if re.search(r"[：:]$", label.text.strip()) else 3


def _facts_of_row(
    context: Context, table: Table, columns: Columns, row: Row, above: tuple[str, ...]
) -> Iterator[Draft]:
    label = _row_label(columns, row)
    org = None
    corner = table.rows[0].cells[0].text if table.header_rows else ""
    if label is None and not corner:
        return
    of_year = _year_of_row(corner, row)
    path = above if of_year and label is None else (*above, unmarked(label.text if label else corner))
    label = label or (row.cells[0] if of_year else None)
    if (named := _org_cell(columns, row)) is not None:
        org = None if is_total(named.text) else named.text
        path = ()
    for index, cell in enumerate(row.cells):
        if index >= len(columns.roles) or columns.roles[index] in _NOT_MONEY or cell is label:
            continue
        numeral = number(columns.at(row, index))
        if numeral is None:
            continue
        header = columns.headers[index][-1].strip() if columns.headers[index] else ""
        if _OTHER_UNIT.search(header) or (_counted().search(bare_header(header)) and not _counts_people(header)):
            continue
        fact = _fact(table, columns, index, path, numeral.unit)
        if fact is None:
            continue
        labels, measure, unit = fact
        if not can_be_in(measure, unit):
            continue
        places = {"value": cell.view.span(numeral.start, numeral.stop)}
        quote = Span(
            min((label or cell).span.start, cell.span.start), cell.view.span(numeral.start, numeral.unit_stop).stop
        )
        record = BudgetFact(
            quote=context.quote(quote),
            path=labels,
            measure=measure,
            year=columns.year(index) or of_year or _year_told(context, columns, index, cell),
            org=org,
            value=plain(cell.view, numeral),
            unit=unit,
        )
        yield context.draft("budget_facts", record, quote, places)


def _org_cell(columns: Columns, row: Row) -> Cell | None:
    """The cell that names the unit whose row it is: in the first column, or in the one after the row's number."""
    first = columns.roles.index("org") if "org" in columns.roles[:2] else None
    if first is None or (first and columns.roles[0] != "seq"):
        return None
    return columns.at(row, first) or (row.cells[0] if is_total(row.cells[0].text) else None)


def _year_of_row(corner: str, row: Row) -> int | None:
    """The year that a row is about, where the table's first column holds years (年度, 年份)."""
    named = _YEAR.fullmatch(squeeze(row.cells[0].text)) if row.cells and _YEARS.fullmatch(squeeze(corner)) else None
    return int(named[1]) if named else None


def _year_told(context: Context, columns: Columns, index: int, cell: Cell) -> int | None:
    """The year of a column that names none: the fiscal year, or the one before it."""
    fiscal = context.year_at(cell.span.start)
    if fiscal is None or not columns.of_year_before(index):
        return fiscal
    return fiscal - 1 if fiscal > FIRST_YEAR else None


def _fact(
    table: Table, columns: Columns, index: int, path: tuple[str, ...], printed: str | None
) -> tuple[tuple[str, ...], Measure, str | None] | None:
    """The labels, measure and unit of a column's figures."""
    role = columns.roles[index]
    header = columns.label(index)
    if _STOCK.fullmatch(header) and _measure_of_table(_subjects(table, columns)) is Measure.ASSETS:
        labels, measure = (*path, header), Measure.ASSETS
    elif role in _MEASURES and not (path == () and role == "carried_out"):
        own = measure_of(path[-1], None) if path else None
        measure = own if own in {Measure.ADJUSTMENT, Measure.CARRIED_IN, Measure.CARRIED_OUT} else _MEASURES[role]
        if measure is Measure.EXECUTED and "决算" in header and _is_income(columns, index, path):
            measure = Measure.RECEIVED
        labels = path if path and role not in _OWN_LABEL else (*path, header)
    elif role == "amount":
        measure = _AMOUNT_MEASURES[_amount_field(table_name(table))]
        labels = path
    elif role == "year":
        measure = _measure_of_table(_subjects(table, columns)) or Measure.EXECUTED
        if measure is Measure.EXECUTED and _is_income(columns, index, path):
            measure = Measure.RECEIVED
        labels = path
    elif not header and not path:
        return None
    else:
        header = _whole_label(header)
        named = header and header not in path
        total = bool(path) and is_total(path[-1]) and not _SHARE_LABEL.search(header)
        labels = ((header, *path) if total else (*path, header)) if named else path
        measure = _measure_of_category(table, columns, index, columns.label(index), path, printed)
    declared = (
        _PERCENT.search(columns.headers[index][-1]) if measure is Measure.RATE and columns.headers[index] else None
    )
    unit = printed or (declared[1] if declared else None)
    if unit is None and measure not in {Measure.RATE, Measure.HEADCOUNT}:
        unit = columns.unit(index)
    labels = tuple(x for x in labels if x)
    return (labels, measure, unit) if labels else None


def _whole_label(header: str) -> str:
    """A header without the word that says that it is a part of the column before it (其中：财政补助)."""
    return _PART.sub("", header)


def _is_income(columns: Columns, index: int, path: tuple[str, ...]) -> bool:
    """Whether a row's label, the nearest above it that tells, or the side of the table that it stands on, says that its
    figures are income."""
    for label in reversed(path):
        if told := re.search(r"支出|结转|结余|收入", label):
            return told[0] == "收入" and not re.search(r"支出|结转|结余", label)
    return any(re.match(r"收入", squeeze(side)) for side in columns.headers[index][:-1])


def _measure_of_category(
    table: Table, columns: Columns, index: int, header: str, path: tuple[str, ...], printed: str | None
) -> Measure:
    """What a column without a role of its own measures: its own label, else the labels above and before it, else the
    caption and the heading of the table."""
    unit = "%" if printed in {"%", "％"} else "人" if _counts_people(header) else None
    own = measure_of(header, unit)
    if _OF_WHICH.match(header) and index and columns.roles[index - 1] in _MEASURES:
        return _MEASURES[columns.roles[index - 1] or ""]
    if _SOURCE.search(header) and columns.has("executed"):
        granted = next((_MEASURES[role] for role in _GRANTED if columns.has(role)), None)
        if granted is not None:
            return granted
    if own in {Measure.HEADCOUNT, Measure.ASSETS, Measure.RATE} or (own and not path):
        return own
    around = [*reversed(columns.headers[index][:-1]), *(columns.label(i) for i in range(min(3, len(columns.roles))))]
    near = next((m for label in around if (m := measure_of(bare_header(label), None))), None)
    return (
        (near if not path else None) or _measure_of_table(_subjects(table, columns)) or own or near or Measure.EXECUTED
    )


def _subjects(table: Table, columns: Columns) -> tuple[str, ...]:
    """What says what a table is about, the nearest first."""
    return (table.caption or "", " ".join((*table.path[-1:], *columns.headers[0][:1])))


def _counts_people(header: str) -> bool:
    return bool(re.search(r"编制|在职|人数|人员", header)) and not re.search(r"支出|经费|费用|率$", header)


@cache
def _counted() -> re.Pattern[str]:
    """Headers of columns that hold no money though their table declares its unit."""
    return re.compile("|".join(load_vocabulary("columns")["shapes"]["counted"]))


def _measure_of_table(subjects: Iterable[str]) -> Measure | None:
    """What a table's caption says that its figures are, else its heading."""
    return next((m for subject in subjects if (m := _measure_said(subject)) is not None), None)


def _measure_said(subject: str) -> Measure | None:
    for pattern, measure in (
        (r"预算安排|预算数|预算表", Measure.FULL_YEAR_BUDGET),
        (r"支出|决算|执行|三公", Measure.EXECUTED),
        (r"收入|到位|来源", Measure.RECEIVED),
        (r"资产", Measure.ASSETS),
        (r"结转|结余", Measure.CARRIED_OUT),
    ):
        if re.search(pattern, subject):
            return measure
    return None


def _whole(row: Row) -> str | None:
    """The first label of a row of pairs whose first figure is the sum of the others; None where it is not."""
    figures = [n.value for c in row.cells[1::2] if (n := number(c)) is not None]
    summed = len(figures) > 2 and figures[0] == sum(figures[1:])
    return unmarked(row.cells[0].text) if summed else None


def _pairs(context: Context, table: Table) -> Iterator[Draft]:
    """Forms without a header: a label, its value, a label, its value."""
    if {"预算数", "执行数"} <= {unmarked(cell.text) for row in table.rows for cell in row.cells if cell.text}:
        return  # the funds of one project's form
    for row in table.rows:
        if any(_SAMPLED.search(cell.text) for cell in row.cells):
            continue
        whole = _whole(row)
        for label, cell in zip(row.cells, row.cells[1:], strict=False):
            numeral = number(cell)
            text = unmarked(label.text)
            if numeral is None or not text or number(label) or len(text) > 20:
                continue
            people = bool(re.search(r"人数|编制|在职", text))
            unit = "人" if people else numeral.unit or table.unit
            if not is_budget_label(text, headcount=people) or (unit is None and not people):
                continue
            measure = measure_of(text, unit)
            if measure is None or not can_be_in(measure, numeral.unit or unit):
                continue
            quote = Span(label.span.start, cell.span.stop)
            record = BudgetFact(
                quote=context.quote(quote),
                path=(whole, text) if whole and whole != text else (text,),
                measure=measure,
                year=context.year_at(cell.span.start),
                value=plain(cell.view, numeral),
                unit=numeral.unit or (None if people else table.unit),
            )
            yield context.draft("budget_facts", record, quote, {"value": cell.view.span(numeral.start, numeral.stop)})
