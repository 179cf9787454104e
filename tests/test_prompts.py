"""The prompts teach what the schemas say: guides for all types, checked examples, one prefix for the same types."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.extraction.llm import LlmSettings, prompts_version, render_messages, request_for
from pipeline.extraction.llm.examples import check_examples, check_notes
from pipeline.extraction.llm.prompting import fenced_text, guide, neutral, system_prompt
from pipeline.extraction.llm.responses import PROMPT_ORDER
from pipeline.extraction.llm.short_forms import written_out
from pipeline.flow import Chunk, Document
from schemas.registry import RECORD_TYPES
from schemas.values import Span

REAL_GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold"
SETTINGS = LlmSettings(model="m")


def doc(text):
    return Document("d", "d", Path("d.txt"), "0", "utf-8", text)


def chunk(text, types, **changes):
    given = {"path": (), "context": "", "index": 0, "parts": ()} | changes
    return Chunk(chunk_id="c", report_id="r1", span=Span(0, len(text)), record_types=types, **given)


@pytest.mark.parametrize("name", RECORD_TYPES)
def test_a_guide_names_every_field_with_its_term_and_codes_and_has_two_examples(name):
    text = guide(name)
    assert text.startswith(f"## `{name}` ")
    assert "\nNot: " in text
    [listed] = re.findall(r"^Fields: (.*)$", text, re.MULTILINE)
    named = [f"{field.name}{'*' if field.required else ''} {field.term}" for field in RECORD_TYPES[name].fields]
    places = [f"; {listed}".find(f"; {words}") for words in named]
    assert places == sorted(set(places) - {-1})
    assert all(code in listed for field in RECORD_TYPES[name].fields for code in field.codes)
    assert len(re.findall(r"^Example", text, re.MULTILINE)) == 2
    for reply in re.findall(r"→ (.*)$", text, re.MULTILINE):
        for record in json.loads(reply):
            RECORD_TYPES[name].model.model_validate(written_out(name, record))


FAULTY = [
    (
        "a figure that is not in the quote",
        {"quote": "甲得9分", "name": "甲", "score": "9.0"},
        "do not stand in the quote",
    ),
    ("a figure of the text outside the quote", {"quote": "甲得9分", "name": "甲", "weight": "10"}, r"\['10'\]"),
    ("a quote that is not in the text", {"quote": "乙得9分", "name": "乙"}, "does not stand in the text"),
    ("a record that does not validate", {"quote": "甲得9分"}, "name"),
    ("a quantity with another number", {"quote": "甲得9分", "name": "甲", "rate": {"text": "9", "value": "8"}}, "'8'"),
]


@pytest.mark.parametrize(("record", "message"), [row[1:] for row in FAULTY], ids=[row[0] for row in FAULTY])
def test_a_faulty_example_is_refused_when_the_guide_loads(record, message):
    with pytest.raises(ValueError, match=message):
        check_examples(RECORD_TYPES["score_lines"], [{"text": "甲得9分，满分10分", "records": [record]}])


def test_a_note_about_no_field_is_refused_when_the_guide_loads():
    with pytest.raises(ValueError, match=r"prompts/records/tasks\.j2: no fields: weight"):
        check_notes(RECORD_TYPES["tasks"], {"seq": "bare number", "weight": "full marks"})


def test_a_faulty_guide_is_refused_by_its_name():
    wrong = SimpleNamespace(text="甲", records=[{"quote": "甲", "name": "乙", "score": "1"}])
    with pytest.raises(ValueError, match=r"prompts/records/score_lines\.j2, example 1"):
        check_examples(RECORD_TYPES["score_lines"], [vars(wrong)])


def test_chunks_of_the_same_types_share_everything_before_their_own_text():
    one = render_messages(doc("甲文"), chunk("甲文", ("tasks", "projects")))
    two = render_messages(doc("乙文"), chunk("乙文", ("projects", "tasks"), path=("一、",), context="单位：万元"))
    assert one[0] == two[0]
    assert [m["role"] for m in one] == ["system", "user"]


@pytest.mark.parametrize("mode", ["json_schema", "strict", "json", "md_json", "tools"])
def test_the_shared_beginning_holds_in_every_mode(mode):
    settings = LlmSettings(model="m", mode=mode)
    one, two = (request_for(settings, doc(t), chunk(t, ("tasks",))) for t in ("甲文", "乙文"))
    assert one.messages[0] == two.messages[0]
    assert {k: v for k, v in one.arguments.items() if k != "messages"} == {
        k: v for k, v in two.arguments.items() if k != "messages"
    }
    assert one.prompt_hash != two.prompt_hash


def test_prompts_know_every_record_type():
    assert sorted(PROMPT_ORDER) == sorted(RECORD_TYPES)


@pytest.mark.parametrize("types", list(combinations(PROMPT_ORDER, 2))[::5])
def test_only_the_routed_types_are_told_and_allowed(types):
    prompt = system_prompt(types)
    told = re.findall(r"^## `(\w+)`", prompt, re.MULTILINE)
    assert told == list(types)
    request = request_for(SETTINGS, doc("甲"), chunk("甲", types))
    assert tuple(request.arguments["response_format"]["json_schema"]["schema"]["properties"]) == types


def test_the_message_gives_path_context_and_the_text_unchanged():
    text = "\n甲\t12.50\n\n乙 | 3 |\n"
    [_, user] = render_messages(
        doc(text), chunk(text, ("tasks",), path=("二、情况", "（一）\n收支"), context="单位：万元")
    )
    assert "<heading_path>二、情况 > （一） 收支</heading_path>\n" in user["content"]
    assert "<table_context>\n单位：万元\n</table_context>\n" in user["content"]
    assert fenced_text(user["content"]) == text


def test_path_and_context_are_left_out_where_there_are_none():
    [_, user] = render_messages(doc("甲"), chunk("甲", ("tasks",)))
    assert user["content"].startswith("<report_text>\n甲\n</report_text>\n")


@pytest.mark.parametrize(
    "plain", ["a < b", "<p>甲</p>", "≤3 < 5", "x<y", "<report>", "report_text", "<table>", "</span>"]
)
def test_harmless_signs_stay(plain):
    assert neutral(plain) == plain


def test_the_version_is_that_of_the_templates():
    assert re.fullmatch(r"[0-9a-f]{64}", prompts_version())


def test_the_same_request_has_the_same_hash_in_another_process_s_order():
    one = request_for(SETTINGS, doc("甲"), chunk("甲", ("tasks", "reports")))
    two = request_for(SETTINGS, doc("甲"), chunk("甲", ("reports", "tasks")))
    assert one.prompt_hash == two.prompt_hash


def test_no_department_or_project_of_the_real_reports_is_named():
    if not REAL_GOLD.is_dir():
        pytest.skip(f"{REAL_GOLD} is not on this machine")
    prompts = system_prompt(tuple(RECORD_TYPES))
    for path in sorted(REAL_GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        names = [r["department"] for r in gold["reports"]] + [p["name"] for p in gold["projects"]]
        names += [i[f"level{n}"] for i in gold["indicators"] for n in (3, 4) if len(i[f"level{n}"] or "") > 6]
        assert [name for name in names if name and name in prompts] == []
