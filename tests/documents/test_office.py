"""Old Word files go through LibreOffice where it is installed; a script stands in for it, as a program of its own."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import docx
import pytest

from pipeline.documents import DocumentError, DocumentReader, Limits, read_document

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")

CONVERTS = """#!{python}
import os, pathlib, shutil, sys
arguments = sys.argv[1:]
out = pathlib.Path(arguments[arguments.index("--outdir") + 1])
assert pathlib.Path(arguments[-1]).read_bytes().startswith(b"\\xd0\\xcf")
assert "--headless" in arguments and os.environ["HOME"] == os.getcwd()
out.mkdir()
shutil.copy({made!r}, out / "report.docx")
"""
FAILS = "#!{python}\n"
HANGS = "#!{python}\nimport time\ntime.sleep(60)\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "report.doc"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    document = docx.Document()
    document.add_paragraph("全年预算数1,798.50万元。")
    document.save(str(tmp_path / "made.docx"))
    return tmp_path / "made.docx"


def install(script: str, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a program of the name first on the path."""
    folder = made.parent / "bin"
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(script.format(python=sys.executable, made=str(made)), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_an_old_file_is_read_as_what_it_is_converted_to(old: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(CONVERTS, made, monkeypatch)
    document = read_document(old)
    assert (document.text, document.encoding, document.name) == ("全年预算数1,798.50万元。\n", "office", "report")
    with DocumentReader() as reader:
        assert reader.read(old) == document


def test_where_it_is_not_installed_the_error_says_so(
    old: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError) as caught:
        read_document(old)
    assert str(caught.value) == (
        f"{old}: is an old Word, WPS, RTF or OpenDocument file, which needs LibreOffice, and that is not installed; "
        "install it (apt-get install libreoffice-writer), or save the file as DOCX or PDF"
    )


def test_what_it_cannot_read_is_named(old: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(FAILS, made, monkeypatch)
    with pytest.raises(DocumentError, match="cannot be read by LibreOffice; open it and save it as DOCX or PDF"):
        read_document(old)


def test_where_it_hangs_it_is_ended(old: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(HANGS, made, monkeypatch)
    begun = time.monotonic()
    with pytest.raises(DocumentError, match=r"takes LibreOffice longer than 0\.9 seconds; save it as DOCX"):
        read_document(old, Limits(seconds=1))
    assert time.monotonic() - begun < 20


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_the_real_program_reads_rich_text(tmp_path: Path) -> None:
    path = tmp_path / "report.rtf"
    path.write_bytes(rb"{\rtf1\ansi Budget 1,798.50\par}")
    assert "Budget 1,798.50" in read_document(path).text
