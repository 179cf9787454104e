"""Extraction, offline: ``tasks`` from tables of one task a row (序号, 年度工作任务, 完成情况, 未完成原因)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extraction.offline.columns import Columns
from pipeline.extraction.offline.context import Context, words
from pipeline.flow import Draft
from pipeline.layout.lines import strip
from schemas.tasks import Task
from schemas.values import Span, squeeze

NUMBERED = re.compile(r"(?P<word>任务|目标)\s?(?P<seq>\d{1,2})\s?[：:.、]\s*")


def is_task_table(columns: Columns) -> bool:
    """Whether a table lists tasks: their column, and one of how far each was reached that is no template's (完成情况)."""
    return columns.has("goal", "status") and not columns.any("level1", "level2", "level3", "target")


def read_rows(context: Context, columns: Columns) -> Iterator[Draft]:
    """One task a row."""
    for row in columns.table.body:
        task = columns.cell(row, "goal")
        if task is None:
            continue
        number = NUMBERED.match(task.text)
        goal = strip(task.view.part(number.end(), len(task.text))) if number else task.view
        seq, done, reason = (columns.cell(row, role) for role in ("seq", "status", "reason"))
        told = [task.span, (done or task).span]
        quote = Span(min(told).start, max(told).stop)
        record = Task(
            quote=context.quote(quote),
            section=columns.table.caption or next(reversed(columns.table.path), None),
            seq=squeeze(seq.text) if seq else (number["seq"] if number else None),
            task=words(goal.text),
            completion=words(done.text) if done else None,
            reason=words(reason.text) if reason else None,
        )
        yield context.draft("tasks", record, quote)
