"""Layout: the first rows of a self-evaluation form (项目支出绩效自评表), which name its project and its department."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from pipeline.flow import Cell, Table
from pipeline.layout.dashes import DASHES
from schemas.columns import column_role
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

_NAME_LINE = re.compile(r"[（(]\s*([^（）()。；：:]{4,40})\s*[)）]")


@cache
def _label(which: str) -> re.Pattern[str]:
    return re.compile(load_vocabulary("headings")["form"][which])


@lru_cache(maxsize=4096)
def is_form_label(text: str) -> bool:
    """Whether a cell's text is the label of a form's project or department."""
    return names_project(text) or _names_department(text)


@lru_cache(maxsize=4096)
def names_project(text: str) -> bool:
    """Whether a cell's text is the label of a form's project (项目名称)."""
    return _label("name").fullmatch(squeeze(text)) is not None


@lru_cache(maxsize=4096)
def _names_department(text: str) -> bool:
    return _label("department").fullmatch(squeeze(text)) is not None


def named_on_line(text: str) -> str | None:
    """The project that a line between a form's title and its table is: nothing but a name in brackets, no unit."""
    match = _NAME_LINE.fullmatch(text.strip())
    return match[1].strip() if match else None


_LABELS_OF_A_ROW = 3
"""More names of columns than these in one row are a header."""


def project_cell(table: Table) -> Cell | None:
    """The cell that names a form's project, None where the table has none."""
    return cell_after(table, names_project)


def department_cell(table: Table) -> Cell | None:
    """The cell that names a form's department, None where the table has none."""
    return cell_after(table, _names_department)


def cell_after(table: Table, is_label: Callable[[str], bool]) -> Cell | None:
    """The first filled cell after the one that is the label, in its row; None where only another label stands there, or
    where the row is the header of columns."""
    for row in table.rows:
        labels = [index for index, cell in enumerate(row.cells) if is_label(cell.text)]
        if labels and sum(column_role(cell.text) is not None for cell in row.cells) <= _LABELS_OF_A_ROW:
            for index in labels:
                found = next((c for c in row.cells[index + 1 :] if c.text and c.text not in DASHES), None)
                if found is not None and column_role(found.text) is None and not is_form_label(found.text):
                    return found
    return None
