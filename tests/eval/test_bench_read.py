"""``jixiao bench read``: what reading files of each format takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench.reading import run
from tests.conftest import ROOT
from tests.formats.model import rich
from tests.formats.to_docx import write_docx
from tests.formats.to_pdf import write_pdf


def test_each_format_is_measured_by_itself(tmp_path: Path) -> None:
    parts = rich(ROOT / "data" / "samples" / "water-2022.txt")
    write_docx(parts, tmp_path / "a.docx")
    write_pdf(parts, tmp_path / "a.pdf")
    write_pdf(parts[:3], tmp_path / "b.pdf")
    docx, pdf = run([tmp_path])
    assert (docx.suffix, docx.files, docx.pages, pdf.suffix, pdf.files) == ("docx", 1, 0, "pdf", 2)
    assert pdf.pages > 1
    assert min(docx.characters, docx.seconds, docx.processor, docx.memory) > 0


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no files to read"):
        list(run([tmp_path]))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(ValueError, match=r"a\.pdf: is a broken PDF"):
        list(run([tmp_path]))
