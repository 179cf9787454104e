"""``jixiao check``: documents compared across years, findings that name both, and nothing left over when one changes."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Jixiao
from tests.conftest import ROOT

REPORTS = ROOT / "tests" / "checking" / "across"
DB = "water.duckdb"


@pytest.fixture
def water(jixiao: Jixiao, tmp_path: Path) -> Path:
    """A folder of four invented reports, three of one department on three years, read into a database and checked."""
    folder = tmp_path / "water"
    shutil.copytree(REPORTS, folder)
    assert jixiao("run", folder, "--db", DB, "--extractor", "offline").code == 0
    return folder


def listed(jixiao: Jixiao, *arguments: str) -> list[dict[str, str]]:
    ended = jixiao("findings", "--db", DB, "--format", "csv", *arguments)
    assert ended.code == 0
    return list(csv.DictReader(io.StringIO(ended.out)))


def check(jixiao: Jixiao) -> Ended:
    ended = jixiao("check", "--db", DB)
    assert ended.code == 0
    return ended


def test_three_planted_contradictions_are_found_and_no_near_miss(jixiao: Jixiao, water: Path) -> None:
    assert listed(jixiao) == []
    ended = check(jixiao)
    assert "1 departments with several documents, 9 quantities compared, 3 contradictions" in ended.out
    assert re.search(r"compared +│ +3", ended.out)
    assert re.search(r"the only one of its department +│ +1", ended.out)
    found = {
        (f["document"], f["other_document"], f["kind"], f["stated"], f["computed"], f["relation"])
        for f in listed(jixiao)
    }
    assert found == {
        ("qinghe-water-2022", "qinghe-water-2021", "conflict", "1150.23万元", "1150.32万元", "across.other_year"),
        ("qinghe-water-2022", "qinghe-water-2021", "decimal_shift", "82.0万元", "8.20万元", "across.other_year"),
        ("qinghe-water-2023", "qinghe-water-2022", "conflict", "61.25万元", "62.15万元", "across.carried_over"),
    }


def test_a_finding_names_the_lines_of_both_documents(jixiao: Jixiao, water: Path) -> None:
    check(jixiao)
    for finding in listed(jixiao):
        for document, line, figure in (("document", "line", "stated"), ("other_document", "other_line", "computed")):
            text = (water / f"{finding[document]}.txt").read_text(encoding="utf-8").splitlines()
            assert finding[figure] in text[int(finding[line]) - 1]


def test_either_document_lists_it_and_each_of_its_records_traces_it(jixiao: Jixiao, water: Path) -> None:
    check(jixiao)
    assert len(listed(jixiao, "--document", "qinghe-water-2021")) == 2
    assert len(listed(jixiao, "--document", "qinghe-water-2023")) == 1
    question = "SELECT unnest(record_ids) AS r FROM v_findings WHERE relation = 'across.carried_over'"
    records = jixiao("query", question, "--db", DB, "--format", "csv").out.split()[1:]
    assert len(records) == 2
    for record in records:
        assert "61.25万元" in jixiao("trace", record, "--db", DB).out


def test_a_finding_is_traced_to_both_places(jixiao: Jixiao, water: Path) -> None:
    check(jixiao)
    (finding,) = [f for f in listed(jixiao) if f["relation"] == "across.carried_over"]
    ended = jixiao("trace", finding["finding_id"], "--db", DB)
    assert ended.code == 0
    for words in ("qinghe-water-2023.txt:12", "qinghe-water-2022.txt:18", "年初结转和结余61.25", "年末结转和结余62.15"):
        assert words in ended.out


def test_a_second_check_finds_the_same_once(jixiao: Jixiao, water: Path) -> None:
    check(jixiao)
    first = [f["finding_id"] for f in listed(jixiao)]
    check(jixiao)
    assert [f["finding_id"] for f in listed(jixiao)] == first
    count = jixiao("query", "SELECT count(*) AS n FROM finding_literals", "--db", DB, "--format", "csv").out.split()[1]
    assert int(count) == 2 * len(first)


def test_reading_a_document_again_drops_what_touches_it_until_the_next_check(jixiao: Jixiao, water: Path) -> None:
    check(jixiao)
    jixiao("run", water / "qinghe-water-2023.txt", "--db", DB, "--extractor", "offline", "--fresh")
    assert {f["document"] for f in listed(jixiao)} == {"qinghe-water-2022"}
    assert "1 documents were read since the last jixiao check" in jixiao("findings", "--db", DB).err
    check(jixiao)
    assert len(listed(jixiao)) == 3
    assert "since the last jixiao check" not in jixiao("findings", "--db", DB).err


def test_a_corrected_document_takes_its_contradictions_with_it(jixiao: Jixiao, water: Path) -> None:
    check(jixiao)
    path = water / "qinghe-water-2022.txt"
    text = path.read_text(encoding="utf-8")
    right = text.replace("1150.23", "1150.32").replace("82.0万元", "8.2万元").replace("62.15", "61.25")
    path.write_text(right, encoding="utf-8")
    jixiao("run", path, "--db", DB, "--extractor", "offline")
    assert listed(jixiao, "--kind", "conflict") == []
    left = "SELECT count(*) AS n FROM finding_literals ANTI JOIN findings USING (finding_id, extractor)"
    assert jixiao("query", left, "--db", DB, "--format", "csv").out.split()[1] == "0"
    check(jixiao)
    assert [f for f in listed(jixiao) if f["other_document"]] == []


def test_findings_inside_documents_stay(jixiao: Jixiao, water: Path) -> None:
    path = water / "qinghe-water-2023.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("98.29%", "89.29%"), encoding="utf-8")
    jixiao("run", path, "--db", DB, "--extractor", "offline")
    check(jixiao)
    check(jixiao)
    assert sorted(f["other_document"] for f in listed(jixiao)) == [
        *("", "qinghe-water-2021", "qinghe-water-2021", "qinghe-water-2022")
    ]


def test_check_never_makes_a_database(jixiao: Jixiao, tmp_path: Path) -> None:
    ended = jixiao("check", "--db", "absent.duckdb")
    assert ended.code == 2
    assert "There is no database at absent.duckdb: make one with" in ended.err
    assert not (tmp_path / "absent.duckdb").exists()


def test_json_has_both_places(jixiao: Jixiao, water: Path) -> None:
    check(jixiao)
    text = jixiao("findings", "--db", DB, "--format", "json").out
    for finding in json.loads(text):
        other = (water / f"{finding['other_document']}.txt").read_text(encoding="utf-8")
        shown = other[finding["other_start"] : finding["other_stop"]]
        assert finding["figures"][1] == f"other {shown}"
