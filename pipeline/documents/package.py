"""Documents: the ZIP packages that DOCX and XLSX files are, opened with care: nothing is unpacked beyond its limit."""

from __future__ import annotations

import posixpath
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from lxml import etree

from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits

_MEMBERS = 20_000
_PROLOG = 4096
_STRICT = (b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/")
_DATED = {
    b"http://schemas.openxmlformats.org/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://schemas.openxmlformats.org/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_ANEW = "get the file anew, or open it and save it again"


class Package:
    """The parts of an office file. A part is unpacked when it is asked for, and never more of it than it declares."""

    def __init__(self, path: Path, data: bytes, limits: Limits) -> None:
        """Opens the package.

        Raises:
            DocumentError: it is broken, protected with a password, or larger than the limit when unpacked.
        """
        self._path = path
        try:
            self._zip = ZipFile(BytesIO(data))
            members = self._zip.infolist()
        except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise DocumentError(path, f"is a broken package ({error})", _ANEW) from error
        if any(m.flag_bits & 1 for m in members):
            raise DocumentError(path, "is protected with a password", "save it without the password and run again")
        size = sum(m.file_size for m in members)
        if size > limits.expanded or len(members) > _MEMBERS:
            raise DocumentError(
                path,
                f"unpacks to {size:,} bytes in {len(members):,} parts, more than the limit of {limits.expanded:,}",
                "check where it comes from, or raise max_expanded_bytes",
            )
        self.names = frozenset(m.filename for m in members)

    def main_part(self, usual: str) -> str:
        """The name of the part that holds the document, as the package's relationships give it."""
        found = (target for kind, target in self.relations("").values() if kind.endswith("/officeDocument"))
        return next(found, usual)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The kinds and targets that a part (the package itself for ``""``) refers to, by id; only parts that exist."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for relation in [] if root is None else root:
            target = relation.get("Target", "")
            target = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            if target in self.names:
                found[relation.get("Id", "")] = (relation.get("Type", ""), target)
        return found

    def xml(self, name: str) -> etree._Element | None:
        """The root of a part, None where the package has no such part.

        Raises:
            DocumentError: the part is broken, no XML, or declares entities.
        """
        if name not in self.names:
            return None
        try:
            data = self._zip.read(name)
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise DocumentError(self._path, f"is a broken package ({name}: {error})", _ANEW) from error
        if _STRICT[0] in data:
            data = data.replace(*_STRICT)
            for strict, usual in _DATED.items():
                data = data.replace(strict, usual)
        return parse_xml(self._path, name, data)


def parse_xml(path: Path, name: str, data: bytes) -> etree._Element:
    """The root of an XML text; no entity is resolved, no other file or address is looked at.

    Raises:
        DocumentError: it is broken, or declares entities.
    """
    declared = DocumentError(
        path, f"declares XML entities ({name}), which no office program writes", "do not trust it; get it anew"
    )
    if b"<!DOCTYPE" in data[:_PROLOG]:
        raise declared
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", None) in {etree.ErrorTypes.ERR_NO_MEMORY, etree.ErrorTypes.ERR_OK}:
            raise MemoryError from error
        raise DocumentError(path, f"holds broken XML ({name}: {(error.msg or '')[:120]})", _ANEW) from error
    except (etree.LxmlError, ValueError) as error:
        raise DocumentError(path, f"holds broken XML ({name}: {error})", _ANEW) from error
    if root.getroottree().docinfo.internalDTD is not None:  # behind a long prolog, or in UTF-16
        raise declared
    return root
