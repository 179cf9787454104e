"""Documents: a file as a document, by the reader of its format."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.canonical import Canonical
from pipeline.documents.errors import DocumentError
from pipeline.documents.formats import read_kind
from pipeline.documents.kinds import Kind, kind_of
from pipeline.documents.limits import DEFAULT_LIMITS, Limits
from pipeline.flow import Document


def read_document(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """The file as a document; its format is told by its content.

    Raises:
        DocumentError: the file cannot be opened, is too large, empty or broken, or of a format that is not read.
    """
    return document_of(load(path, limits), limits, read_kind)


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file's bytes, before anything is made of them."""

    path: Path
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def document_id(self) -> str:
        """The id of the document that the bytes will be."""
        return self.sha256[:16]


Reader = Callable[[Path, Kind, bytes, Limits], tuple[str, Canonical]]
"""What reads the bytes of a kind."""


def document_of(file: FileBytes, limits: Limits, reader: Reader) -> Document:
    """The file as a document, by a reader.

    Raises:
        DocumentError: as ``read_document``.
    """
    path, digest = file.path, file.sha256
    encoding, canonical = reader(path, kind_of(path, file.data), file.data, limits)
    if not canonical.text.strip():
        raise DocumentError(path, "holds no text", "remove it or supply the report's text")
    return Document(
        document_id=digest[:16],
        name=path.stem,
        path=path,
        sha256=digest,
        encoding=encoding,
        text=canonical.text,
        tables=canonical.tables,
        pages=canonical.pages,
        boxes=canonical.boxes,
        remarks=canonical.remarks,
        whole_lines=canonical.whole_lines,
        ocr=canonical.ocr,
    )


def load(path: Path, limits: Limits = DEFAULT_LIMITS) -> FileBytes:
    """The file's bytes.

    Raises:
        DocumentError: the file cannot be opened or is too large.
    """
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError as error:
        raise DocumentError(path, "has a name that is not UTF-8", "rename it") from error
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentError(path, "is not a file", "name a file or a folder of them")
        if found.st_size > limits.bytes:
            raise DocumentError(
                path,
                f"{found.st_size:,} bytes is more than the limit of {limits.bytes:,}",
                "split it or raise the limit",
            )
        return FileBytes(path, path.read_bytes())
    except FileNotFoundError as error:
        raise DocumentError(path, "no such file", "check the path, and where it leads if it is a link") from error
    except OSError as error:
        raise DocumentError(path, f"cannot be read ({error.strerror})", "check its permissions") from error
