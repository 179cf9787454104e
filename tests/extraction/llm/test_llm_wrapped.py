"""What a reply says is read whatever stands around it, and a reply that breaks off is asked for in halves."""

from __future__ import annotations

import json

import pytest
from llm_cases import OTHER_TASK, TASK, TEXT, chunk, lines_of, run

from eval.standin import Reply, says
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.reading import read_reply
from pipeline.flow import OutcomeStatus

JSON = json.dumps({"tasks": [TASK]}, ensure_ascii=False)
WRAPPED = [
    ("prose", f"好的，结果如下：\n{JSON}\n以上。"),
    ("braces in prose", f"格式为 {{类型: [记录]}}，结果：\n{JSON}"),
]


@pytest.mark.parametrize("words", [row[1] for row in WRAPPED], ids=[row[0] for row in WRAPPED])
def test_an_answer_is_found_among_prose_with_braces_of_its_own(words):
    assert run([Reply(content=words)]).records == [TASK]


CUT = [
    '{"tasks": [{"quote": "新增',
    '{"tasks": [{"quote": "a", "task": "b"}',
    '好的：\n{"tasks": [',
    "```json\n" + JSON[:-4],
]


@pytest.mark.parametrize("words", CUT)
def test_a_reply_that_breaks_off_is_cut_off_whatever_the_endpoint_calls_it(words):
    with pytest.raises(CallError) as caught:
        read_reply(words, ("tasks",))
    assert caught.value.fault is Fault.LENGTH


def test_a_chunk_whose_reply_breaks_off_is_read_in_halves():
    cut = Reply(content='{"tasks": [{"quote": "新增')
    done = run([cut, says({"tasks": [TASK]}), says({"tasks": [OTHER_TASK]})], [chunk(parts=lines_of(TEXT))])
    assert done.outcome.status is OutcomeStatus.DONE
    assert done.records == [TASK, OTHER_TASK]


def test_a_single_block_whose_reply_breaks_off_fails_with_its_name():
    done = run([Reply(content='{"tasks": [{"quote": "新增')])
    assert done.outcome.status is OutcomeStatus.FAILED
    assert done.outcome.reason.startswith("length: ")
