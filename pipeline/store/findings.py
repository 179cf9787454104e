"""The store's findings: those that are asked for, with their lines, and one of them with the text around its figures."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.flow import Severity
from pipeline.store.errors import StoreError
from pipeline.store.printed import PrintedPlace, printed_at
from pipeline.store.rows import DRAWN, Drawn, confidence_of
from schemas.relations import FindingKind
from schemas.values import Span

Ask = Callable[[str, Any], list[tuple[Any, ...]]]
"""Runs a statement of ours with its parameters and gives all rows."""

AROUND = 40
"""Characters of text shown before and after a figure."""

_LISTED = 12
"""Documents that an error sentence lists in full."""


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A row of ``v_findings`` with the lines of its two places, from 1; None where it names no figure there."""

    document: str
    kind: str
    severity: str
    verdict: str
    message: str
    message_en: str
    suggestion: str | None
    suggestion_en: str | None
    stated: str
    computed: str
    slack: Decimal | None
    figures: tuple[str, ...]
    relation: str
    department: str | None
    year: int | None
    report_id: str | None
    start: int | None
    stop: int | None
    other_document: str | None
    other_start: int | None
    other_stop: int | None
    record_ids: tuple[str, ...]
    finding_id: str
    document_id: str
    other_document_id: str | None
    line: int | None = None
    other_line: int | None = None


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """A figure of a finding where it stands: the part it plays, its document and line, the text around it, its page and box
    where its file has pages, and the confidence of its least certain digit where it was read off a picture."""

    role: str
    printed: str
    document: str
    path: str
    line: int
    start: int
    stop: int
    before: str
    after: str
    record_id: str | None
    field: str | None
    printed_at: tuple[PrintedPlace, ...] = ()
    ocr_confidence: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FindingTrace:
    """A finding with every place that it names."""

    finding: StoredFinding
    places: tuple[FigurePlace, ...]


def list_findings(
    ask: Ask, path: Path, documents: Sequence[str], kinds: Sequence[str], severities: Sequence[str]
) -> list[StoredFinding]:
    """The findings of these documents (by name), kinds and severities; an empty sequence asks for all.

    Raises:
        StoreError: there is no such document in the file, no such kind or severity at all.
    """
    _need_known("severity", severities, [s.value for s in Severity])
    _need_known("kind of finding", kinds, [k.value for k in FindingKind])
    if documents:
        _need_documents(ask, path, documents)
    return _read(ask, documents=documents, kinds=kinds, severities=severities)


def trace_finding(ask: Ask, finding_id: str) -> FindingTrace | None:
    """A finding with the text around its figures, None where no current reading has one of this id."""
    found = _read(ask, finding_id=finding_id)
    if not found:
        return None
    ((extractor,),) = ask("SELECT extractor FROM documents WHERE document_id = ?", [found[0].document_id])
    return FindingTrace(found[0], tuple(_places(ask, finding_id, extractor)))


def _read(
    ask: Ask,
    *,
    documents: Sequence[str] = (),
    kinds: Sequence[str] = (),
    severities: Sequence[str] = (),
    finding_id: str | None = None,
) -> list[StoredFinding]:
    asked = {
        "documents": list(documents) or None,
        "kinds": list(kinds) or None,
        "severities": list(severities) or None,
        "finding_id": finding_id,
    }
    here, there = Lines(ask), Lines(ask)
    return [_with_lines(here, there, _finding(row)) for row in ask(_sql("findings.sql"), asked)]


class Lines:
    """Line numbers of places in stored texts; each text is read once and kept only as long as its document goes on."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._document_id: str | None = None
        self._text = ""
        self._breaks: list[int] = []

    def text(self, document_id: str) -> str:
        """The text of a document."""
        if document_id != self._document_id:
            ((self._text,),) = self._ask("SELECT text FROM documents WHERE document_id = ?", [document_id])
            self._breaks = [i for i, c in enumerate(self._text) if c == "\n"]
            self._document_id = document_id
        return self._text

    def line(self, document_id: str, place: int) -> int:
        """The line of a place, from 1."""
        self.text(document_id)
        return bisect_left(self._breaks, place) + 1


def _places(ask: Ask, finding_id: str, extractor: str) -> Iterator[FigurePlace]:
    lines = Lines(ask)
    drawn: dict[str, Drawn] = {}
    for role, printed, document_id, document, path, start, stop, record_id, field in ask(
        _sql("finding_figures.sql"), [finding_id, extractor]
    ):
        text = lines.text(document_id)
        if document_id not in drawn:
            ((stored,),) = ask("SELECT drawn FROM documents WHERE document_id = ?", [document_id])
            drawn[document_id] = DRAWN.validate_json(stored)
        beside = drawn[document_id]
        yield FigurePlace(
            role=role,
            printed=printed,
            document=document,
            path=path,
            line=lines.line(document_id, start),
            start=start,
            stop=stop,
            before=text[max(0, start - AROUND) : start],
            after=text[stop : stop + AROUND],
            record_id=record_id,
            field=field,
            printed_at=printed_at(beside, start, stop),
            ocr_confidence=confidence_of(beside.ocr, Span(start, stop)),
        )


def _finding(row: tuple[Any, ...]) -> StoredFinding:
    values = [tuple(v) if isinstance(v, list) else v for v in row]
    names = [f.name for f in fields(StoredFinding) if f.name not in {"line", "other_line"}]
    stored: dict[str, Any] = dict(zip(names, values, strict=True))
    stored |= {name: stored[name] or () for name in ("figures", "record_ids")}
    return StoredFinding(**stored)


def _with_lines(here: Lines, there: Lines, finding: StoredFinding) -> StoredFinding:
    line = None if finding.start is None else here.line(finding.document_id, finding.start)
    other, place = finding.other_document_id, finding.other_start
    other_line = None if other is None or place is None else there.line(other, place)
    return replace(finding, line=line, other_line=other_line)


def _need_known(what: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for name in asked:
        if name not in known:
            raise StoreError(f"There is no {what} {name}: choose of {', '.join(known)}.")


def _need_documents(ask: Ask, path: Path, asked: Sequence[str]) -> None:
    known = [name for (name,) in ask("SELECT DISTINCT document FROM documents ORDER BY document", [])]
    for name in asked:
        if name in known:
            continue
        if not known:
            raise StoreError(f"{path} holds no documents: read some with jixiao run PATH… --db {path}.")
        near = known if len(known) <= _LISTED else get_close_matches(name, known, n=_LISTED, cutoff=0.3)
        rest = f" and {len(known) - len(near)} others" if len(near) < len(known) else ""
        raise StoreError(f"{path} holds no document {name}: it holds {', '.join(near) or 'none like it'}{rest}.")


def _sql(name: str) -> str:
    return files("pipeline.store").joinpath(name).read_text(encoding="utf-8")
