"""``jixiao run --lake``, ``open`` and ``compact``: a lake as users meet it."""

from __future__ import annotations

import sys

import pytest

from tests.cli.conftest import SAMPLES, Jixiao

WATER = SAMPLES / "water-2022.txt"


def test_a_lake_is_written_opened_asked_and_compacted(jixiao: Jixiao) -> None:
    ran = jixiao("run", WATER, "--lake", "lake", "--extractor", "offline")
    assert (ran.code, ran.errors) == (0, [])
    assert "water-2022" in ran.out and "1 documents read" in ran.out
    opened = jixiao("open", "--lake", "lake", "--db", "a.duckdb")
    assert opened.code == 0 and "1 documents of lake shown in a.duckdb" in opened.err
    question = ("query", "SELECT document, records FROM v_coverage", "--db", "a.duckdb", "--format", "csv")
    before = jixiao(*question)
    assert before.out.splitlines()[1].startswith("water-2022,")
    assert jixiao("query", "FROM v_values", "--db", "a.duckdb", "--format", "parquet", "-o", "v.parquet").code == 0
    assert "yuan" in jixiao("show", "v_values", "--db", "a.duckdb").out
    assert jixiao("doctor", "--db", "a.duckdb").code == 0
    jixiao("run", SAMPLES / "culture-2023.txt", "--lake", "lake", "--extractor", "offline")
    compacted = jixiao("compact", "--lake", "lake")
    assert compacted.code == 0 and "2 documents in " in compacted.err
    stale = jixiao(*question)
    assert stale.code == 2 and stale.errors
    assert jixiao("open", "--lake", "lake", "--db", "a.duckdb").code == 0
    assert len(jixiao(*question).out.splitlines()) == 3


def test_what_a_lake_cannot_do_is_refused_in_one_sentence(jixiao: Jixiao, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments, sentence in (
        (("run", WATER), "name what to write: a DuckDB file with --db, or a lake with --lake"),
        (("run", WATER, "--db", "a.duckdb", "--lake", "lake"), "leave --db out"),
        (
            (
                "run",
                WATER,
                "--lake",
                "lake",
                "--extractor",
                "llm",
                "--model",
                "m",
                "--base-url",
                "http://127.0.0.1:9/v1",
            ),
            "the llm extractor keeps what it asks and pays for in a database beside the lake: name its file with --db",
        ),
        (("open", "--lake", "nosuch://x", "--db", "a.duckdb"), "nosuch://x cannot be reached"),
    ):
        ended = jixiao(*arguments)
        assert ended.code == 2, arguments
        assert len(ended.errors) == 1 and sentence in ended.errors[0], ended.err
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    ended = jixiao("run", WATER, "--lake", "lake", "--extractor", "offline")
    assert (ended.code, ended.errors) == (2, ["error: a lake needs fsspec: pip install 'jixiao[lake]'"])


def test_people_decide_in_a_copy(jixiao: Jixiao) -> None:
    jixiao("run", WATER, "--lake", "lake", "--extractor", "offline")
    jixiao("open", "--lake", "lake", "--db", "shown.duckdb")
    refused = jixiao("check", "--db", "shown.duckdb")
    assert refused.code == 2 and "--copy" in refused.errors[0]
    assert jixiao("open", "--lake", "lake", "--db", "own.duckdb", "--copy").code == 0
    assert jixiao("check", "--db", "own.duckdb").code == 0
