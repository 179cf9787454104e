"""Extraction, offline: ``tasks`` from labelled items, 任务1/目标1 lists, goal tables and lists below task headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.extraction.offline.context import Context, words
from pipeline.extraction.offline.items import labelled
from pipeline.extraction.offline.leads import lead_of, sections
from pipeline.extraction.offline.project_items import stated_project
from pipeline.extraction.offline.task_tables import NUMBERED, is_task_table, read_rows
from pipeline.flow import Block, BlockKind, Cell, Draft, Row, Table, View
from pipeline.layout.lines import join, strip
from pipeline.layout.marks import caption_of, mark_of
from schemas.columns import column_role
from schemas.tasks import Task
from schemas.values import Span, squeeze

_GOAL_LABEL = re.compile(r"(?:年度|绩效|总体)*目标(?P<seq>\d{1,2})[：:]?(?:[（(][^（()）]{1,8}[）)])?[：:]?\Z")
_FORM_PART = re.compile(r"\d{1,2}[.．、](?:项目)?(?:年度目标|实施内容|实施情况|资金|预算执行)[\u4e00-\u9fff]{0,12}")
"""What a form's parts are called (2.项目实施内容及过程概述)."""

_GOAL_LENGTH = 8
_TABLE_CAPTION = re.compile(r"附?表\s?\d")
_HEADING = re.compile(r"任务|(?<!特定)目标|重点工作|年度主要工作|项目主要内容|工作计划")
_DONE = re.compile(
    r"[，,]\s?(?=(?:已|实际|全部|均已|全年)(?:经)?(?:完成|实现|达到|调解|建成|开展|落实|新增)|已实现|完成率)"
)
_TELLS = re.compile(r"(?:全年|年内|累计|已|共|全面|圆满|顺利)?(?:完成|建成|实施|开展|组织|新增|发放|改造|举办|落实)")
_NOT_HEADING = re.compile(r"问题|建议|原因|措施|依据|原则|概述|职能|职责|申报|设定|合理性|明确性|自评|评价|管理")
_NAMED_TASKS = re.compile(r"(?:任务|目标)(?:主要)?(?:(?:为|是|包括|如下)[：:]|[：:](?=\s*一是))")
_ANNOUNCED = re.compile(r"(?:任务|目标)(?:主要)?(?:为|是|包括|如下|有)[：:]\s*\Z")
_NEAR_END = 16
_CLAUSE = re.compile(r"[^，,。；;]+")
_PART = re.compile(r"[^；;。]+")
_FEWEST_TARGETS, _SHORTEST, _LONGEST = 3, 6, 40
"""Parts of a goal that are tasks of their own: at least so many, and how short and long each is."""

_BRACKETED = re.compile(r"[（(](\d{1,2})[）)]")
_OF_WHICH = re.compile(r"\s*其中[：:，,]?\s*")
_LOOKS_BACK = re.compile(
    r"\s*(?:一年来|全年|1[-—－]12月|(?:19|20)\d{2}年[，,]|本年度[，,]|我(?:局|委|县|市)|(?:县|市|区|州)?[\u4e00-\u9fff]{1,6}局)"
)
_COMPLETION = re.compile(r"完成情况")
_GOAL = re.compile(r"(?:年度|总体|绩效|部门|项目|单位|整体|支出|预期|工作|(?:19|20)\d{2}\s?年(?:度)?)*目标")
_GOAL_DONE = re.compile(r"(?:年度|总体|绩效|工作|任务|和|目标)*(?:实际)?(?:完成|实现)情况")
_GOAL_LEAD = re.compile(rf"(?:{_GOAL.pattern})[：:]\s?")
_NO_GOAL = re.compile(r"详见|见附|设定|编制了|申报|[：:]$")
_NUMBERED_LEVEL = 3
_NEXT_NUMBER = re.compile(r"[。；;\s]\d{1,2}[.．、](?!\d)")
_ORDINAL = re.compile(r"(?:^|(?<=[。；;：:，,]))\s*[一二三四五六七八九]是")
_LABEL_BEFORE = re.compile(r"[^。；;，,、）)\s]{2,20}\s?[：:]$")


def read(context: Context) -> Iterator[Draft]:
    """The tasks of a document in reading order; a list that is repeated as 完成情况 completes the first one."""
    goals: dict[tuple[str | None, str, str], int] = {}
    drafts: list[Draft] = []
    for word, draft in _stated(context):
        record = draft.record
        assert isinstance(record, Task)
        key = (record.section, word, record.seq or "")
        if word and record.seq and key in goals and record.completion is None:
            first = drafts[goals[key]]
            done = first.record.model_copy(update={"completion": record.task})
            drafts[goals.pop(key)] = replace(first, record=done)
            continue
        if word and record.seq and record.completion is None:
            goals[key] = len(drafts)
        drafts.append(draft)
    yield from drafts


