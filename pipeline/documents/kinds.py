"""Documents: what a file is, told by its bytes; its name decides nothing."""

from __future__ import annotations

import re
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pipeline.documents.errors import DocumentError

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"PK\x05\x06")
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,4000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|center|section|article|style|script|h[1-6])[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?mime-version:", re.IGNORECASE)
_CONVERT = "open it and save it as DOCX, XLSX, PDF or text"


class Kind(StrEnum):
    """The formats that are read."""

    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    PDF = "pdf"
    OFFICE = "office"
    IMAGE = "image"


def kind_of(path: Path, data: bytes) -> Kind:  # noqa: PLR0911 - one return a format
    """The format of a file.

    Raises:
        DocumentError: it is of a known format that is not read; the sentence says which, and what to do.
    """
    if data.startswith(_ZIP):
        return _packed(path, data)
    if data.startswith(_COMPOUND):
        return _compound(path, data)
    if data.startswith(b"{\\rtf"):
        return Kind.OFFICE
    if data.startswith(_IMAGES):
        return Kind.IMAGE
    if data.startswith(_ARCHIVES):
        raise DocumentError(path, "is an archive", "unpack it and run again")
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    start = (
        data[:8192]
        .replace(b"\0", b"")
        .removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
    )
    if _PAGE.match(start) or _MAIL.match(start):
        return Kind.HTML
    return Kind.TEXT


def _packed(path: Path, data: bytes) -> Kind:
    """The kind of a ZIP package by the parts that it holds."""
    try:
        with ZipFile(BytesIO(data)) as package:
            names = set(package.namelist())
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DocumentError(path, f"is a broken package ({error})", "get the file anew") from error
    if "word/document.xml" in names or any(re.fullmatch(r"word/document\d*\.xml", n) for n in names):
        return Kind.DOCX
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        raise DocumentError(path, "is an Excel file in the binary format (.xlsb)", "open it and save it as XLSX")
    if "OFD.xml" in names:
        raise DocumentError(path, "is an OFD file", "print or save it as PDF")
    if "content.xml" in names:
        if _OPEN_TEXT in data[:200]:
            return Kind.OFFICE
        raise DocumentError(path, "is an OpenDocument file that is no text", _CONVERT)
    raise DocumentError(path, "is an archive, not a document", "unpack it and run again")


def _compound(path: Path, data: bytes) -> Kind:
    """The kind of an OLE compound file by the streams that its directory names."""
    if _has_stream(data, "EncryptedPackage"):
        raise DocumentError(path, "is protected with a password", "save it without the password and run again")
    if _has_stream(data, "WordDocument"):
        return Kind.OFFICE
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return Kind.XLS
    raise DocumentError(path, "is an office file of the old format that is broken, or of an unknown kind", _CONVERT)


def _has_stream(data: bytes, name: str) -> bool:
    """Whether the directory of a compound file names a stream: an entry of 128 bytes begins with the name in 64 and its
    length ([MS-CFB] 2.6.1). The words alone prove nothing: a Word file that has bookmarks holds “Book”, too."""
    coded = name.encode("utf-16-le")
    entry = coded.ljust(64, b"\0") + (len(coded) + 2).to_bytes(2, "little")
    place = data.find(entry)
    while place >= 0 and place % 128:
        place = data.find(entry, place + 1)
    return place >= 0
