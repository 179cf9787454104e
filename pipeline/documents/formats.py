"""Documents: the reader of each format; its library is loaded with the first file that needs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.documents.canonical import Canonical
from pipeline.documents.kinds import Kind
from pipeline.documents.limits import Limits
from pipeline.documents.text import decode


def read_kind(  # noqa: PLR0911 - one return a format
    path: Path, kind: Kind, data: bytes, limits: Limits, tick: Callable[[], None] = lambda: None
) -> tuple[str, Canonical]:
    """The encoding or format of a file's bytes, and its text; ``tick`` is called after each page of a scan.

    Raises:
        DocumentError: the bytes are broken, too large when unpacked, or hold no text that can be read.
    """
    match kind:
        case Kind.HTML:
            from pipeline.documents.html import read_html  # noqa: PLC0415

            return read_html(path, data)
        case Kind.DOCX:
            from pipeline.documents.docx import read_docx  # noqa: PLC0415

            return Kind.DOCX, read_docx(path, data, limits)
        case Kind.XLSX:
            from pipeline.documents.xlsx import read_xlsx  # noqa: PLC0415

            return Kind.XLSX, read_xlsx(path, data, limits)
        case Kind.XLS:
            from pipeline.documents.xls import read_xls  # noqa: PLC0415

            return Kind.XLS, read_xls(path, data, limits)
        case Kind.PDF:
            from pipeline.documents.pdf import read_pdf  # noqa: PLC0415

            return Kind.PDF, read_pdf(path, data, limits, tick)
        case Kind.IMAGE:
            from pipeline.documents.images import read_image  # noqa: PLC0415

            return Kind.IMAGE, read_image(path, data, limits, tick)
        case Kind.OFFICE:
            from pipeline.documents.office import read_by_office  # noqa: PLC0415

            return Kind.OFFICE, read_by_office(path, data, limits)
        case Kind.TEXT:
            encoding, text = decode(path, data)
            return encoding, Canonical(text)
