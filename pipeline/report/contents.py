"""What a report page says: the figures of the chosen reports, their findings in their sentences, and how complete it is."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from pipeline.report.bars import Bar, bridge, project_bars, score_bars
from pipeline.store import Lines, Store, StoredFinding, StoreError

MOST_SECTIONS = 100
"""Reports that a page shows in full; the overview has all of them."""

AROUND = 36
"""Characters of text around the figures of a finding."""

NEAR = 120
"""Figures that stand nearer to each other than so many characters share an excerpt."""

Place = tuple[int, int]
Places = defaultdict[str, dict[str, list[Place]]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The departments (as printed) and documents (by name) that a page is of; all where both are empty."""

    departments: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a document's text, its line, and its parts, each with whether it is a figure of the finding."""

    document: str
    line: int
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with the text that it is about."""

    finding: StoredFinding
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One report: its head, its charts as rows of bars, its findings, and the balance of its document."""

    anchor: str
    head: dict[str, Any]
    bridge: tuple[Bar, ...]
    projects: tuple[Bar, ...]
    scores: tuple[Bar, ...]
    findings: tuple[ShownFinding, ...]
    coverage: dict[str, Any]
    quarantined: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything on a page. ``totals`` are over the chosen documents."""

    chosen: Chosen
    totals: dict[str, Any]
    heads: tuple[dict[str, Any], ...]
    sections: tuple[Section, ...]
    left_out: int


def gather(store: Store, chosen: Chosen) -> Contents:
    """Ask a database for what a page says.

    Raises:
        StoreError: there is no such department or document, or nothing was read yet.
    """
    heads = _heads(store, chosen)
    ids = {h["document_id"] for h in heads}
    found = [f for f in store.findings() if f.document_id in ids]
    coverage = {row["document_id"]: row for row in _rows(store, "coverage.sql") if row["document_id"] in ids}
    asked = {name: _by_report(_rows(store, f"{name}.sql")) for name in ("build_up", "projects", "scores")}
    quarantined: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(store, "quarantined.sql"):
        quarantined[row["document_id"]].append(row)
    shown = heads[:MOST_SECTIONS]
    of_report = _findings_of_reports(shown, found)
    places = _places(store, (f for listed in of_report.values() for f in listed))
    lines = store.lines()
    sections = [
        Section(
            anchor=f"r{number}",
            head=head,
            bridge=bridge(
                {row["measure"]: row["yuan"] for row in asked["build_up"][_key(head)]},
                head["budget_yuan"],
                head["executed_yuan"],
            ),
            projects=project_bars(asked["projects"][_key(head)]),
            scores=score_bars(asked["scores"][_key(head)]),
            findings=tuple(_shown(lines, f, places[f.finding_id]) for f in of_report[number]),
            coverage=coverage[head["document_id"]],
            quarantined=tuple(quarantined[head["document_id"]]),
        )
        for number, head in enumerate(shown)
    ]
    return Contents(chosen, _totals(heads, coverage, found), tuple(heads), tuple(sections), len(heads) - len(shown))


def _heads(store: Store, chosen: Chosen) -> list[dict[str, Any]]:
    names = store.query(_sql("names.sql")).rows
    if not names:
        raise StoreError(f"{store.path} holds no documents: read some with jixiao run PATH… --db {store.path}.")
    keys = {what: {name: key for w, name, key in names if w == what} for what in ("department", "document")}
    asked = {
        what: [_known(what, name, keys[what]) for name in wanted]
        for what, wanted in (("department", chosen.departments), ("document", chosen.documents))
    }
    result = store.query(_sql("reports.sql"), {f"{what}s": found or None for what, found in asked.items()})
    heads = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    if not heads:
        raise StoreError(f"{store.path} holds no report of this department in this document: leave one of them out.")
    return heads


def _known(what: str, name: str, known: dict[str, str]) -> str:
    if name not in known:
        some = ", ".join(list(known)[:12]) + (f" and {len(known) - 12} others" if len(known) > 12 else "")
        raise StoreError(f"There is no {what} {name}: there are {some}.")
    return known[name]


def _totals(
    heads: Sequence[dict[str, Any]], coverage: dict[str, dict[str, Any]], found: Sequence[StoredFinding]
) -> dict[str, Any]:
    balances = coverage.values()
    sums = {n: sum(b[n] for b in balances) for n in ("records", "flagged", "quarantined", "claimed", "unclaimed")}
    figures = sums["claimed"] + sums["unclaimed"]
    return {
        **sums,
        "documents": len(coverage),
        "reports": len(heads),
        "departments": len({h["department"] for h in heads if h["department"]}),
        "errors": sum(f.severity == "error" for f in found),
        "warnings": sum(f.severity == "warning" for f in found),
        "share_claimed": Decimal(100 * sums["claimed"]) / figures if figures else None,
    }


def _findings_of_reports(
    heads: Sequence[dict[str, Any]], found: Sequence[StoredFinding]
) -> dict[int, list[StoredFinding]]:
    """The findings of each section; one between the reports of a document stands with the first of them."""
    places: dict[tuple[str, str | None], int] = {}
    for number, head in enumerate(heads):
        places.setdefault((head["document_id"], None), number)
        places[_key(head)] = number
    result: dict[int, list[StoredFinding]] = {number: [] for number in range(len(heads))}
    for finding in found:
        place = places.get((finding.document_id, finding.report_id), places.get((finding.document_id, None)))
        if place is not None:
            result[place].append(finding)
    for listed in result.values():
        listed.sort(key=lambda f: (f.severity != "error", f.start or 0))
    return result


def _places(store: Store, findings: Iterable[StoredFinding]) -> Places:
    """The figures of findings by finding and document."""
    places: Places = defaultdict(dict)
    ids = [f.finding_id for f in findings]
    for finding_id, document_id, start, stop in store.query(_sql("figures.sql"), {"findings": ids}).rows:
        places[finding_id].setdefault(document_id, []).append((start, stop))
    return places


def _shown(lines: Lines, finding: StoredFinding, places: dict[str, list[Place]]) -> ShownFinding:
    names = {finding.document_id: finding.document, finding.other_document_id: finding.other_document}
    found = ((names.get(i) or i, i, spans) for i, spans in places.items())
    return ShownFinding(finding, tuple(e for name, i, spans in found for e in _excerpts(lines, name, i, spans)))


def _excerpts(lines: Lines, document: str, document_id: str, places: Iterable[Place]) -> Iterator[Excerpt]:
    """The text around figures, once for those that stand near each other."""
    spans = deque(sorted(set(places)))
    text = lines.text(document_id)
    while spans:
        group = [spans.popleft()]
        while spans and spans[0][0] - group[-1][1] <= NEAR:
            group.append(spans.popleft())
        yield Excerpt(document, lines.line(document_id, group[0][0]), tuple(_parts(text, group)))


def _parts(text: str, group: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    first, last = max(0, group[0][0] - AROUND), min(len(text), max(stop for _, stop in group) + AROUND)
    at = first
    yield "…" if first else "", False
    for start, stop in group:
        if start >= at:
            yield _one_line(text[at:start]), False
            yield _one_line(text[start:stop]), True
            at = stop
    yield _one_line(text[at:last]) + ("…" if last < len(text) else ""), False


def _one_line(text: str) -> str:
    """Text with its white space shown as single spaces, the ends kept."""
    pieces = text.split()
    lead = " " if text[:1].isspace() else ""
    return lead + " ".join(pieces) + (" " if pieces and text[-1:].isspace() else "")


def _key(row: dict[str, Any]) -> tuple[str, str | None]:
    return row["document_id"], row["report_id"]


def _by_report(rows: Sequence[dict[str, Any]]) -> defaultdict[tuple[str, str | None], list[dict[str, Any]]]:
    found: defaultdict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    return found


def _rows(store: Store, name: str) -> list[dict[str, Any]]:
    result = store.query(_sql(name))
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]


def _sql(name: str) -> str:
    return files("pipeline.report").joinpath(name).read_text(encoding="utf-8")
