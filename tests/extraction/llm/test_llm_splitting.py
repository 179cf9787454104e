"""A chunk whose reply does not fit is halved between blocks or rows; nothing of its text is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llm_cases import chunk, document, lines_of, run, table

from eval.standin import fails, says
from pipeline.extraction.llm.splitting import split
from pipeline.flow import OutcomeStatus
from schemas.values import Span

LINES = "".join(f"任务{number}：修复渠道{number}公里。\n" for number in range(1, 9))
TABLE = "表3 收支（单位：万元）\n机构名称\n收入\n县水利站\n305.18\n县河道所\n12.50\n县灌溉站\n7\n"
ROWS = [("机构名称", "收入"), ("县水利站", "305.18"), ("县河道所", "12.50"), ("县灌溉站", "7")]
CUT = says({}, finish_reason="length")


def tasks_of(request):
    lines = [line for line in request.text.splitlines() if line.strip()]
    return says({"tasks": [{"quote": line, "task": line} for line in lines]})


def test_halves_are_read_and_every_line_is_found_once():
    done = run(
        lambda r: CUT if len(r.text) > 40 else tasks_of(r), [chunk(LINES, parts=lines_of(LINES))], document(LINES)
    )
    assert [r["task"] for r in done.records] == LINES.splitlines()
    assert done.outcome.status is OutcomeStatus.DONE
    assert done.outcome.drafts == 8
    assert {d.chunk_id for d in done.extraction.drafts} == {"c1"}
    assert done.statuses == ["length", "length", "ok", "ok", "length", "ok", "ok"]


def test_a_context_that_is_too_long_is_halved_too():
    too_long = fails(400, "maximum context length", "context_length_exceeded")
    script = lambda r: too_long if "任务1" in r.text and "任务8" in r.text else tasks_of(r)  # noqa: E731
    assert len(run(script, [chunk(LINES, parts=lines_of(LINES))], document(LINES)).records) == 8


def test_halving_ends_by_the_settings_and_keeps_what_the_other_half_read():
    script = lambda r: CUT if "任务1：" in r.text else tasks_of(r)  # noqa: E731
    done = run(script, [chunk(LINES, parts=lines_of(LINES))], document(LINES), splits=1)
    assert done.outcome.status is OutcomeStatus.FAILED
    assert done.outcome.reason.startswith("length: ")
    assert [r["task"] for r in done.records] == LINES.splitlines()[4:]
    assert len(done.server.requests) == 3


def test_no_halving_without_splits_or_within_one_block():
    assert len(run([CUT] * 9, [chunk(LINES, parts=lines_of(LINES))], document(LINES), splits=0).server.requests) == 1
    assert len(run([CUT] * 9, [chunk(LINES)], document(LINES)).server.requests) == 1


def test_a_table_is_cut_between_rows_and_repeats_caption_unit_and_header():
    built = table(TABLE, ROWS, caption="表3 收支（单位：万元）", unit="万元")
    first, second = split(document(TABLE), chunk(TABLE, parts=(built,), context="前文"))
    assert document(TABLE).slice(first.span) + document(TABLE).slice(second.span) == TABLE
    assert document(TABLE).slice(second.span).startswith(("县河道所", "县灌溉站"))
    assert second.context.splitlines() == ["前文", "表3 收支（单位：万元）", "单位：万元", "机构名称 | 收入"]
    assert first.context == "前文"
    rows = [tuple(c.text for c in r.cells) for t in (*first.parts, *second.parts) for r in t.body]
    assert rows == ROWS[1:]
    assert all(t.header_rows == 1 and t.rows[0] == built.rows[0] for t in (*first.parts, *second.parts))


def test_a_context_that_holds_the_header_already_is_not_doubled():
    built = table(TABLE, ROWS, caption="表3 收支")
    context = "表3 收支\n机构名称 | 收入"
    assert split(document(TABLE), chunk(TABLE, parts=(built,), context=context))[1].context == context


@given(st.lists(st.text("渠道修复0123456789，。", min_size=1, max_size=12), min_size=1, max_size=12))
def test_halves_cover_the_text_and_never_divide_a_line(lines):
    text = "".join(f"{line}\n" for line in lines)
    whole = chunk(text, parts=lines_of(text))
    halves = split(document(text), whole)
    assert bool(halves) == (len(lines) > 1)
    if halves:
        first, second = halves
        assert first.span.stop == second.span.start
        assert (first.span.start, second.span.stop) == whole.span
        assert first.parts + second.parts == whole.parts
        assert first.parts
        assert second.parts


def test_parts_outside_the_span_give_no_cut():
    part = lines_of(LINES)[0]
    assert split(document(LINES), chunk(LINES, parts=(part, part), span=Span(0, 5))) == ()


@pytest.mark.parametrize("splits", [1, 2, 3])
def test_the_calls_of_endless_cutting_are_bounded(splits):
    done = run(lambda _: CUT, [chunk(LINES, parts=lines_of(LINES))], document(LINES), splits=splits)
    assert len(done.server.requests) == 2 ** (splits + 1) - 1
    assert done.outcome.status is OutcomeStatus.FAILED
