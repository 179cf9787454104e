"""``jixiao bench compare``: the same chunks and replies for each tool, and an honest count of what each keeps."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from eval.bench.altered_replies import KINDS, Piece, pieces
from eval.bench.comparing import BESIDE, RIGHT, compare
from eval.bench.langextract_baseline import PACKAGE, NoBaselineError
from eval.cli import DATA
from eval.faults.figures import slots
from eval.gold import GoldSet

GOLD = GoldSet(DATA / "gold", DATA / "samples")


@pytest.fixture(scope="module")
def made() -> list[tuple[Piece, ...]]:
    """The samples with two sets of replies."""
    return [pieces(gold, 1200, repetition) for repetition in (0, 1) for gold in GOLD.documents]


def test_every_second_reply_has_an_altered_figure_in_each_record_that_can_have_one(
    made: list[tuple[Piece, ...]],
) -> None:
    for one in made:
        altered = [any(told.altered for told in piece.figures) for piece in one if piece.figures]
        assert abs(sum(altered) - len(altered) / 2) <= 1
        for piece in one:
            assert max(Counter(told.record for told in piece.figures if told.altered).values(), default=0) <= 1
    kinds = Counter(told.altered for one in made for piece in one for told in piece.figures if told.altered)
    assert set(kinds) == set(KINDS.values())
    assert min(kinds.values()) > 20


def test_a_right_passage_stands_in_the_chunk_and_an_altered_one_is_another_number(
    made: list[tuple[Piece, ...]],
) -> None:
    figures = [(piece, told) for one in made for piece in one for told in piece.figures]
    right = [told.passage in piece.text for piece, told in figures if told.altered is None]
    assert sum(right) / len(right) > 0.99
    for piece, told in figures:
        record_type, payload = piece.records[told.record]
        assert {s.field: s.printed for s in slots(record_type, payload)}[told.field] == told.printed
        assert "".join(c for c in told.printed if c.isdigit()) in "".join(c for c in told.passage if c.isdigit())


def test_all_forms_of_a_reply_state_the_same(made: list[tuple[Piece, ...]]) -> None:
    for piece in (piece for one in made for piece in one):
        records = sum(map(len, json.loads(piece.as_records).values()))
        assert records == sum(map(len, json.loads(piece.as_models).values()))
        assert records == len(piece.records) == len(json.loads(piece.as_quotes)["extractions"])
        assert len(piece.figures) == len(json.loads(piece.as_figures)["extractions"])


def test_a_plain_loop_keeps_every_altered_figure_and_jixiao_none_whose_digits_stand_nowhere() -> None:
    ours, plain = compare(GOLD, 5, 1200, None)
    assert ours.stated == plain.stated
    assert plain.kept == plain.stated
    assert ours.kept["digit changed"] == ours.kept["point moved"] == 0
    assert ours.kept["of another row"] <= 0.02 * ours.stated["of another row"]
    assert ours.kept[RIGHT] == ours.stated[RIGHT] > 100
    assert ours.kept[BESIDE] < ours.stated[BESIDE]
    assert ours.rate > 0
    assert ours.as_json()["rate"] == ours.rate


def test_langextract_that_cannot_run_says_why(tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / f"{PACKAGE}.installed").touch()
    with pytest.raises(NoBaselineError, match="langextract"):
        list(compare(GOLD, 1, 7000, tmp_path))