def _stated(context: Context) -> Iterator[tuple[str, Draft]]:
    """Each task with the word that numbers it (任务, 目标), empty where none does."""
    parts = context.layout.parts
    named = {p.path for p in context.layout.blocks if _NAMED_TASKS.search(p.text) and p.kind is BlockKind.PARAGRAPH}
    above = context.once(sections)
    caption: str | None = None
    for index, part in enumerate(parts):
        if isinstance(part, Table):
            yield from (("", draft) for draft in _from_table(context, part))
            continue
        if part.kind is BlockKind.HEADING:
            caption = None
        elif _TABLE_CAPTION.match(part.text) and caption_of(part.text):
            caption = part.text
        if (pair := _goal_beside(part, parts[index + 1 : index + 4])) is not None:
            label = _goal_label(parts[max(index - 4, 0) : index])
            yield "", _task(context, label, None, *pair, Span(pair[0].whole.start, _clause_stop(pair[0])))
        elif part.kind is BlockKind.PARAGRAPH and part.path in named:
            yield from (("", draft) for draft in _named_tasks(context, part))
        elif part.kind is not BlockKind.ITEM or part.path not in named:
            numbered = NUMBERED.match(part.text)
            section = above[part.span.start]
            following = parts[index + 1 : index + 13]
            for draft in _from_block(context, part, following, section, caption):
                yield numbered["word"] if numbered else "", draft
            goals = _goals_below(context, part, following) if part.kind is BlockKind.HEADING else ()
            yield from (("", draft) for draft in goals)


def _from_block(
    context: Context,
    block: Block,
    following: tuple[Block | Table, ...],
    section: str | None,
    caption: str | None,
) -> Iterator[Draft]:
    fields = labelled(block.view, "task_items")
    goal = _paired_goal(block, following)
    if goal is None and fields and fields[0][0] == "task" and fields[0][1].text.strip():
        yield from _labelled_tasks(context, block, fields, following)
        return
    if block.kind is not BlockKind.ITEM or section is None or block.text.rstrip().endswith(("？", "?")):
        return
    numbered = NUMBERED.match(block.text)
    if (
        fields
        and (fields[0][0] == "completion" or (fields[0][0] == "reason" and _HEADING.search(section)))
        and (task := _before_label(block, fields[0][1])).text
    ):
        yield _completed_task(context, block, section, task, dict(reversed(fields)))
    elif numbered:
        view = strip(block.view.part(numbered.end(), len(block.text)))
        if view.text:
            yield _task(context, caption or section, numbered["seq"], view, None, block.span)
    elif goal is not None:
        yield _task(context, section, None, goal[0], goal[1], Span(block.span.start, _clause_stop(goal[0])))
    elif (alone := _lone_goal(block, following)) is not None:
        yield _task(context, section, None, alone, None, Span(block.span.start, _clause_stop(alone)))
    elif block.level >= 3 and _is_of_tasks(context, section) and stated_project(block, section) is None:
        yield from _listed_task(context, block, section)


def _is_of_tasks(context: Context, section: str) -> bool:
    """Whether a section lists tasks: its heading says so, or the item that heads it ends in their announcement."""
    if section in context.once(_announced):
        return True
    return bool(_HEADING.search(section)) and not _NOT_HEADING.search(section)


def _announced(context: Context) -> frozenset[str]:
    """The sections whose own words end in “…目标为：”."""
    leads = ((b, lead_of(b)) for b in context.layout.blocks if b.mark and _ANNOUNCED.search(b.text[-_NEAR_END:]))
    return frozenset(f"{b.mark}{lead.head.text}".strip() for b, lead in leads if lead is not None)


def _before_label(block: Block, value: View) -> View:
    """What an item says before its first label, whose value is given: empty where the label comes first."""
    if not value.text:
        return View("", ())
    start = bisect_left(block.view.places, value.places[0])
    label = _LABEL_BEFORE.search(block.text, max(start - 24, 0), start)
    stop = label.start() if label else 0
    return strip(block.view.part(len(block.mark), max(stop, len(block.mark))))


