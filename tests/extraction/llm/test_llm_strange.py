"""A reply that is about another text is asked for once more, and costs no record where the second one is right."""

from __future__ import annotations

from llm_cases import OTHER_TASK, PROJECT, TASK, chunk, run

from eval.standin import says
from pipeline.extraction.llm import MemoryJournal
from pipeline.flow import OutcomeStatus

STRANGE = {"quote": "改造校舍三栋", "task": "改造校舍三栋"}


def test_a_reply_of_another_text_is_asked_for_once_more():
    done = run([says({"tasks": [STRANGE, STRANGE]}), says({"tasks": [TASK]})])
    assert done.records == [TASK]
    assert done.statuses == ["ok", "ok"]
    assert done.extraction.rejections == ()


def test_a_reply_of_types_that_were_not_asked_for_is_asked_for_once_more():
    assert run([says({"projects": [PROJECT]}), says({"tasks": [TASK]})]).records == [TASK]


def test_a_second_reply_of_another_text_leaves_the_first_to_be_refused_by_grounding():
    done = run([says({"tasks": [STRANGE]}), says({"tasks": [STRANGE]}), says({"tasks": [TASK]})])
    assert done.records == [STRANGE]
    assert len(done.server.requests) == 2
    assert done.outcome.status is OutcomeStatus.DONE


def test_one_quote_of_the_text_is_enough_and_an_empty_reply_is_an_answer():
    assert len(run([says({"tasks": [STRANGE, TASK]})]).server.requests) == 1
    assert len(run([says({"tasks": []})]).server.requests) == 1


def test_a_failing_second_call_leaves_the_first_reply():
    done = run([says({"tasks": [STRANGE]})], attempts=1)
    assert (done.records, done.statuses) == ([STRANGE], ["ok", "server_error"])


def test_what_is_cached_is_the_right_reply_and_a_cached_reply_is_not_asked_for_again():
    journal = MemoryJournal()
    run([says({"tasks": [STRANGE]}), says({"tasks": [OTHER_TASK]})], journal=journal)
    again = run([], [chunk()], journal=journal)
    assert (again.records, [c.recalled for c in again.extraction.calls]) == ([OTHER_TASK], [True, True])


def test_a_reply_of_another_text_is_not_cached():
    journal = MemoryJournal()
    run([says({"tasks": [STRANGE]}), says({"tasks": [STRANGE]})], journal=journal)
    assert len(journal) == 0
