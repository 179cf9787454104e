"""Extraction, offline: the self-evaluation form of one project (项目支出绩效自评表, 财预〔2020〕10号 and its variants)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from pipeline.extraction.offline.columns import Columns, unmarked
from pipeline.extraction.offline.context import Context, Places, words
from pipeline.extraction.offline.project_items import is_project_name
from pipeline.flow import Block, Cell, Draft, Row, Table
from pipeline.layout.dashes import DASHES
from pipeline.layout.form_labels import cell_after, department_cell, named_on_line, project_cell
from pipeline.numerals import whole_numeral
from schemas.projects import Project
from schemas.values import Span, squeeze

_WHAT_WAS_DONE = re.compile(r".*(?:项目实施内容.*|实施内容及过程.*|项目概况|项目内容)")
_TOTAL = re.compile(r"^(?:年度|项目)?(?:财政)?(?:资金|预算)?总额$|^合计$")
_TREASURY = re.compile(r"财政拨款|财政资金|一般公共预算")
_OTHER = re.compile(r"^其他(?:资金|来源)")
_PAIRED = {"预算数": "full_year_budget", "执行数": "executed"}
_FIELDS = {"initial_budget": "initial_budget", "full_year_budget": "full_year_budget", "executed": "executed"}


@dataclass(frozen=True)
class Form:
    """Tables that follow one another and together are one project's form."""

    context: Context
    tables: tuple[Table, ...]
    name_above: str | None

    @cached_property
    def title(self) -> str | None:
        """The form's title: the caption of its first table."""
        return self.tables[0].caption

    @cached_property
    def name(self) -> str | None:
        """The project's name: in its cell (项目名称), or in brackets on a line of its own between title and table."""
        return next((c.text for t in self.tables if (c := project_cell(t))), self.name_above)

    @cached_property
    def what_was_done(self) -> Cell | None:
        """The cell that tells what was done with the money."""
        return next((c for t in self.tables if (c := cell_after(t, _tells_what_was_done))), None)

    @cached_property
    def paired_funds(self) -> dict[str, tuple[Cell, Table, Row]]:
        """The amounts of a form whose funds are labels and values in turn (预算数：400.00 执行数：386.50)."""
        found: dict[str, tuple[Cell, Table, Row]] = {}
        for table in self.tables:
            for row in table.rows:
                for label, value in pairwise(c for c in row.cells if c.text):
                    field = _paired_field(unmarked(label.text), found)
                    if field and field not in found and whole_numeral(value.text) is not None:
                        found[field] = value, table, row
        return found if {"full_year_budget", "executed"} <= found.keys() else {}

    @cached_property
    def funds(self) -> Columns | None:
        """The table of funds: budget and spending by source."""
        found = (
            c
            for t in self.tables
            if (c := self.context.columns(t)).any("full_year_budget", "initial_budget") and c.has("executed")
        )
        return next(found, None)


def _tells_what_was_done(text: str) -> bool:
    return _WHAT_WAS_DONE.fullmatch(squeeze(text)) is not None


def forms(context: Context) -> list[Form]:
    """The project forms of a document: runs of tables that name a project (项目名称) and hold a table of its funds."""
    found = []
    for name_above, run in _runs(context.layout.parts):
        form = Form(context, tuple(run), name_above)
        if form.name is not None and (form.funds is not None or form.paired_funds):
            found.append(form)
    return found


def _runs(parts: Sequence[Block | Table]) -> Iterator[tuple[str | None, list[Table]]]:
    """Tables with nothing but a short line between them, each with the name that stands above; a table that names a
    project begins a run, and so does a line that is nothing but a name in brackets."""
    run: list[Table] = []
    name: str | None = None
    for part in parts:
        if isinstance(part, Block):
            above = named_on_line(part.text)
            if above and not is_project_name(above, surely=True):
                above = None
            if run and (above or len(part.text) > 30):
                yield name, run
                run = []
            if not run:
                name = above
            continue
        if run and _names_project(part):
            yield name, run
            run, name = [], None
        run.append(part)
    if run:
        yield name, run


def _names_project(table: Table) -> bool:
    return project_cell(table) is not None


def read(context: Context) -> Iterator[Draft]:
    """One project a form."""
    for form in context.once(forms):
        draft = _project(context, form) if form.funds is not None else _paired(context, form)
        if draft is not None:
            yield draft


def _project(context: Context, form: Form) -> Draft | None:
    name, columns = form.name, form.funds
    total = _row(columns, _TOTAL) if columns else None
    if name is None or columns is None or total is None:
        return None
    places = Places()
    values: dict[str, Any] = {}
    for index, role in enumerate(columns.roles):
        field = _FIELDS.get(role or "")
        cell = columns.at(total, index)
        if field and cell and (money := columns.money(places, field, cell, index)):
            values[field] = money
    rate = columns.cell(total, "execution_rate")
    values["execution_rate"] = places.quantity("execution_rate", rate.view) if rate else None
    for field, label in (("fiscal_appropriation", _TREASURY), ("other_funds", _OTHER)):
        row = _row(columns, label, total)
        column = columns.roles.index("full_year_budget") if "full_year_budget" in columns.roles else None
        cell = columns.at(row, column) if row and column is not None else None
        if cell and column is not None and (money := columns.money(places, field, cell, column)):
            values[field] = money
    done, reason = form.what_was_done, columns.cell(total, "reason")
    quote = Span(total.span.start, total.span.stop)
    record = Project(
        quote=context.quote(quote),
        section=form.title,
        name=name,
        implementation=words(done.text) if done else None,
        unfinished_reason=words(reason.text) if reason else None,
        **values,
    )
    return context.draft("projects", record, quote, places.spans)


def _paired_field(label: str, found: Collection[str]) -> str | None:
    """The field of a label of paired funds; the rows of sources stand below that of the budget and the spending."""
    if label in _PAIRED or "executed" not in found:
        return _PAIRED.get(label)
    if _TREASURY.search(label):
        return "fiscal_appropriation"
    return "other_funds" if _OTHER.search(label) else None


def _paired(context: Context, form: Form) -> Draft | None:
    """The project of a form whose funds are labels and values in turn."""
    places = Places()
    values: dict[str, Any] = {}
    for field, (cell, table, _) in form.paired_funds.items():
        numeral = whole_numeral(cell.text)
        if numeral is not None:
            values[field] = places.money(field, cell.view, numeral, table.unit)
    if form.name is None or not values:
        return None
    quote = form.paired_funds["executed"][2].span
    record = Project(quote=context.quote(quote), section=form.title, name=form.name, **values)
    return context.draft("projects", record, quote, places.spans)


def _row(columns: Columns | None, label: re.Pattern[str], other: Row | None = None) -> Row | None:
    """The first row with figures whose label matches, but for another."""
    for row in columns.table.body if columns else ():
        if row is other:
            continue
        text = next(
            (c.text for c in row.cells if c.text and c.text not in DASHES and whole_numeral(c.text) is None), ""
        )
        if label.search(unmarked(text)) and any(whole_numeral(c.text) for c in row.cells):
            return row
    return None


def department_named(context: Context, span: Span) -> str | None:
    """The department that a form of this part of the text names (主管部门)."""
    for table in context.layout.tables:
        if span.start <= table.span.start < span.stop:
            cell = department_cell(table)
            if cell is not None:
                return re.sub(r"\s+", "", cell.text)
    return None