def _completed_task(context: Context, block: Block, section: str, task: View, texts: dict[str, View]) -> Draft:
    """“1.改造桥梁7座。完成情况：…未完成原因：…”: the task stands before its labels."""
    mark = mark_of(block.text)
    done = texts.get("completion")
    if done is None and (cut := _DONE.search(task.text)):
        task, done = task.part(0, cut.start()), strip(task.part(cut.end(), len(task.text)))
    record = Task(
        quote=context.quote(Span(block.span.start, task.whole.stop)),
        section=section,
        seq=mark.seq if mark else None,
        task=_clean(task.text),
        completion=_optional(done),
        reason=_optional(texts.get("reason")),
    )
    return context.draft("tasks", record, Span(block.span.start, task.whole.stop))


def _paired_goal(block: Block, following: tuple[Block | Table, ...]) -> tuple[View, View | None] | None:
    """“（一）年度总体目标：…” and, of its next sibling, “（二）目标完成情况：…”; None for other items."""
    lead = lead_of(block)
    if lead is None or not lead.body.text or not _GOAL.fullmatch(lead.head.text):
        return None
    after = following[0] if following else None
    other = lead_of(after) if isinstance(after, Block) and after.level == block.level else None
    if other is None or not other.body.text or not _GOAL_DONE.fullmatch(other.head.text):
        return None
    return lead.body, other.body


def _goal_beside(heads: Block, following: Sequence[Block | Table]) -> tuple[View, View] | None:
    """What text leaves of a form's two cells “预期目标 实际完成情况”: their headers on one line, a paragraph of each."""
    roles = [column_role(word) for word in heads.text.split()] if len(heads.text) <= 24 else []
    if roles != ["goal", "done"] or len(following) < 3:
        return None
    goal, done, after = following
    if not isinstance(goal, Block) or not isinstance(done, Block) or (isinstance(after, Block) and len(after.text) > 4):
        return None
    plain = all(b.kind is BlockKind.PARAGRAPH and len(b.text) >= 8 for b in (goal, done))
    return (strip(goal.view), strip(done.view)) if plain else None


def _goal_label(above: Sequence[Block | Table]) -> str | None:
    """The label of a goal's cells, its words broken over the lines above them (年度, 总体, 目标)."""
    texts = [squeeze(part.text) if isinstance(part, Block) and len(part.text) <= 6 else "。" for part in above]
    joined = ["".join(texts[start:]) for start in range(len(texts))]
    return next((label for label in joined if _GOAL.fullmatch(label)), None)


def _lone_goal(block: Block, following: tuple[Block | Table, ...]) -> View | None:
    """“（二）绩效目标。改造茶园1200亩…” where no list of goals follows."""
    lead = lead_of(block)
    if (
        lead is None
        or len(lead.body.text) < 8
        or not _GOAL.fullmatch(lead.head.text)
        or _NO_GOAL.search(lead.body.text)
    ):
        return None
    after = following[0] if following else None
    return None if isinstance(after, Block) and after.level > block.level else lead.body


def _clause_stop(view: View) -> int:
    """Where the first clause of a text ends."""
    match = _CLAUSE.match(view.text)
    return view.span(0, match.end()).stop if match else view.whole.stop


def _goals_below(context: Context, heading: Block, following: tuple[Block | Table, ...]) -> Iterator[Draft]:
    """A goal that is the one paragraph below a heading of goals (年度绩效目标), or its 一是 … 二是 …"""
    if not _GOAL.fullmatch(heading.title) or not following or not isinstance(following[0], Block):
        return
    block = following[0]
    after = following[1] if len(following) > 1 else None
    alone = not isinstance(after, Block) or after.kind is BlockKind.HEADING
    if block.kind is not BlockKind.PARAGRAPH or not alone or _NO_GOAL.search(block.text):
        return
    lead = _GOAL_LEAD.match(block.text)
    view = block.view.part(lead.end() if lead else 0, len(block.text))
    for part in _ordinal_parts(view) or _targets(view) or [view]:
        goal = strip(part)
        if len(goal.text) >= 8:
            yield _task(context, heading.text, None, goal, None, Span(goal.whole.start, _clause_stop(goal)))


def _ordinal_parts(view: View) -> list[View]:
    """What 一是 …；二是 … tells, one part each; empty where there are not two."""
    marks = list(_ORDINAL.finditer(view.text))
    if len(marks) < 2:
        return []
    stops = [*(m.start() for m in marks[1:]), len(view.text)]
    return [view.part(m.end(), stop) for m, stop in zip(marks, stops, strict=True)]


