"""Eval: gold annotations and the documents that they annotate (the shape is that of docs/eval.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.items import Item, figure_of, find_figure, scored_fields, values_of
from pipeline.documents import DocumentError, read_document
from pipeline.flow import Document, Severity
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.values import Span

ENVELOPE = frozenset({"report", "occurrence", "quote"})
"""Keys of a gold record that are not fields of its record type; ``reports`` have their ``id`` besides."""


class GoldError(Exception):
    """Gold that cannot be used: says which file, which record and what to do."""


@dataclass(frozen=True, slots=True)
class GoldFinding:
    """A defect of the report itself that its annotator found; ``spans`` holds, per quote, every place that reads so."""

    kind: FindingKind
    severity: Severity
    required: bool
    message: str
    quotes: tuple[str, ...]
    spans: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A place that looks like a defect and is explained by rounding; reporting it is a false alarm."""

    message: str
    quotes: tuple[str, ...]
    spans: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with everything that a person read in it."""

    name: str
    path: Path
    report_path: Path
    text: str
    sha256: str
    gold_sha256: str
    records: tuple[Item, ...]
    findings: tuple[GoldFinding, ...]
    near_misses: tuple[NearMiss, ...]

    def of_type(self, record_type: str) -> tuple[Item, ...]:
        """Its records of one type."""
        return tuple(r for r in self.records if r.record_type == record_type)


class GoldSet:
    """The gold files of a folder with their documents, loaded when first asked for."""

    def __init__(self, gold_dir: Path, reports_dir: Path, names: Sequence[str] = ()) -> None:
        self.gold_dir = gold_dir
        self.reports_dir = reports_dir
        if not gold_dir.is_dir():
            raise GoldError(f"{gold_dir}: no such folder; give the folder of gold files with --gold")
        if not reports_dir.is_dir():
            raise GoldError(f"{reports_dir}: no such folder; give the folder of the reports' texts with --reports")
        self.paths = tuple(sorted(gold_dir.glob("*.json")))
        if not self.paths:
            raise GoldError(f"{gold_dir}: holds no gold files (*.json)")
        if names:
            missing = sorted(set(names) - {p.stem for p in self.paths})
            if missing:
                known = ", ".join(p.stem for p in self.paths)
                raise GoldError(f"{gold_dir}: no gold for {', '.join(missing)}; it holds {known}")
            self.paths = tuple(p for p in self.paths if p.stem in names)

    @cached_property
    def documents(self) -> tuple[GoldDocument, ...]:
        """The documents by name.

        Raises:
            GoldError: a gold file or its document is missing, malformed or does not fit the other.
        """
        return tuple(load_gold(path, self.reports_dir) for path in self.paths)

    def __iter__(self) -> Iterator[GoldDocument]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.paths)


def load_gold(path: Path, reports_dir: Path) -> GoldDocument:
    """One gold file with its document.

    Raises:
        GoldError: the file or its document is missing, malformed or does not fit the other.
    """
    data, digest = read_json(path)
    document = read_report(path, data, reports_dir)
    text, sha256 = document.text, document.sha256
    if data.get("sha256") != sha256:
        raise GoldError(
            f"{path}: annotates another version of {document.path} (its sha256 is {sha256}); annotate it anew"
        )
    records = [
        _item(path, name, index, entry, text)
        for name in RECORD_TYPES
        for index, entry in enumerate(_entries(path, data, name))
    ]
    findings = [_finding(path, i, entry, text) for i, entry in enumerate(_entries(path, data, "findings"))]
    near_misses = []
    for index, entry in enumerate(_entries(path, data, "near_misses")):
        quotes, spans = _places(path, f"near_misses[{index}]", entry, text)
        near_misses.append(NearMiss(str(entry.get("message", "")), quotes, spans))
    return GoldDocument(
        path.stem, path, document.path, text, sha256, digest, tuple(records), tuple(findings), tuple(near_misses)
    )


def read_json(path: Path) -> tuple[dict[str, Any], str]:
    """A gold file's object and the SHA-256 of its bytes."""
    try:
        raw = path.read_bytes()
        data = json.loads(raw.decode("utf-8"))
    except (OSError, ValueError) as error:
        raise GoldError(f"{path}: cannot be read as JSON ({error})") from error
    if not isinstance(data, dict) or data.get("doc") != path.stem:
        raise GoldError(f'{path}: must be an object with "doc": "{path.stem}"')
    return data, hashlib.sha256(raw).hexdigest()


