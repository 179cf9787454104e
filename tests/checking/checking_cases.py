"""Grounded records made of gold annotations or by hand, without an extractor and without grounding."""

from __future__ import annotations

import bisect
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.checking import check
from pipeline.chunking import chunk
from pipeline.evidence import evidence_for
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Document, Draft, Finding, Grounded, Layout, Segment
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.units import money_exponent, units
from schemas.values import Literal, Money, Quantity, Span, UnitSource

_FAR = 4000
TITLE = "青禾县水务局2022年度部门整体支出绩效自评报告\n"


def found(body: str) -> list[tuple[str, str]]:
    """Kinds of the findings of a report, read offline, with what they hold to be printed wrongly."""
    made = document(TITLE + body)
    layout = lay_out(made)
    chunks = chunk(made, layout)
    extraction = OfflineExtractor().extract(made, layout, chunks)
    grounded, _ = ground_all(evidence_for(made, layout), chunks, extraction.drafts)
    return [(f.kind.value, f.stated) for f in check(made, layout, grounded)]


@dataclass(frozen=True)
class Gold:
    """A document, its gold records as grounded ones, and the findings and near misses that its annotator noted."""

    document: Document
    records: tuple[Grounded, ...]
    findings: tuple[dict[str, Any], ...]
    near_misses: tuple[dict[str, Any], ...]
    layout: Layout

    def places(self, quotes: Iterable[str]) -> list[Span]:
        """Every place of the quotes in the text."""
        text = self.document.text
        return [Span(m.start(), m.end()) for q in quotes for m in re.finditer(re.escape(q), text)]

    def matches(self, finding: Finding, noted: dict[str, Any]) -> bool:
        """Whether a reported finding is a noted one: its kind, and a figure in one of its quotes."""
        places = self.places(noted["quotes"])
        return finding.kind == noted["kind"] and any(x.span.overlaps(p) for x in finding.literals for p in places)

    def is_near_miss(self, finding: Finding, noted: dict[str, Any]) -> bool:
        """Whether all figures of a reported finding stand in the quotes of a near miss."""
        places = self.places(noted["quotes"])
        return all(any(x.span.overlaps(p) for p in places) for x in finding.literals)


def document(text: str, name: str = "made") -> Document:
    """A document of a text."""
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Document(sha[:16], name, Path(f"{name}.txt"), sha, "utf-8", text)


def bare_layout(text: str, reports: Iterable[str] = ("r1",)) -> Layout:
    """A layout without parts: every place belongs to the first report."""
    return Layout((), tuple(Segment(r, None, (Span(0, len(text)),)) for r in reports), ())


def record(
    record_type: str, values: dict[str, Any], text: str, at: int, report: str = "r1", stop: int | None = None
) -> Grounded:
    """A record whose figures are found in the text from its quote on, in the order of its fields."""
    model = RECORD_TYPES[record_type].model.model_validate({**values, "quote": values["quote"]})
    quote = Span(at, at + len(values["quote"]))
    literals = tuple(_literals(record_type, model, text, quote, stop or min(len(text), quote.stop + _FAR)))
    key = f"{record_type}|{at}|{json.dumps(values, ensure_ascii=False, sort_keys=True)}"
    record_id = hashlib.sha256(key.encode()).hexdigest()[:16]
    return Grounded(record_id, Draft(record_type, model, report, ""), quote, literals, Decimal(1))


def _literals(record_type: str, model: Any, text: str, quote: Span, stop: int) -> Iterator[Literal]:
    rtype = RECORD_TYPES[record_type]
    place = quote.start
    for info in rtype.fields:
        value = getattr(model, info.name)
        if isinstance(value, (Money, Quantity)):
            number, unit = value.value, value.unit
        elif info.sort is Sort.NUMBER:
            number, unit = value, getattr(model, "unit", None)
        else:
            continue
        if number is None:
            continue
        if record_type == "budget_facts":
            span = _last(number, text, quote) or _first(number, text, quote.start, stop)
        else:
            span = _first(number, text, place, stop) or _first(number, text, quote.start, stop)
        if span is None:
            continue
        place = span.stop
        decimals = len(number.partition(".")[2])
        exact = info.name in rtype.exact_fields or not Decimal(number) or (unit in units().count and not decimals)
        source = UnitSource.ADJACENT if unit else UnitSource.NONE
        printed = text[span.start : span.stop]
        yield Literal(
            info.name, printed, Decimal(number), decimals, unit, span, source, None, money_exponent(unit), bool(exact)
        )


