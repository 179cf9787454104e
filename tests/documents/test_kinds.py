"""What a file is, told by its bytes: formats that are not read are named, each with what to do."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from pipeline.documents import DocumentError, read_document
from pipeline.documents.kinds import Kind, kind_of
from tests.documents.compound import COMPOUND, compound

CONVERT = "open it and save it as DOCX, XLSX, PDF or text"


def packed(*names: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return buffer.getvalue()


def open_text() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("一、概况\n".encode(), Kind.TEXT),
        (b"", Kind.TEXT),
        (b"3 < 5 <p>", Kind.TEXT),
        ("<预算>不是网页".encode(), Kind.TEXT),
        (b"<!DOCTYPE html><p>", Kind.HTML),
        (b"\xef\xbb\xbf  \r\n<!-- saved from url=(0014)about:internet -->\n<HTML>", Kind.HTML),
        ("<html>".encode("utf-16"), Kind.HTML),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html>', Kind.HTML),
        (b"From: a\r\nSubject: b\r\n c\r\nMIME-Version: 1.0\r\n", Kind.HTML),
        (packed("[Content_Types].xml", "word/document.xml"), Kind.DOCX),
        (packed("[Content_Types].xml", "xl/workbook.xml"), Kind.XLSX),
        (compound("WordDocument"), Kind.OFFICE),
        (b"{\\rtf1\\ansi}", Kind.OFFICE),
        (b"PK\x03\x04" + open_text()[4:], Kind.OFFICE),
        (compound("Workbook"), Kind.XLS),
        (compound("WordDocument") + "Bookmark".encode("utf-16-le"), Kind.OFFICE),
    ],
)
def test_the_format_is_told_by_content(data: bytes, kind: Kind) -> None:
    assert kind_of(Path("named.pdf"), data) is kind


NOT_READ = [
    ("image", b"\x89PNG\r\n\x1a\n" + b"\0" * 9, "is a broken image (not what it begins as); get the file anew"),
    ("photo", b"\xff\xd8\xff\xe0", "is a broken image (not what it begins as); get the file anew"),
    ("RAR", b"Rar!\x1a\x07", "is an archive; unpack it and run again"),
    ("empty ZIP", packed(), "is an archive; unpack it and run again"),
    ("ZIP", packed("a.txt"), "is an archive, not a document; unpack it and run again"),
    ("ODS", packed("mimetype", "content.xml"), f"is an OpenDocument file that is no text; {CONVERT}"),
    ("XLSB", packed("xl/workbook.bin"), "is an Excel file in the binary format (.xlsb); open it and save it as XLSX"),
    ("OFD", packed("OFD.xml", "Doc_0/Document.xml"), "is an OFD file; print or save it as PDF"),
    ("broken ZIP", b"PK\x03\x04" + zlib.compress(b"x" * 999),
     "is a broken package (File is not a zip file); get the file anew"),
    ("protected", compound("EncryptedPackage"),
     "is protected with a password; save it without the password and run again"),
    ("other OLE", COMPOUND, f"is an office file of the old format that is broken, or of an unknown kind; {CONVERT}"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "sentence"), [row[1:] for row in NOT_READ], ids=[row[0] for row in NOT_READ])
def test_a_format_that_is_not_read_is_named(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert str(caught.value) == f"{path}: {sentence}"