def read_report(path: Path, data: dict[str, Any], reports_dir: Path) -> Document:
    """The document that a gold file annotates, as a run reads it."""
    try:
        return read_document(reports_dir / f"{data['doc']}.txt")
    except DocumentError as error:
        raise GoldError(f"{path}: its document cannot be read; give its folder with --reports ({error})") from error


def occurrences(text: str, quote: str) -> tuple[Span, ...]:
    """Every place where a quote stands, overlapping ones too."""
    found = []
    start = text.find(quote) if quote else -1
    while start >= 0:
        found.append(Span(start, start + len(quote)))
        start = text.find(quote, start + 1)
    return tuple(found)


def place(text: str, quote: str, occurrence: int | None) -> Span | None:
    """The one place that a quote and its 1-based occurrence name; None where it does not stand so often.

    Occurrences count as ``str.count`` counts them, without overlap.
    """
    start = -len(quote)
    for _ in range(occurrence or 1):
        start = text.find(quote, start + len(quote)) if quote else -1
        if start < 0:
            return None
    return Span(start, start + len(quote))


def _entries(path: Path, data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = data.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise GoldError(f'{path}: "{key}" must be a list of objects')
    return entries


def _item(path: Path, record_type: str, index: int, entry: dict[str, Any], text: str) -> Item:
    where = f"{path}: {record_type}[{index}]"
    own = {"id"} if record_type == "reports" else set()
    payload = {k: v for k, v in entry.items() if k == "quote" or k not in ENVELOPE | own}
    try:
        record = RECORD_TYPES[record_type].model.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        raise GoldError(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    span = place(text, record.quote, entry.get("occurrence"))
    if span is None:
        raise GoldError(f"{where}: its quote does not stand in the document: {record.quote[:60]!r}")
    values = values_of(record)
    places = {}
    for scored in scored_fields(record_type):
        figure = figure_of(scored, values)
        found = find_figure(text, figure.printed, span) if figure else None
        if found:
            places[scored.name] = found
    report_id = entry.get("id" if record_type == "reports" else "report")
    return Item(record_type, report_id, values, record.quote, span, None, index, places)


def _finding(path: Path, index: int, entry: dict[str, Any], text: str) -> GoldFinding:
    where = f"findings[{index}]"
    quotes, spans = _places(path, where, entry, text)
    try:
        kind, severity = FindingKind(entry["kind"]), Severity(entry["severity"])
        required = entry["required"]
    except (KeyError, ValueError) as error:
        raise GoldError(f"{path}: {where}: kind, severity and required are needed ({error})") from error
    if not isinstance(required, bool):
        raise GoldError(f"{path}: {where}: required must be true or false")
    return GoldFinding(kind, severity, required, str(entry.get("message", "")), quotes, spans)


def _places(
    path: Path, where: str, entry: dict[str, Any], text: str
) -> tuple[tuple[str, ...], tuple[tuple[Span, ...], ...]]:
    quotes = tuple(entry.get("quotes") or ())
    spans = tuple(occurrences(text, q) if isinstance(q, str) else () for q in quotes)
    if not quotes or not all(spans):
        missing = next((q for q, s in zip(quotes, spans, strict=True) if not s), "")
        raise GoldError(f"{path}: {where}: a quote does not stand in the document: {missing[:60]!r}")
    return quotes, spans
