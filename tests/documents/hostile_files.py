"""Files that no department should send: broken, locked, lying about themselves, or made to exhaust their reader."""

from __future__ import annotations

import codecs
import gzip
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.documents.compound import COMPOUND, compound

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SAID = "全年预算数86万元，全年执行数85.73万元。"


@dataclass(frozen=True)
class Hostile:
    """A file's name, how it is made, and how its reading ends: its text, or the error without the file's name."""

    name: str
    make: bytes | Callable[[Path], object]
    text: str | None = None
    error: str | None = None


def packed(*parts: tuple[str, str]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, prolog: str = "") -> bytes:
    return packed(("word/document.xml", f"{prolog}<w:document {_W}><w:body>{body}</w:body></w:document>"))


def said(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(prolog: str = "") -> bytes:
    return packed(("xl/workbook.xml", f"{prolog}<workbook {_X}><sheets/></workbook>"))


def pdf(encrypt: StandardEncryption | None = None, pages: int = 1) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt=encrypt)
    for _ in range(pages):
        canvas.drawString(60, 700, "report")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture(width: int, height: int) -> bytes:
    """A white picture."""
    buffer = BytesIO()
    Image.new("1", (width, height), 1).save(buffer, "PNG")
    return buffer.getvalue()


def with_flag(data: bytes) -> bytes:
    """The package with its parts marked as encrypted."""
    marked = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[data.index(signature) + offset] |= 1
    return bytes(marked)


def _refused(path: Path) -> None:
    path.write_bytes(SAID.encode())
    path.chmod(0)


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "hahahahaha">'
    + "".join(f'<!ENTITY {b} "{"".join([f"&{a};"] * 10)}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
ENTITIES = "declares XML entities ({}), which no office program writes; do not trust it; get it anew"
ANEW = "get the file anew, or open it and save it again"

HOSTILE = [
    Hostile("empty.txt", b"", error="holds no text; remove it or supply the report's text"),
    Hostile("blank.txt", b" \r\n\t", error="holds no text; remove it or supply the report's text"),
    Hostile("nul.txt", SAID.encode() + b"\0\0" + SAID.encode(),
            error="holds NUL bytes: it is a binary file, not text; save it as UTF-8 text and run again"),
    Hostile("bytes.txt", b"\x01\xfe\xff" + zlib.compress(SAID.encode() * 9),
            error="is not text in UTF-8, UTF-16 or GB18030; save it as UTF-8 text and run again"),
    Hostile("half.txt", codecs.BOM_UTF8 + SAID.encode()[:-2],
            error="begins as utf-8-sig but breaks off at byte 52; save it as UTF-8 text and run again"),
    Hostile("one-line.txt", ("预" * 1_700_000 + SAID).encode(), text="预" * 1_700_000 + SAID),
    Hostile("large.txt", b"1" * 6_000_001,
            error="6,000,001 bytes is more than the limit of 6,000,000; split it or raise the limit"),
    Hostile("word-as-text.txt", docx(said(SAID)), text=SAID + "\n"),
    Hostile("pdf-as-word.docx", pdf(), text="report\n"),
    Hostile("text-as-pdf.pdf", SAID.encode("gb18030"), text=SAID),
    Hostile("page-as-excel.xls", f"<html><table><tr><td>甲<td>1</table>{SAID}".encode(), text=f"甲\t1\n{SAID}\n"),
    Hostile("picture.pdf", b"\x89PNG\r\n\x1a\n\0\0",
            error="is a broken image (not what it begins as); get the file anew"),
    Hostile("huge.tif", picture(30_000, 30_000),
            error="is an image of more than 80,000,000 pixels; save it smaller and run again"),
    Hostile("dot.tif", picture(1, 1), error="holds no text; remove it or supply the report's text"),
    Hostile("archive.docx", packed(("a.txt", SAID)), error="is an archive, not a document; unpack it and run again"),
    Hostile("squeezed.txt", gzip.compress(SAID.encode()), error="is an archive; unpack it and run again"),
    Hostile("old.docx", COMPOUND,
            error="is an office file of the old format that is broken, or of an unknown kind; "
            "open it and save it as DOCX, XLSX, PDF or text"),
    Hostile("locked.docx", compound("EncryptedPackage"),
            error="is protected with a password; save it without the password and run again"),
    Hostile("locked-parts.docx", with_flag(docx(said(SAID))),
            error="is protected with a password; save it without the password and run again"),
    Hostile("locked.pdf", pdf(StandardEncryption("secret")),
            error="is protected with a password; save it without the password and run again"),
    Hostile("cut.docx", docx(said(SAID))[:-20],
            error="is a broken package (File is not a zip file); get the file anew"),
    Hostile("cut.pdf", pdf()[:300], error="is a broken PDF (Unexpected EOF); "
            "get the file anew, or print it to a PDF again"),
    Hostile("no-body.docx", packed(("word/document.xml", f"<w:document {_W}/>")),
            error="is a Word file without a text part; open it and save it again"),
    Hostile("no-sheets.xlsx", xlsx(), error="holds no text; remove it or supply the report's text"),
    Hostile("bad-xml.docx", docx("<w:p>"), error="holds broken XML (word/document.xml: "
            "Opening and ending tag mismatch: p line 1 and body, line 1, column 106); " + ANEW),
    Hostile("bomb.docx", docx(said("0" * 11_000_000)),
            error="unpacks to 11,000,146 bytes in 1 parts, more than the limit of 10,000,000; "
            "check where it comes from, or raise max_expanded_bytes"),
    Hostile("laughs.docx", docx(said("&i;"), LAUGHS), error=ENTITIES.format("word/document.xml")),
    Hostile("laughs.xlsx", xlsx(LAUGHS), error=ENTITIES.format("xl/workbook.xml")),
    Hostile("outside.docx", docx(said("&e;"), OUTSIDE), error=ENTITIES.format("word/document.xml")),
    Hostile("outside.html", ("<!DOCTYPE html SYSTEM 'file:///etc/passwd'>" + f"<html><p>&e;{SAID}</p></html>").encode(),
            text=f"&e;{SAID}\n"),
    Hostile("deep.html", b"<html>" + b"<div>" * 300_000 + SAID.encode(),
            error="nests its elements too deep to be a report; "
            "open it in a browser, save it anew or as UTF-8 text, and run again"),
    Hostile("wide.html", f"<html><table><tr><td colspan=99999999 rowspan=99999999>甲<td>{SAID}</table>".encode(),
            text=f"甲\t{SAID}\n"),
    Hostile("script.html", f"<html><script>fetch('http://x/')</script><img src='http://x/'><p>{SAID}</p>".encode(),
            text=SAID + "\n"),
    Hostile("many-pages.pdf", pdf(pages=31), error="has 31 pages, more than the limit of 30; split it or raise max_pages"),
    Hostile("loop.txt", lambda p: p.symlink_to(p.name), error="cannot be read (Too many levels of symbolic links); "
            "check its permissions"),
    Hostile("nowhere.pdf", lambda p: p.symlink_to("gone.pdf"),
            error="no such file; check the path, and where it leads if it is a link"),
    Hostile("pipe.txt", os.mkfifo, error="is not a file; name a file or a folder of them"),
    *([] if os.geteuid() == 0 else [
        Hostile("refused.txt", _refused, error="cannot be read (Permission denied); check its permissions")
    ]),
]  # fmt: skip
