"""The inbox: a folder that is read again and again, with files that stay, change, move, vanish or come twice."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.extraction.choice import OFFLINE
from pipeline.job import RunReport, Terms, run
from pipeline.store import Store
from pipeline.store.session import Session
from tests.conftest import ROOT
from tests.formats.model import rich
from tests.formats.to_docx import write_docx

SAMPLES = ROOT / "data" / "samples"
Read = Callable[..., RunReport]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("water-2022.txt", "education-2023.txt"):
        shutil.copy(SAMPLES / name, folder / name)
    return folder


@pytest.fixture
def read(inbox: Path) -> Read:
    """Reads the inbox once more."""

    def again(choice: object = OFFLINE, *, fresh: bool = False) -> RunReport:
        with Store.open(inbox.parent / "a.duckdb") as store:
            return asyncio.run(run([inbox], store, choice, Terms(fresh=fresh)))  # type: ignore[arg-type]

    return again


def told(report: RunReport) -> tuple[int, list[str], list[str], dict[str, str]]:
    """How many were read, and the names of those unchanged and gone."""
    return report.documents, [p.name for p in report.unchanged], [Path(p).name for p in report.gone], report.failures


def stored(inbox: Path) -> list[tuple[str, list[str]]]:
    """The names of the stored documents and of their other paths."""
    with Store.open(inbox.parent / "a.duckdb", read_only=True) as store:
        rows = store.query("SELECT document, aliases FROM documents ORDER BY 1").rows
    return [(name, [Path(a).name for a in aliases]) for name, aliases in rows]


def test_what_is_unchanged_is_not_read_again(inbox: Path, read: Read) -> None:
    assert told(read()) == (2, [], [], {})
    assert told(read()) == (0, ["education-2023.txt", "water-2022.txt"], [], {})
    (inbox / "water-2022.txt").write_text(
        (inbox / "water-2022.txt").read_text(encoding="utf-8") + "\n附注。\n", encoding="utf-8"
    )
    assert told(read()) == (1, ["education-2023.txt"], [], {})
    assert [name for name, _ in stored(inbox)] == ["education-2023", "water-2022"]


@pytest.mark.parametrize("change", ["fresh", "settings", "extractor", "model"])
def test_what_would_be_read_otherwise_is_read_again(read: Read, change: str) -> None:
    changes = {
        "settings": {"settings": {"vocabulary": "w.toml"}},
        "extractor": {"name": "other"},
        "model": {"model": "m"},
    }
    read()
    assert told(read(replace(OFFLINE, **changes.get(change, {})), fresh=change == "fresh"))[:2] == (2, [])


def test_what_failed_is_tried_again(inbox: Path, read: Read) -> None:
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.7")
    assert len(read().failures) == 1
    assert told(read())[:2] == (0, ["education-2023.txt", "water-2022.txt"])
    shutil.copy(SAMPLES / "health-2022.txt", inbox / "broken.pdf")
    assert told(read())[:2] == (1, ["education-2023.txt", "water-2022.txt"])


def test_what_vanished_is_told_and_its_records_stay(inbox: Path, read: Read) -> None:
    read()
    (inbox / "water-2022.txt").unlink()
    assert told(read()) == (0, ["education-2023.txt"], ["water-2022.txt"], {})
    assert [name for name, _ in stored(inbox)] == ["education-2023", "water-2022"]


def test_what_moved_is_known_by_its_content(inbox: Path, read: Read) -> None:
    read()
    (inbox / "sub").mkdir()
    (inbox / "water-2022.txt").rename(inbox / "sub" / "moved.txt")
    assert told(read()) == (0, ["education-2023.txt", "moved.txt"], [], {})
    assert stored(inbox) == [("education-2023", []), ("water-2022", ["moved.txt"])]
    assert told(read())[2] == []


def test_a_copy_of_what_is_unchanged_is_a_second_name_of_it(inbox: Path, read: Read) -> None:
    read()
    shutil.copy(inbox / "water-2022.txt", inbox / "copy.txt")
    report = read()
    assert report.documents == 0
    assert ("water-2022", ["copy.txt"]) in stored(inbox)


def test_two_formats_of_one_report_are_told(inbox: Path, read: Read) -> None:
    assert read().twins == []
    write_docx(rich(SAMPLES / "water-2022.txt"), inbox / "水利.docx")
    [found] = read().twins
    assert (Path(found.path).name, Path(found.other).name) == ("water-2022.txt", "水利.docx")
    assert (found.department, found.year) == ("清江州水利局", 2022)
    assert read().twins == [], "told once, when the second one is read"


def copies_of_one_report(inbox: Path, count: int) -> None:
    """Files that seem to be one report, of which every other one is there twice byte for byte."""
    text = (SAMPLES / "water-2022.txt").read_text(encoding="utf-8")[:400]
    for number in range(count):
        (inbox / f"near-{number:03}.txt").write_text(text + "。" * (number // 2 + 1), encoding="utf-8")


@pytest.mark.parametrize("count", [4, 12])
def test_files_of_one_report_are_each_told_once(inbox: Path, read: Read, count: int) -> None:
    copies_of_one_report(inbox, count)
    report = read()
    assert len(report.twins) == count // 2, "beside the first one"
    assert len(report.duplicates) == count // 2
    assert {twins.path for twins in report.twins} == {str(inbox / "near-000.txt")}
    (inbox / "later.txt").write_text((inbox / "near-000.txt").read_text(encoding="utf-8") + "附", encoding="utf-8")
    assert [(Path(t.path).name, Path(t.other).name) for t in read().twins] == [("later.txt", "near-000.txt")]


def test_copies_of_a_document_are_recorded_at_once(inbox: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = Counter[int]()
    execute = Session.execute

    def counted(session: Session, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        statements[round_of] += 1
        return execute(session, sql, parameters)

    monkeypatch.setattr(Session, "execute", counted)
    for round_of, count in enumerate((2, 2, 40)):
        for number in range(count):
            shutil.copy(inbox / "water-2022.txt", inbox / f"copy-{round_of}-{number}.txt")
        assert len(read(fresh=True).duplicates) >= count
    assert statements[1] == statements[2], (
        "once the documents are stored, as many statements for few copies as for many"
    )