def _named_tasks(context: Context, block: Block) -> Iterator[Draft]:
    """“重点工作任务为：甲增长9%，新增乙6家。…”: each clause up to the first sentence that looks back is a task; where
    一是 …；二是 … divide them, each of these."""
    lead = _NAMED_TASKS.search(block.text)
    if lead is None:
        return
    stop = block.text.find("。", lead.end())
    for part in (parts := _ordinal_parts(block.view.part(lead.end(), stop if stop > 0 else len(block.text)))):
        task = strip(part.part(0, len(part.text.rstrip("；;。 "))))
        yield _task(context, block.path[-1] if block.path else None, None, task, None, task.whole)
    if parts:
        return
    if "目标" in lead[0]:
        goal = strip(block.view.part(lead.end(), stop if stop > 0 else len(block.text)))
        if goal.text:
            yield _task(context, block.path[-1] if block.path else None, None, goal, None, goal.whole)
        return
    for match in _CLAUSE.finditer(block.text, lead.end()):
        clause = block.view.part(match.start(), match.end())
        if _LOOKS_BACK.match(clause.text):
            return
        start = _OF_WHICH.match(clause.text)
        clause = strip(clause.part(start.end() if start else 0, len(clause.text)))
        if len(clause.text) >= 5:
            yield _task(context, block.path[-1] if block.path else None, None, clause, None, clause.whole)


def _labelled_tasks(
    context: Context, block: Block, fields: list[tuple[str, View]], following: tuple[Block | Table, ...]
) -> Iterator[Draft]:
    """What stands behind 年度目标： and the like: one task, or one for each （1） … （2） … that divide it."""
    parts: list[tuple[str | None, View]] = _bracketed(fields[0][1]) if len(fields) == 1 else []
    if len(fields) == 1 and not parts:
        parts = [(None, part) for part in _targets(fields[0][1])]
    for seq, part in parts:
        yield _task(context, block.path[-1] if block.path else None, seq, part, None, part.whole)
    if not parts:
        yield _labelled_task(context, block, fields, following)


def _targets(view: View) -> list[View]:
    """“改造桥梁7座；新建公路40公里；培训300人次”: each of at least three short parts with a figure; empty for other texts."""
    parts = [strip(view.part(m.start(), m.end())) for m in _PART.finditer(view.text)]
    short = all(_SHORTEST <= len(p.text) <= _LONGEST and any(map(str.isdigit, p.text)) for p in parts)
    return parts if len(parts) >= _FEWEST_TARGETS and short else []


def _bracketed(view: View) -> list[tuple[str | None, View]]:
    """The parts of a text that begins with （1） and goes on with （2）, with their numbers; empty for other texts."""
    marks = list(_BRACKETED.finditer(view.text))
    if (
        len(marks) < 2
        or view.text[: marks[0].start()].strip()
        or [int(m[1]) for m in marks] != [*range(1, len(marks) + 1)]
    ):
        return []
    stops = [*(m.start() for m in marks[1:]), len(view.text)]
    parts = [(m[1], view.part(m.end(), stop)) for m, stop in zip(marks, stops, strict=True)]
    return [(seq, strip(part.part(0, len(part.text.rstrip("；;。 "))))) for seq, part in parts]


def _labelled_task(
    context: Context, block: Block, fields: list[tuple[str, View]], following: tuple[Block | Table, ...]
) -> Draft:
    """年度工作任务：…完成情况：…未完成原因：…; paragraphs that follow the item go on with its last field."""
    texts = dict(reversed(fields))
    last = fields[-1][0]
    if last == "reason":
        more = [texts[last]]
        for part in following:
            if not isinstance(part, Block) or part.kind is not BlockKind.PARAGRAPH:
                break
            more.append(part.view)
        texts[last] = join(more)
    mark = mark_of(block.text)
    task = strip(texts["task"])
    value = Task(
        quote=context.quote(task.whole),
        section=block.path[-1] if block.path else None,
        seq=mark.seq if mark else None,
        task=_clean(task.text),
        completion=_optional(texts.get("completion")),
        reason=_optional(texts.get("reason")),
    )
    return context.draft("tasks", value, task.whole)


def _listed_task(context: Context, block: Block, section: str) -> Iterator[Draft]:
    """An item below a heading of tasks; below one of tasks and their completion, its first sentence is the task."""
    mark = mark_of(block.text)
    body = strip(block.view.part(len(block.mark), len(block.text)))
    if not body.text or mark is None:
        return
    cut = body.text.find("。")
    told = _COMPLETION.search(section) or ("工作" in section and _TELLS.match(body.text, cut + 1))
    done = _DONE.search(body.text) if _COMPLETION.search(section) else None
    if done and done.end() < len(body.text) and not 0 < cut < done.start():
        task, completion = body.part(0, done.start()), strip(body.part(done.end(), len(body.text)))
        yield _task(context, section, mark.seq, task, completion, block.view.span(0, len(block.mark) + done.start()))
    elif told and 0 < cut < 40 and cut + 1 < len(body.text):
        task, completion = body.part(0, cut), strip(body.part(cut + 1, len(body.text)))
        yield _task(context, section, mark.seq, task, completion, block.view.span(0, len(block.mark) + cut))
    else:
        yield _task(context, section, mark.seq, body, None, block.span)