def _pattern(number: str) -> re.Pattern[str]:
    digits = r"[,，]?\s*".join(re.escape(c) for c in number.lstrip("-"))
    sign = "[-−－]" if number.startswith("-") else ""
    return re.compile(rf"(?<![\d.]){sign}{digits}(?![\d]|\.\d)")


def _first(number: str, text: str, start: int, stop: int) -> Span | None:
    match = _pattern(number).search(text, start, stop)
    return Span(*match.span()) if match else None


def _last(number: str, text: str, quote: Span) -> Span | None:
    found = list(_pattern(number).finditer(text, quote.start, quote.stop))
    return Span(*found[-1].span()) if found else None


def load(name: str, gold: Path, reports: Path) -> Gold:
    """A gold file with its document; figures are placed by their digits inside the quote or after it."""
    noted = json.loads((gold / f"{name}.json").read_text(encoding="utf-8"))
    text = (reports / f"{name}.txt").read_bytes().decode("utf-8")
    found: list[tuple[int, str, dict[str, Any], str]] = []
    for record_type in RECORD_TYPES:
        for values in noted.get(record_type, []):
            values = dict(values)  # noqa: PLW2901
            at = -1
            for _ in range(values.pop("occurrence", 1)):
                at = text.index(values["quote"], at + 1)
            report = values.pop("id", None) or values.pop("report", "r1")
            values.pop("report", None)
            found.append((at, record_type, values, report))
    found.sort(key=lambda x: x[0])
    starts = {t: sorted(at for at, rt, *_ in found if rt == t) for t in RECORD_TYPES}
    records = tuple(
        record(rt, values, text, at, report, _next(starts[rt], at, values["quote"], text, rt))
        for at, rt, values, report in found
    )
    reports_in = sorted({r.draft.report_id for r in records})
    return Gold(
        document(text, name),
        records,
        tuple(noted.get("findings", [])),
        tuple(noted.get("near_misses", [])),
        bare_layout(text, reports_in),
    )


def _next(starts: list[int], at: int, quote: str, text: str, record_type: str) -> int:
    """Where a record's figures must stop: at the next record of its type, beyond its own quote; a survey's respondents
    stand below the other options."""
    index = bisect.bisect_right(starts, at)
    following = starts[index] if index < len(starts) and record_type != "survey_answers" else at + _FAR
    return min(max(following, at + len(quote)), len(text))


def fact(
    text: str,
    value: str,
    path: str,
    measure: str,
    *,
    year: int = 2022,
    unit: str | None = "万元",
    org: str | None = None,
    after: int = 0,
    report: str = "r1",
) -> Grounded:
    """A budget fact whose value is the first such number of the text after a place."""
    span = _first(value, text, after, len(text))
    assert span is not None, f"{value} does not stand in the text"
    values = {
        "path": path.split("/"), "measure": measure, "year": year, "org": org, "value": value, "unit": unit,
        "quote": text[span.start : span.stop],
    }  # fmt: skip
    return record("budget_facts", values, text, span.start, report)


def facts(text: str, *specs: tuple[Any, ...]) -> tuple[Grounded, ...]:
    """Budget facts of a text in its order: (value, path, measure) or (value, path, measure, {further arguments})."""
    found: list[Grounded] = []
    after = 0
    for value, path, measure, *more in specs:
        one = fact(text, value, path, measure, after=after, **(more[0] if more else {}))
        after = one.literals[0].span.stop
        found.append(one)
    return tuple(found)


def kinds(found: Iterable[Finding]) -> list[str]:
    """The kinds of findings in their order."""
    return [f.kind.value for f in found]
