"""Old Word files go through LibreOffice where it is installed; a script stands in for it, as a program of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest

from eval.gold import load_gold
from pipeline.documents import DocumentError, DocumentReader, Limits, read_document
from pipeline.layout import lay_out
from tests.conftest import ROOT
from tests.documents.compound import compound
from tests.formats.model import RichCell, RichTable, rich
from tests.formats.score import micro_f1, score
from tests.formats.to_docx import write_docx

OLD = compound("WordDocument")

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


needs_office = pytest.mark.skipif(
    not shutil.which("soffice"),
    reason="LibreOffice is not installed: apt-get install --no-install-recommends libreoffice-writer",
)
FORMATS = {"doc": "doc:MS Word 97", "wps": "doc:MS Word 97", "rtf": "rtf", "odt": "odt"}


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("suffix", FORMATS)
def test_the_real_program_reads_old_files_with_their_merged_cells(suffix: str, tmp_path: Path) -> None:
    source = tmp_path / "report.docx"
    write_docx(["表1 收支表", "单位：万元", TABLE, "全年预算数1,798.50万元。"], source)
    path = saved_as(source, suffix, FORMATS[suffix])
    document = read_document(path)
    assert document.text == (
        "表1 收支表\n单位：万元\n项目\t预算数\n\t年初\t全年\n基本支出\t1,200.50\t1,300.00\n全年预算数1,798.50万元。\n"
    )
    assert document.encoding == "office"
    [table] = lay_out(document).tables
    assert [c.header for c in table.body[0].cells] == [("项目",), ("预算数", "年初"), ("预算数", "全年")]


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("gold_path", sorted((ROOT / "data" / "gold").glob("*.json")), ids=lambda p: p.stem)
def test_an_old_word_file_is_read_as_well_as_the_text(gold_path: Path, tmp_path: Path) -> None:
    gold = load_gold(gold_path, ROOT / "data" / "samples")
    source = tmp_path / f"{gold.name}.docx"
    write_docx(rich(gold.report_path), source)
    assert micro_f1(score(gold, saved_as(source, "doc", FORMATS["doc"]))) >= micro_f1(score(gold, gold.report_path))


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize("gold_path", sorted((ROOT / "data" / "gold").glob("*.json")), ids=lambda p: p.stem)
def test_a_pdf_that_an_office_program_made_is_read_as_well_as_the_text(gold_path: Path, tmp_path: Path) -> None:
    gold = load_gold(gold_path, ROOT / "data" / "samples")
    source = tmp_path / f"{gold.name}.docx"
    write_docx(rich(gold.report_path), source)
    assert micro_f1(score(gold, saved_as(source, "pdf", "pdf"))) >= micro_f1(score(gold, gold.report_path))


TABLE = RichTable(3, 3, (
    RichCell("项目", 0, 0, 2, 1), RichCell("预算数", 0, 1, 1, 2), RichCell("年初", 1, 1, 1, 1), RichCell("全年", 1, 2, 1, 1),
    RichCell("基本支出", 2, 0, 1, 1), RichCell("1,200.50", 2, 1, 1, 1), RichCell("1,300.00", 2, 2, 1, 1),
))  # fmt: skip


def saved_as(source: Path, suffix: str, filter_name: str) -> Path:
    """A Word file as an office program saves it in another format; WPS files are old Word files by another name."""
    out = source.parent / "saved"
    profile = source.parent / "profile"
    subprocess.run(  # noqa: S603 - the program of the machine
        [str(shutil.which("soffice")), "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", filter_name,
         "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    made = out / f"{source.stem}.{filter_name.partition(':')[0]}"
    return made.rename(made.with_suffix(f".{suffix}"))