def _from_table(context: Context, table: Table) -> Iterator[Draft]:
    if table.header_rows and is_task_table(columns := context.columns(table)):
        yield from read_rows(context, columns)
        return
    header = table.rows[0].cells if table.header_rows else ()
    roles = list(context.columns(table).roles) if table.header_rows else []
    if "goal" in roles:
        goal, done = roles.index("goal"), roles.index("done") if "done" in roles else None
        corner = next((c.text for c in reversed(header[:goal]) if c.text), None)
        for row in table.body:
            if any(mark_of(c.text) for c in row.cells[:goal]) or _is_label(row.cells[goal : goal + 1]):
                continue
            if goal < len(row.cells) and row.cells[goal].text and (done is None or done < len(row.cells)):
                yield from _goal_row(
                    context,
                    corner or table.caption or (table.path[-1] if table.path else None),
                    row.cells[goal].view,
                    row.cells[done].view if done is not None else None,
                )
        return
    for index, row in enumerate(table.rows):
        if (told := _told_beside(row, "goal")) is not None:
            section = next((c.text for c in row.cells if c.text and column_role(c.text) == "goal"), None)
            after = next((_told_beside(r, "done") for r in table.rows[index + 1 : index + 2]), None)
            yield from _goal_row(context, section, told.view, after.view if after else None)
            continue
        for label, cell in zip(row.cells, row.cells[1:], strict=False):
            if NUMBERED.match(cell.text) and len(label.text) <= 20:
                yield from _goal_row(context, label.text, cell.view, None)
            elif cell.text and (numbered := _GOAL_LABEL.match(squeeze(label.text))) and not column_role(cell.text):
                yield _task(context, table.caption, numbered["seq"], strip(cell.view), None, cell.span)


def _is_label(cells: Sequence[Cell]) -> bool:
    """Whether a goal's cell is the label of the form's next part, as a merged cell left it there."""
    return bool(cells) and _FORM_PART.fullmatch(squeeze(cells[0].text)) is not None


def _told_beside(row: Row, role: str) -> Cell | None:
    """The text beside the label 预期目标 or 实际完成情况 of a row, None where none stands there."""
    filled = [cell for cell in row.cells if cell.text]
    for label, cell in pairwise(filled):
        if column_role(label.text) == role and column_role(cell.text) is None:
            return cell if len(cell.text) >= _GOAL_LENGTH else None
    return None


def _goal_row(context: Context, section: str | None, goal: View, done: View | None) -> Iterator[Draft]:
    goals = _split(goal)
    dones = _split(done) if done is not None else []
    completions = {seq: view for seq, view in dones if seq}
    for seq, view in goals:
        completion = (
            completions.get(seq) if seq and completions else (dones[0][1] if dones and len(goals) == 1 else None)
        )
        if view.text:
            yield _task(context, section or None, seq, view, completion, view.whole)


def _split(view: View) -> list[tuple[str | None, View]]:
    """A cell's goals: one where nothing is numbered, else one for each 目标N."""
    matches = list(NUMBERED.finditer(view.text))
    if not matches:
        return [_alone(strip(view))] if view.text.strip() else []
    found: list[tuple[str | None, View]] = []
    for number, match in enumerate(matches):
        stop = matches[number + 1].start() if number + 1 < len(matches) else len(view.text)
        found.append((match["seq"], strip(view.part(match.end(), stop))))
    return found


def _alone(view: View) -> tuple[str | None, View]:
    """The one goal of a cell, its number parted from it where no other is numbered in the cell (2.落实防治措施。)."""
    mark = mark_of(view.text)
    if (
        mark is None
        or mark.level != _NUMBERED_LEVEL
        or not mark.seq.isdecimal()
        or _NEXT_NUMBER.search(view.text, len(mark.text))
    ):
        return None, view
    return mark.seq, strip(view.part(len(mark.text), len(view.text)))


def _task(
    context: Context, section: str | None, seq: str | None, task: View, completion: View | None, quote: Span
) -> Draft:
    value = Task(
        quote=context.quote(quote), section=section, seq=seq, task=_clean(task.text), completion=_optional(completion)
    )
    return context.draft("tasks", value, quote)


def _clean(text: str) -> str:
    return text.strip().strip("，,、").removesuffix("。").strip() or text


def _optional(view: View | None) -> str | None:
    return words(view.text.strip().strip("，,")) if view is not None else None
