"""Fault injection: what is injected, what becomes of it, and that a weakness of the pipeline shows."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from eval.cli import DATA, app
from eval.faults.figures import MISREADINGS, misread, slots
from eval.faults.kinds import OF_RECORDS, FaultKind, Outcome, Stated
from eval.faults.oracle import as_read
from eval.faults.orders import hide, sentences
from eval.faults.planning import Injection, Scene, plan, scene_of
from eval.faults.records import plant
from eval.faults.tally import Rate
from eval.faults.trials import Trials, run_trials
from eval.gold import GoldDocument, GoldSet
from pipeline import grounding
from pipeline.documents import read_document
from pipeline.repeats import Repeats


@pytest.fixture(scope="module")
def scene(roads: GoldDocument) -> Scene:
    return scene_of(read_document(roads.report_path), roads.records)


@pytest.fixture(scope="module")
def water() -> GoldDocument:
    return GoldSet(DATA / "gold", DATA / "samples", ["water-2022"]).documents[0]


def stated(scene: Scene, name: str) -> Stated:
    return next(s for s in scene.oracle.stated if s.item.label == name)


def outcomes(trials: Trials) -> dict[str, dict[str, int]]:
    return {str(k.kind): {str(o): n for o, n in k.outcomes.items()} for k in trials.report.kinds}


# --- what the oracle states -------------------------------------------------------------------------------------------


def test_the_oracle_states_each_record_with_a_quote_that_holds_its_figures(scene: Scene) -> None:
    text = scene.prepared.document.text
    for s in scene.oracle.stated:
        assert s.payload["quote"] == text[s.span.start : s.span.stop]
        assert all(
            slot.printed.lstrip("0") in s.payload["quote"].replace(",", "") for slot in slots(s.record_type, s.payload)
        )
        assert as_read(s.record_type, s.payload) == s.record


def test_the_oracle_says_what_it_cannot_state(scene: Scene) -> None:
    assert len(scene.oracle.stated) + len(scene.oracle.unstated) == len(scene.items)
    assert set(scene.oracle.reasons) == {"its type is not asked for in its piece of the text"}


# --- how answers are corrupted ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(MISREADINGS))
@pytest.mark.parametrize("printed", ["95.50", "1200", "10", "0.5", "-3.20", "33"])
def test_a_misread_figure_is_another_number_and_a_plausible_one(kind: FaultKind, printed: str) -> None:
    for seed in range(40):
        wrong = misread(kind, printed, Injection(0.5, seed).rng())
        if wrong is None:
            assert (kind, printed) in {(FaultKind.DIGITS_SWAPPED, p) for p in ("33", "10")} | {
                (FaultKind.DIGIT_DROPPED, "0.5")
            }
        else:
            assert Decimal(wrong) != Decimal(printed)
            assert not wrong.lstrip("-").startswith("00")


@pytest.mark.parametrize("kind", OF_RECORDS)
def test_every_kind_says_something_else_than_the_record(scene: Scene, kind: FaultKind) -> None:
    target = stated(scene, "公园改造项目")
    around = [s for s in scene.oracle.stated if s.record_type == "projects"]
    fault = plant(target, around, Injection(0.5, 3).rng(), [kind])
    assert fault is not None
    assert fault.instead != (target.payload,)
    if kind is FaultKind.DUPLICATED:
        assert fault.instead == (target.payload, target.payload)
    elif kind is FaultKind.DROPPED:
        assert fault.instead == ()
    elif kind is FaultKind.ROW_SHIFT:
        assert fault.instead[0]["name"] == "公园改造项目"
        assert fault.instead[0]["executed"]["value"] in {"90", "55"}
    elif kind is FaultKind.FLOAT:
        assert fault.instead[0]["executed"]["value"] == 150.0


def test_the_same_seed_plants_the_same_faults_and_another_seed_others(scene: Scene) -> None:
    def shown(seed: int) -> list[tuple[str, str, str]]:
        made = plan(scene, Injection(0.5, seed), frozenset(scene.oracle.stated))
        return [(f.kind, f.form, f.wrong) for f in made.faults]

    assert shown(7) == shown(7) != shown(8)


def test_an_order_hidden_in_a_text_moves_the_gold_along(scene: Scene) -> None:
    document, items, orders = hide(
        scene.prepared.document,
        scene.items,
        [s.span for s in scene.oracle.stated],
        scene.prepared.chunks,
        Injection(0.5, 1).rng(),
    )
    assert [o.form for o in orders] and all(document.text[o.span.start : o.span.stop] for o in orders)
    assert all(i.span and document.text[i.span.start : i.span.stop] == i.quote for i in items)
    assert set(sentences()) == {"stating", "bare", "overwriting"}


# --- what becomes of them ---------------------------------------------------------------------------------------------


def test_a_seeded_run_injects_and_catches_what_it_always_does(roads: GoldDocument) -> None:
    kinds = (*MISREADINGS, FaultKind.UNIT_SWAPPED, FaultKind.FLOAT, FaultKind.DUPLICATED, FaultKind.PROSE)
    trials = run_trials([roads], Injection(0.5, 8, tuple(k for k in FaultKind if k in kinds)), 40)
    assert outcomes(trials) == {
        "digit_changed": {"grounding": 5},
        "digit_dropped": {"grounding": 7},
        "digits_swapped": {"grounding": 3},
        "point_moved": {"grounding": 4, "validation": 1, "repaired": 1},
        "unit_swapped": {"grounding": 6},
        "duplicated": {"grounding": 8, "escaped": 1},
        "float": {"repaired": 5},
        "prose": {"repaired": 7},
    }
    assert (trials.repetitions, trials.report.figures) == (13, Rate(1, 222))
    assert [e.reason for e in trials.report.escapes] == ["the text prints its quote more than once"]


ALL_BUT_ORDERS = tuple(k for k in FaultKind if k is not FaultKind.OBEYED)


def test_all_kinds_are_injected_into_a_report_and_no_wrong_figure_is_kept(water: GoldDocument) -> None:
    trials = run_trials([water], Injection(0.6, 4, ALL_BUT_ORDERS), 120)
    assert set(ALL_BUT_ORDERS) - {k.kind for k in trials.report.kinds} <= {FaultKind.FIELD_FILLED}
    assert [e for e in trials.report.escapes if e.status != "missing"] == []
    assert trials.report.figures.part == 0 < trials.report.figures.whole
    assert trials.report.all.injected == sum(k.injected for k in trials.report.kinds) >= 120
    [clean] = trials.clean
    assert (len(clean.scene.oracle.stated), len(clean.reading.quarantined)) == (27, 0)


def test_a_model_that_lies_when_it_is_asked_again_gets_no_wrong_figure_in(water: GoldDocument) -> None:
    trials = run_trials([water], Injection(0.6, 4, ALL_BUT_ORDERS, lying=True), 60)
    assert [e for e in trials.report.escapes if e.status != "missing"] == []
    assert trials.report.figures.part == 0 < trials.report.figures.whole
    [clean] = trials.clean
    assert (len(clean.scene.oracle.stated), len(clean.reading.quarantined)) == (27, 0)


def test_a_lie_is_another_fault_of_its_kind_or_the_same_again(scene: Scene) -> None:
    made = plan(scene, Injection(1.0, 2, lying=True), frozenset(scene.oracle.stated))
    lies = [f for f in made.records.values() if f.again]
    assert 0 < len(lies) < len(made.records)
    assert all(f.target and f.again and f.again[1] not in (f.planted and f.planted[1], f.target.payload) for f in lies)


def test_a_second_reading_repeats_the_lie_and_arithmetic_still_accuses_it(water: GoldDocument) -> None:
    trials = run_trials([water], Injection(1.0, 3, (FaultKind.NEIGHBOUR_FIGURE, FaultKind.FIELD_SWAP), lying=True), 20)
    codes = {code for kind in trials.report.kinds for code in kind.codes}
    assert "grounding: contested" not in codes
    assert trials.report.all.outcomes[Outcome.ESCAPED] == 0


def test_repeating_a_run_gives_the_same_result(roads: GoldDocument) -> None:
    first, second = (run_trials([roads], Injection(0.5, 9), 10) for _ in range(2))
    assert outcomes(first) == outcomes(second)
    assert [e.wrong for e in first.report.escapes] == [e.wrong for e in second.report.escapes]


def test_a_pipeline_that_keeps_duplicates_is_found_out(roads: GoldDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Repeats, "first", lambda _, possible: possible[0])
    trials = run_trials([roads], Injection(0.5, 1, (FaultKind.DUPLICATED,)), 5)
    assert trials.report.all.outcomes[Outcome.ESCAPED] == trials.report.all.injected >= 5
    assert trials.report.figures.part > 0
    assert "another record with this quote is kept besides" in {e.reason for e in trials.report.escapes}


def test_a_pipeline_that_takes_orders_for_statements_is_found_out(
    water: GoldDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grounding, "_need_no_order", lambda *_: None)
    trials = run_trials([water], Injection(1.0, 2, (FaultKind.OBEYED,)), 10)
    escapes = trials.report.escapes
    assert escapes and {e.fault.form for e in escapes if e.fault} <= {"stating", "overwriting"}
    assert all("the order stands in the text" in e.reason for e in escapes)


def test_a_pipeline_that_finds_any_figure_anywhere_is_found_out(
    roads: GoldDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grounding, "fitting", lambda _e, _d, _f, candidates, *_: candidates[0])
    monkeypatch.setattr(grounding, "need_own_words", lambda *_: None)
    trials = run_trials([roads], Injection(1.0, 1, (FaultKind.FIELD_SWAP,)), 8)
    assert trials.report.all.outcomes[Outcome.ESCAPED] > 0


# --- rates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "upper"), [(0, 1000, "0.002991"), (1, 1000, "0.004735"), (3, 100, "0.075711"), (5, 5, "1.000000")]
)
def test_the_upper_bound_is_clopper_and_pearson_s(part: int, whole: int, upper: str) -> None:
    assert f"{Rate(part, whole).upper:.6f}" == upper


def test_nothing_has_no_rate() -> None:
    assert (Rate(0, 0).share, Rate(0, 0).upper) == (None, None)


def test_reports_folder_is_untouched(roads_folder: Path) -> None:
    assert sorted(p.name for p in roads_folder.iterdir()) == ["roads-2023.json", "roads-2023.txt"]


# --- the command ------------------------------------------------------------------------------------------------------


def command(folder: Path, *options: str) -> Result:
    given = ["faults", "--gold", str(folder), "--reports", str(folder), *options]
    return CliRunner().invoke(app, given, env={"COLUMNS": "240"})


def test_the_command_prints_every_kind_and_writes_json(roads_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    result = command(
        roads_folder, "--rate", "0.5", "--faults", "30", "--kind", "float", "--kind", "dropped", "--json", str(file)
    )
    assert result.exit_code == 0, result.output
    for words in ("The oracle uncorrupted", "float", "dropped", "Escaped-error rate", "where 50 % of the answers"):
        assert words in result.output
    data = json.loads(file.read_text(encoding="utf-8"))
    assert (data["format"], data["seed"], sorted(data["kinds"])) == ("jixiao-faults/1", 1, ["dropped", "float"])
    assert data["all"]["injected"] == sum(k["injected"] for k in data["kinds"].values()) >= 30
    assert data["kinds"]["float"]["repaired"] == data["kinds"]["float"]["injected"]
    assert data["figures"]["part"] == 0
    assert [e["status"] for e in data["escapes"]] == ["missing"] * len(data["escapes"])


def test_without_faults_the_command_shows_the_oracle_alone(roads_folder: Path) -> None:
    result = command(roads_folder, "--rate", "0", "--faults", "0")
    assert result.exit_code == 0, result.output
    assert "its type is not asked for in its piece of the text (3)" in result.output
    assert "nothing escaped" in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--rate", "0"), "--rate 0 injects nothing"),
        (("--doc", "lost"), "no gold for lost"),
        (("--rate", "2"), "--rate"),
    ],
)
def test_wrong_usage_is_one_sentence(roads_folder: Path, options: tuple[str, ...], words: str) -> None:
    result = command(roads_folder, *options)
    assert result.exit_code == 2
    assert words in result.output
