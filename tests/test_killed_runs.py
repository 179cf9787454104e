"""Runs that are killed at any moment: nothing is paid for twice, nothing lost, nothing doubled."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.gold import GoldSet
from eval.gold_model import GoldModel
from eval.standin import StandIn
from eval.standin_batches import BatchWays
from tests.conftest import ROOT
from tests.killing import CONCURRENCY, Killed, Zygote, content, prompt_hash, slowly, zygote

SAMPLES = ROOT / "data" / "samples"


@dataclass(frozen=True)
class Whole:
    """A run that nothing interrupted: its database, the requests that it took, and its seconds."""

    db: Path
    requests: int
    seconds: float


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples, and a copy of one of them."""
    path = tmp_path_factory.mktemp("killed")
    shutil.copytree(SAMPLES, path / "in")
    shutil.copy(SAMPLES / "water-2022.txt", path / "in" / "zz-copy.txt")
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    gold = GoldModel(GoldSet(ROOT / "data" / "gold", SAMPLES, ()).documents)
    with StandIn(slowly(gold, 1), batches=BatchWays(looks=8)) as started:
        yield started


@pytest.fixture(scope="module")
def process(folder: Path, server: StandIn) -> Iterator[Zygote]:
    with zygote(folder, server) as started:
        yield started


@pytest.fixture(scope="module")
def whole(folder: Path, server: StandIn, process: Zygote) -> Whole:
    """A run that nothing interrupts."""
    before = len(server.requests)
    db = folder / "whole.duckdb"
    started = time.monotonic()
    assert process.run(["run", "in", "--db", str(db)]) == 0, process.log.read_text(encoding="utf-8")
    seconds = time.monotonic() - started
    asked = server.requests[before:]
    assert len({prompt_hash(r) for r in asked}) == len(asked) > 20
    return Whole(db, len(asked), seconds)


def killed(folder: Path, server: StandIn, process: Zygote, whole: Whole, seed: int, kills: int) -> int:
    """Kills a run of its own and compares what it leaves with the uninterrupted one; how often it was killed."""
    db = folder / f"killed-{seed}.duckdb"
    before = len(server.requests)
    run = Killed(process, server, ["run", "in", "--db", str(db)], db)
    run.go(kills, whole.seconds * 0.4, seed)
    assert run.repeated == []
    assert len(server.requests) - before <= whole.requests + run.kills * CONCURRENCY
    assert content(db) == content(whole.db)
    db.unlink()
    return run.kills


def test_a_run_that_is_killed_a_few_times_ends_as_if_nothing_had_happened(
    folder: Path, server: StandIn, process: Zygote, whole: Whole
) -> None:
    assert killed(folder, server, process, whole, seed=7, kills=5) >= 3


@pytest.mark.slow
def test_two_hundred_kills_lose_and_repeat_nothing(
    folder: Path, server: StandIn, process: Zygote, whole: Whole
) -> None:
    kills, seed = 0, 100
    while kills < 200:
        kills += killed(folder, server, process, whole, seed, kills=6)
        seed += 1


def test_a_run_in_batches_that_is_killed_sends_nothing_twice_and_ends_like_a_live_one(
    folder: Path, server: StandIn, process: Zygote, whole: Whole
) -> None:
    db = folder / "batches.duckdb"
    command = ["run", "in", "--db", str(db), "--batch"]
    chance = random.Random(3)  # noqa: S311 - no secret
    ended = [process.run(command, chance.uniform(0.2, 1) * whole.seconds) for _ in range(4)]
    assert -9 in ended
    assert process.run(command) == 0, process.log.read_text(encoding="utf-8")
    sent = [json.loads(line)["custom_id"] for file in server.desk.uploaded for line in file.splitlines()]
    assert len(sent) == len(set(sent)) > 20
    own = {"runs", "llm_calls", "batches", "batch_questions"}
    found, first = content(db), content(whole.db)
    assert {n: r for n, r in found.items() if n not in own} == {n: r for n, r in first.items() if n not in own}


def test_the_same_command_after_a_whole_run_asks_nothing_again(
    folder: Path, server: StandIn, process: Zygote, whole: Whole
) -> None:
    db = folder / "again.duckdb"
    shutil.copy(whole.db, db)
    before = len(server.requests)
    assert process.run(["run", "in", "--db", str(db)]) == 0
    assert len(server.requests) == before
    again, first = content(db), content(whole.db)
    assert {name: rows for name, rows in again.items() if name != "runs"} == {
        n: r for n, r in first.items() if n != "runs"
    }
    assert len(again["runs"]) == 2


def test_fresh_asks_everything_again(folder: Path, server: StandIn, process: Zygote, whole: Whole) -> None:
    db = folder / "fresh.duckdb"
    shutil.copy(whole.db, db)
    before = len(server.requests)
    assert process.run(["run", "in", "--db", str(db), "--fresh"]) == 0
    assert len(server.requests) - before == whole.requests


def test_a_replay_calls_nothing_and_rebuilds_every_record(
    folder: Path, server: StandIn, process: Zygote, whole: Whole
) -> None:
    db = folder / "replay.duckdb"
    shutil.copy(whole.db, db)
    before = len(server.requests)
    assert process.run(["replay", "--db", str(db)]) == 0, process.log.read_text(encoding="utf-8")
    assert len(server.requests) == before
    replayed, first = content(db), content(whole.db)
    kept_apart = {"runs"}
    assert {n: r for n, r in replayed.items() if n not in kept_apart} == {
        n: r for n, r in first.items() if n not in kept_apart
    }
