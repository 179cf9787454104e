"""``jixiao prompt``: exactly what is sent; and that a key is in nothing that any command prints or writes."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from eval.standin import ChatRequest, Reply, StandIn, fails, says
from tests.cli.conftest import SAMPLES, Jixiao
from tests.killing import prompt_hash

KEY = "sk-planted-e1b70c44"


def nothing(request: ChatRequest) -> Reply:
    return says({name: [] for name in request.record_types})


def test_what_is_printed_is_what_is_sent_and_what_is_stored(jixiao: Jixiao, tmp_path: Path) -> None:
    path = tmp_path / "water.txt"
    path.write_bytes((SAMPLES / "water-2022.txt").read_bytes())
    with StandIn(nothing) as server:
        assert jixiao("run", path, "--db", "a.duckdb", "--model", "m", "--base-url", server.base_url).code == 0
    sent = {prompt_hash(r): r for r in server.requests}
    ids = jixiao("query", "SELECT chunk_id FROM chunks ORDER BY position", "--db", "a.duckdb", "--format", "csv")
    for number, chunk_id in enumerate(ids.out.split()[1:]):
        printed = jixiao("prompt", chunk_id, "--db", "a.duckdb", "--model", "m", "--json")
        assert printed.code == 0
        body = json.loads(printed.out)
        same = [r for r in sent.values() if list(r.messages) == body["messages"]]
        assert len(same) == 1
        assert same[0].response_format == body["response_format"]
        assert f"request {prompt_hash(same[0])[:20]}" in printed.err
        assert jixiao("prompt", f"{path}#{number}", "--model", "m", "--json").out == printed.out
        plain = jixiao("prompt", chunk_id, "--db", "a.duckdb", "--model", "m").out
        for message in body["messages"]:
            assert message["content"] in plain
    [versions] = jixiao(
        "query", "SELECT count(DISTINCT prompts) AS versions FROM llm_calls", "--db", "a.duckdb", "--format", "csv"
    ).out.split()[1:]
    assert versions == "1"


def test_a_prompt_needs_no_endpoint(jixiao: Jixiao) -> None:
    assert "budget_facts" in jixiao("prompt", f"{SAMPLES / 'water-2022.txt'}#0").out


@pytest.mark.parametrize(
    ("chunk", "message"),
    [("x", "x is no chunk: give a chunk_id with --db"), (f"{SAMPLES / 'water-2022.txt'}#99", "has the chunks 0 to ")],
)
def test_no_such_chunk(jixiao: Jixiao, chunk: str, message: str) -> None:
    ended = jixiao("prompt", chunk)
    assert ended.code == 2
    assert message in ended.err


def test_a_planted_key_is_in_nothing_that_any_command_prints_logs_or_writes(
    jixiao: Jixiao, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The endpoint repeats the key wherever it can."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("JIXIAO_API_KEY", KEY)
    monkeypatch.setenv("JIXIAO_BATCH_POLL", "0")
    echoes = [
        fails(500, f"key {KEY}", retry_after="0"),
        Reply(content=f'{{"tasks": [{{"quote": "{KEY}", "task": "{KEY}"}}]}}'),
        Reply(refusal=KEY),
        fails(400, f"Bearer {KEY}"),
        Reply(body=f'{{"error": {{"message": "{KEY}"}}}}'),
        says({"tasks": []}, headers={"X-Key": KEY}),
    ]
    printed = []
    with StandIn(lambda r: echoes[r.number % len(echoes)]) as server:
        endpoint = ("--model", "m", "--base-url", server.base_url)
        for arguments in (
            ("run", reports, "--db", "a.duckdb", *endpoint),
            ("run", reports, "--db", "a.duckdb", *endpoint, "--fresh", "--mode", "auto"),
            ("run", reports, "--db", "a.duckdb", *endpoint, "--dry-run"),
            ("replay", "--db", "a.duckdb"),
            ("query", "FROM llm_calls", "--db", "a.duckdb", "--format", "json"),
            ("query", "FROM runs", "--db", "a.duckdb", "--format", "json"),
            ("query", "FROM quarantine", "--db", "a.duckdb", "--format", "json"),
            ("show", "--db", "a.duckdb"),
            ("prompt", f"{reports / 'water-2022.txt'}#0", "--model", "m"),
            ("run", reports, "--db", "b.duckdb", *endpoint, "--batch"),
            ("report", "--db", "a.duckdb", "--output", "page.html"),
            ("export", "--db", "a.duckdb", "--to", "files"),
            ("doctor",),
        ):
            ended = jixiao(*arguments)
            printed += [ended.out, ended.err]
        assert all(r.authorized for r in server.requests)
    assert len(server.requests) > len(echoes)
    assert server.batched and not any(
        KEY.encode() in file for file in server.desk.files.values() if b'"body":{' in file
    )
    assert "***" in "".join(printed)
    assert KEY not in "".join(printed) + caplog.text
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes(), path
