"""``jixiao run`` with prices: what it will cost, what it did cost, and that it stops before its budget is overspent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eval.standin import ChatRequest, Reply, StandIn, fails, says
from tests.cli.conftest import Jixiao

PRICES = '[prices."m"]\nprompt = "2"\ncompletion = "8"\ncurrency = "CNY"\n'


def nothing(request: ChatRequest) -> Reply:
    return says({name: [] for name in request.record_types})


@pytest.fixture
def prices(tmp_path: Path) -> None:
    (tmp_path / "jixiao.toml").write_text(PRICES, encoding="utf-8")


def asked(jixiao: Jixiao, sql: str) -> list[str]:
    return jixiao("query", sql, "--db", "a.duckdb", "--format", "csv").out.splitlines()[1:]


@pytest.mark.usefixtures("prices")
def test_a_dry_run_sends_nothing_makes_no_file_and_tells_calls_tokens_and_cost(
    jixiao: Jixiao, reports: Path, tmp_path: Path
) -> None:
    with StandIn(nothing) as server:
        endpoint = ("--model", "m", "--base-url", server.base_url)
        ended = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--dry-run")
        assert (ended.code, server.requests) == (0, ())
        assert not (tmp_path / "a.duckdb").exists()
        told = re.search(r"(\d+) calls, (\d+) prompt tokens, about (\d+) reply tokens\nabout ([\d.]+) CNY", ended.out)
        assert told
        calls, prompt, reply, _ = told.groups()
        assert told[4] == f"{(int(prompt) * 2 + int(reply) * 8) / 1e6:.4f}"
        assert jixiao("run", reports, "--db", "a.duckdb", *endpoint).code == 0
        assert len(server.requests) == int(calls)
        again = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--dry-run")
        assert "0 calls, 0 prompt tokens" in again.out
        fresh = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--dry-run", "--fresh")
        assert f"{calls} calls, {prompt} prompt tokens" in fresh.out


@pytest.mark.usefixtures("prices")
def test_a_run_tells_and_stores_what_it_cost(jixiao: Jixiao, reports: Path) -> None:
    with StandIn(nothing) as server:
        ended = jixiao("run", reports, "--db", "a.duckdb", "--model", "m", "--base-url", server.base_url)
    assert re.search(r"\d+ completion tokens, [\d.]+ CNY", ended.out)
    assert asked(
        jixiao,
        "SELECT cost = (prompt_tokens * 2 + completion_tokens * 8) / 1000000::DECIMAL(9, 0), currency FROM v_run_costs",
    ) == ["True,CNY"]


@pytest.mark.usefixtures("prices")
def test_a_run_stops_at_its_budget_and_another_one_goes_on_with_what_was_paid_for(
    jixiao: Jixiao, reports: Path
) -> None:
    with StandIn(nothing) as server:
        endpoint = ("--model", "m", "--base-url", server.base_url, "--concurrency", "2")
        ended = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--budget", "0.08")
        assert ended.code == 1
        stop = ended.errors[0]
        assert stop.startswith("error: stopped early, ")
        assert "the budget of 0.0800 CNY does not cover another call" in stop
        paid = len(server.requests)
        assert asked(jixiao, "SELECT status, cost <= 0.08 FROM v_run_costs") == ["stopped,True"]
        assert jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--budget", "1").code == 0
        prompts = [tuple(m["content"] for m in r.messages) for r in server.requests]
        assert 0 < paid < len(prompts) == len(set(prompts))
    assert asked(jixiao, "SELECT sum(chunks_failed) FROM v_coverage") == ["0"]


def test_a_dry_run_of_hybrid_tells_only_what_the_offline_reading_leaves_open(jixiao: Jixiao, reports: Path) -> None:
    with StandIn(nothing) as server:
        endpoint = ("--model", "m", "--base-url", server.base_url, "--dry-run")
        prompts = []
        for extractor in ("llm", "hybrid"):
            ended = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--extractor", extractor)
            told = re.search(r"(\d+) calls, (\d+) prompt tokens", ended.out)
            assert told and ended.code == 0
            prompts.append(int(told[2]))
        assert server.requests == ()
        jixiao("run", reports, "--db", "a.duckdb", *endpoint[:-1], "--extractor", "hybrid")
        first = [r for r in server.requests if r.questions is None]
        assert first and 0 < prompts[1] < prompts[0]
        again = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--extractor", "hybrid")
        assert "0 calls, 0 prompt tokens" in again.out


def test_a_budget_without_prices_is_refused_with_the_lines_to_write(jixiao: Jixiao, reports: Path) -> None:
    endpoint = ("--model", "m", "--base-url", "http://127.0.0.1:9/v1")
    ended = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--budget", "1")
    assert ended.code == 2
    assert 'state those of m in jixiao.toml, a million tokens each: [prices."m"] prompt = ' in ended.err


def test_a_stop_keeps_a_better_reading(jixiao: Jixiao, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_CHUNK", "1200")
    with StandIn(nothing) as server:
        endpoint = ("--model", "m", "--base-url", server.base_url)
        assert jixiao("run", reports, "--db", "a.duckdb", *endpoint).code == 0
    with StandIn(lambda _: fails(401, "wrong key")) as server:
        endpoint = ("--model", "m", "--base-url", server.base_url, "--concurrency", "1")
        ended = jixiao("run", reports, "--db", "a.duckdb", *endpoint, "--fresh")
    assert ended.code == 1
    assert "stopped early" in ended.errors[0]
    assert asked(jixiao, "SELECT sum(chunks_failed), count(*) FROM v_coverage") == ["0,2"]
