"""Documents: text files in UTF-8, UTF-8 with BOM, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from pathlib import Path

from charset_normalizer import from_bytes

from pipeline.documents.errors import DocumentError
from pipeline.flow import Document

MAX_BYTES = 50_000_000
"""Largest file that is read; a report of ten million characters is no report."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DETECTED = ["gb18030", "utf_16_le", "utf_16_be"]
_REMEDY = "save it as UTF-8 text and run again"


def read_document(path: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """The file as a document.

    Raises:
        DocumentError: the file cannot be opened, is too large or empty, or is not text in one of the four encodings.
    """
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError as error:
        raise DocumentError(path, "has a name that is not UTF-8", "rename it") from error
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentError(path, "is not a file", "name a text file or a folder of them")
        if found.st_size > max_bytes:
            raise DocumentError(
                path, f"{found.st_size:,} bytes is more than the limit of {max_bytes:,}", "split it or raise the limit"
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError(path, "no such file", "check the path, and where it leads if it is a link") from error
    except OSError as error:
        raise DocumentError(path, f"cannot be read ({error.strerror})", "check its permissions") from error
    encoding, text = decode(path, data)
    if not text.strip():
        raise DocumentError(path, "holds no text", "remove it or supply the report's text")
    digest = hashlib.sha256(data).hexdigest()
    return Document(document_id=digest[:16], name=path.stem, path=path, sha256=digest, encoding=encoding, text=text)


def decode(path: Path, data: bytes) -> tuple[str, str]:
    """Encoding and text of a file's bytes; line ends and every character stay as they are, a BOM is dropped.

    Raises:
        DocumentError: the bytes are not text in a known encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError as error:
                raise DocumentError(
                    path, f"begins as {encoding} but breaks off at byte {error.start}", _REMEDY
                ) from error
            if "\0" in text:  # a UTF-32 file begins with the BOM of UTF-16
                raise DocumentError(path, f"begins as {encoding} but holds NUL characters", _REMEDY)
            return encoding, text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=_DETECTED).best()
        if best is None:
            raise DocumentError(path, "is not text in UTF-8, UTF-16 or GB18030", _REMEDY) from None
        return best.encoding, data.decode(best.encoding)
    if "\0" not in text:
        return "utf-8", text
    best = from_bytes(data, cp_isolation=["utf_16_le", "utf_16_be"]).best()
    if best is None:
        raise DocumentError(path, "holds NUL bytes: it is a binary file, not text", _REMEDY)
    return best.encoding, data.decode(best.encoding)
