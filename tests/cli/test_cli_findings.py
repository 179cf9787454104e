"""``jixiao findings``: what contradicts itself, filtered, in both languages, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from pipeline.cli.wrapping import breaks
from schemas.relations import FindingKind
from tests.cli.conftest import SAMPLES, Jixiao


def rows(jixiao: Jixiao, filled: Path, *arguments: str) -> list[dict[str, str]]:
    ended = jixiao("findings", "--db", filled, "--format", "csv", *arguments)
    assert ended.code == 0
    return list(csv.DictReader(io.StringIO(ended.out)))


def test_the_table_names_document_line_kind_severity_sentence_and_suggestion(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("findings", "--db", filled, "--document", "water-2022", "--kind", "ratio")
    assert ended.code == 0
    for words in ("document", "line", "kind", "severity", "sentence", "suggestion", "water-2022", "ratio", "error"):
        assert words in ended.out
    assert "92%" in ended.out


@pytest.mark.parametrize("width", [100, 120, 160])
def test_the_table_fits_the_width(jixiao: Jixiao, filled: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("pipeline.cli.show.out.width", width, raising=False)
    shown = jixiao("findings", "--db", filled).out.splitlines()
    assert shown
    assert all(sum(2 if ord(c) > 0x2E80 else 1 for c in line) <= width for line in shown)


def test_the_line_is_that_of_the_doubted_figure(jixiao: Jixiao, filled: Path) -> None:
    for finding in rows(jixiao, filled):
        text = (SAMPLES / f"{finding['document']}.txt").read_text(encoding="utf-8")
        start, stop = int(finding["start"]), int(finding["stop"])
        assert int(finding["line"]) == text[:start].count("\n") + 1
        assert finding["figures"].split(" › ")[0].endswith(text[start:stop])


def test_filters_narrow_and_add_up(jixiao: Jixiao, filled: Path) -> None:
    everything = rows(jixiao, filled)
    by_kind = [f for k in FindingKind for f in rows(jixiao, filled, "--kind", k.value)]
    assert sorted(f["finding_id"] for f in by_kind) == sorted(f["finding_id"] for f in everything)
    warnings = rows(jixiao, filled, "--severity", "warning")
    assert warnings == [f for f in everything if f["severity"] == "warning"]
    assert 0 < len(warnings) < len(everything)
    two = rows(jixiao, filled, "--document", "water-2022", "--kind", "sum", "--kind", "ratio")
    assert two == [f for f in everything if f["document"] == "water-2022" and f["kind"] in {"sum", "ratio"}]


def test_every_sentence_exists_in_english(jixiao: Jixiao, filled: Path) -> None:
    chinese, english = rows(jixiao, filled), rows(jixiao, filled, "--lang", "en")
    assert [f["finding_id"] for f in chinese] == [f["finding_id"] for f in english]
    for zh, en in zip(chinese, english, strict=True):
        assert zh["sentence"] != en["sentence"]
        assert bool(zh["suggestion"]) == bool(en["suggestion"])
        assert not set(en["sentence"]) & set("，。；？"), "an English sentence with Chinese punctuation"


def test_json_keeps_figures_as_text(jixiao: Jixiao, filled: Path) -> None:
    found = json.loads(jixiao("findings", "--db", filled, "--format", "json", "--kind", "growth").out)
    assert found[0]["stated"] == "8.44%"
    assert isinstance(found[0]["slack"], str)


def test_none_of_a_kind_is_an_empty_answer(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("findings", "--db", filled, "--kind", "score_sum")
    assert (ended.code, ended.out) == (0, "")
    assert "no findings" in ended.err
    assert json.loads(jixiao("findings", "--db", filled, "--kind", "score_sum", "--format", "json").out) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--document", "water"], "holds no document water: it holds agriculture-2021, water-2022."),
        (["--kind", "ration"], "There is no kind of finding ration: choose of ratio, sum, difference, growth"),
        (["--severity", "bad"], "There is no severity bad: choose of error, warning."),
        (["--lang", "fr"], "'fr' is not one of"),
        (["--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_usage_is_2_and_lists_what_there_is(
    jixiao: Jixiao, filled: Path, arguments: list[str], message: str
) -> None:
    ended = jixiao("findings", "--db", filled, *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert "Traceback" not in ended.err


def test_a_missing_database_is_named(jixiao: Jixiao) -> None:
    ended = jixiao("findings", "--db", "absent.duckdb")
    assert ended.code == 2
    assert "There is no database at absent.duckdb" in ended.err


def test_no_figure_is_broken_between_two_lines(jixiao: Jixiao, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("pipeline.cli.show.out", Console(width=100, highlight=False))
    shown = [line.split("│")[5].strip() for line in jixiao("findings", "--db", filled).out.splitlines() if "│" in line]
    assert len(shown) > len(rows(jixiao, filled))
    joined = "\n".join(shown)
    for finding in rows(jixiao, filled):
        for figure in re.findall(r"\d[\d.]*\d", finding["sentence"]):
            assert figure in joined


@given(st.text(alphabet="支出为，。1234567890.% 万元abc", max_size=80), st.integers(12, 60))
def test_wrapping_keeps_the_text_and_the_width(text: str, width: int) -> None:
    places = breaks(text, width)
    pieces = [text[a:b] for a, b in pairwise([0, *places, len(text)])]
    assert "".join(pieces) == text
    assert all(
        cell_len(p.rstrip("，。；：、）)”％%")) <= width or re.fullmatch(r"[\d.]+.?.?元?|[!-~]+", p.strip())
        for p in pieces
    )
