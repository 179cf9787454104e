"""Hostile and broken files: each is read or named in one sentence, no other file is lost, nothing else is written."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.documents import DocumentError, DocumentReader, Limits
from tests.cli.conftest import SAMPLES, Jixiao, jixiao
from tests.documents.hostile_files import HOSTILE, Hostile, docx, pdf, said

__all__ = ["jixiao"]  # a fixture

LIMITS = Limits(bytes=6_000_000, expanded=10_000_000, pages=30)


def put(folder: Path, hostile: Hostile) -> Path:
    path = folder / hostile.name
    if callable(hostile.make):
        hostile.make(path)
    else:
        path.write_bytes(hostile.make)
    return path


@pytest.mark.parametrize("hostile", HOSTILE, ids=[h.name for h in HOSTILE])
def test_each_is_read_or_named_in_one_sentence(hostile: Hostile, tmp_path: Path, reader: DocumentReader) -> None:
    path = put(tmp_path, hostile)
    if hostile.error is None:
        assert reader.read(path).text == hostile.text
        return
    with pytest.raises(DocumentError) as caught:
        reader.read(path)
    assert str(caught.value) == f"{path}: {hostile.error}"


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    with DocumentReader(LIMITS) as reader:
        yield reader


def test_a_run_over_all_of_them_stores_the_others_and_writes_nothing_else(
    jixiao: Jixiao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for hostile in HOSTILE:
        put(folder, hostile)
    (folder / "back").symlink_to(folder, target_is_directory=True)
    shutil.copy(SAMPLES / "water-2022.txt", folder / "zz-last.txt")
    before = sorted(p.name for p in folder.iterdir())
    limits = {"MAX_BYTES": LIMITS.bytes, "MAX_EXPANDED_BYTES": LIMITS.expanded, "MAX_PAGES": LIMITS.pages}
    for name, value in limits.items():
        monkeypatch.setenv(f"JIXIAO_{name}", str(value))
    ended = jixiao("run", folder, "--db", "a.duckdb", "--extractor", "offline")
    failures = {folder / h.name: h.error for h in HOSTILE if h.error}
    assert (ended.code, sorted(ended.errors)) == (1, sorted(f"error: {p}: {e}" for p, e in failures.items()))
    assert f"{len(HOSTILE) - len(failures) + 1} documents read, {len(failures)} failed" in ended.out
    assert sorted(p.name for p in folder.iterdir()) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.duckdb", "in"]


def test_a_reader_that_takes_too_long_is_stopped_and_the_next_file_is_read(tmp_path: Path) -> None:
    slow, quick = tmp_path / "slow.docx", tmp_path / "quick.docx"
    slow.write_bytes(docx(said("预算") * 400_000))
    quick.write_bytes(docx(said("预算")))
    with DocumentReader(Limits(seconds=0.2)) as reader:
        assert reader.read(quick).text == "预算\n"
        begun = time.monotonic()
        with pytest.raises(DocumentError) as caught:
            reader.read(slow)
        assert time.monotonic() - begun < 5
        assert str(caught.value) == (
            f"{slow}: takes longer to read than the limit of 0.2 seconds; "
            "split it, save it in another format, or raise max_read_seconds"
        )
    with DocumentReader(Limits(seconds=30)) as reader:
        assert reader.read(quick).text == "预算\n"


def test_a_reader_that_needs_too_much_memory_is_named(tmp_path: Path) -> None:
    path = tmp_path / "large.docx"
    path.write_bytes(docx(said("预算") * 300_000))
    with DocumentReader(Limits(memory=200_000_000)) as reader, pytest.raises(DocumentError) as caught:
        reader.read(path)
    assert caught.value.reason.startswith(("needs more memory to read than the limit", "made its reader fall over"))


def test_a_reader_that_falls_over_costs_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    with DocumentReader() as reader:
        assert reader.read(path).text == "report\n"
        assert reader._process is not None
        reader._process.kill()
        with pytest.raises(DocumentError, match=r"made its reader fall over \(exit -9\); save it in another format"):
            reader.read(path)
        assert reader.read(path).text == "report\n"
