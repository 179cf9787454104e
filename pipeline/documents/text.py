"""Documents: text files in UTF-8, UTF-8 with BOM, UTF-16 or GB18030."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from pipeline.documents.errors import DocumentError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DETECTED = ["gb18030", "utf_16_le", "utf_16_be"]
_LINE_ENDS = re.compile("[\x0b\x85\u2028\u2029]")
_REMEDY = "save it as UTF-8 text and run again"


def decode(path: Path, data: bytes) -> tuple[str, str]:
    """Encoding and text of a file's bytes; every character stays where it is, a BOM is dropped.

    What ends a line in a text of a word processor or an old Macintosh is a line feed then; CR LF stays.

    Raises:
        DocumentError: the bytes are not text in a known encoding.
    """
    encoding, text = _decoded(path, data)
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    return encoding, _LINE_ENDS.sub("\n", text)


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
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
