"""``jixiao match``: suggestions of the same project, stored and shown."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.cli.conftest import SAMPLES, Jixiao

ACROSS = SAMPLES.parents[1] / "tests" / "checking" / "across"


def test_the_same_project_of_two_years_is_suggested_and_stored(jixiao: Jixiao, tmp_path: Path) -> None:
    db = tmp_path / "years.duckdb"
    assert jixiao("run", ACROSS, "--db", db, "--extractor", "offline").code == 0
    ended = jixiao("match", "--db", db)
    assert ended.code == 0
    assert "河湖长制工作经费" in ended.out
    assert "2021, 2022" in ended.out
    assert "2 of them suggested as 1 projects" in ended.out
    question = "SELECT year, project, score FROM v_same_projects ORDER BY year"
    found = list(csv.reader(io.StringIO(jixiao("query", question, "--db", db, "--format", "csv").out)))
    assert found[1:] == [["2021", "河湖长制工作经费", "1"], ["2022", "河湖长制工作经费", "1"]]


def test_a_missing_database_is_named_and_not_made(jixiao: Jixiao, tmp_path: Path) -> None:
    ended = jixiao("match", "--db", "absent.duckdb")
    assert ended.code == 2
    assert ended.errors == [
        "error: There is no database at absent.duckdb: make one with jixiao run PATH… --db absent.duckdb."
    ]
    assert list(tmp_path.iterdir()) == []
