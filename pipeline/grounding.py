"""Grounding: every figure, label and sentence of a draft is found in the text, or the record fails with its reason.

Numerals match by value with edit distance zero; only prose is aligned fuzzily, and its score is stored.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.answer_lines import need_own_line
from pipeline.evidence import Evidence, unquoted
from pipeline.fact_words import need_own_words
from pipeline.fitting import fitting
from pipeline.flow import Chunk, Document, Draft, Grounded, Rejection, View
from pipeline.numerals import Numeral, find_numerals, read_quantity, whole_numeral
from pipeline.printed_places import Place
from pipeline.repeats import Repeats, contested, nearest
from pipeline.ungrounded import UngroundedError
from schemas.budget_facts import BudgetFact
from schemas.fields import Sort
from schemas.measures import measure_words
from schemas.registry import RECORD_TYPES
from schemas.survey_answers import SurveyAnswer
from schemas.units import money_exponent, units
from schemas.values import Literal, Quantity, Span, UnitSource, squeeze

TEXT_THRESHOLD = Decimal("0.9")
"""Likeness that a prose field must have to a passage of the text."""

_SOON = 200
"""Characters after a quote in which what it began may still be told."""

_MARGIN = 12
"""Characters around an aligned passage in which the figures of a prose field may stand too."""

_VERBATIM = Decimal(1)
_LABEL, _LABELS, _TEXT = Sort.LABEL, Sort.LABELS, Sort.TEXT
_QUANTITY, _YEAR, _DATE = Sort.QUANTITY, Sort.YEAR, Sort.DATE

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=vars)
_NO_WORDS = View("", ())
_CHINESE_DIGITS = "零一二三四五六七八九"

_PATH_CONVENTION = frozenset({"收入", "支出", "预算", "三公经费", "政府采购", "人员", "资产", "结转结余", "资金"})
"""Labels that ANNOTATION.md puts before the first printed one; they need not stand in the text."""


class Claim(NamedTuple):
    """A number that a record claims: the field it stands in, its printed form and unit (``None``: none printed)."""

    field: str
    value: str
    unit: str | None
    has_unit: bool


class _Near(NamedTuple):
    """A quote, its region, and of the numerals in it the ones equal to a claim: those that no record claims yet, and those
    that one does."""

    quote: Span
    region: Sequence[Span]
    candidates: tuple[Sequence[Place], Sequence[Place]]


def ground_all(
    evidence: Evidence, chunks: Sequence[Chunk], drafts: Sequence[Draft]
) -> tuple[tuple[Grounded, ...], tuple[Rejection, ...]]:
    """Grounds the drafts of a document in their order; record ids follow from the text and the claim alone."""
    by_id = {c.chunk_id: c for c in chunks}
    grounded: list[Grounded] = []
    rejected: list[Rejection] = []
    repeats = Repeats()
    for draft in drafts:
        try:
            grounded.append(repeats.first(_possible(evidence, draft, by_id.get(draft.chunk_id), repeats)))
        except UngroundedError as error:
            rejected.append(rejection(draft, error))
    lost = contested(evidence, grounded)
    rejected += [rejection(g.draft, error) for g, error in lost]
    out = {g.record_id for g, _ in lost}
    return tuple(g for g in grounded if g.record_id not in out), tuple(rejected)


def rejection(draft: Draft, error: UngroundedError) -> Rejection:
    """A draft with the reason that keeps it out of the records."""
    return Rejection(
        record_type=draft.record_type,
        report_id=draft.report_id,
        chunk_id=draft.chunk_id,
        code=error.code,
        reason=error.reason,
        payload=draft.record.model_dump_json(),
        raw=draft.raw,
    )


def _possible(evidence: Evidence, draft: Draft, chunk: Chunk | None, repeats: Repeats) -> list[Grounded]:
    """A draft grounded at each place of its quote that bears it out, the likeliest first; of places that are equally
    likely, those last whose figures another record claims.

    Raises:
        UngroundedError: no place does; the first place says why.
    """
    found: list[Grounded] = []
    reasons: list[tuple[str, str]] = []
    for quote in _places_of_quote(evidence, draft, chunk):
        try:
            found.append(_ground(evidence, draft, chunk, quote, repeats))
        except UngroundedError as error:
            reasons.append((error.code, error.reason))
    if not found:
        raise UngroundedError(*reasons[0])
    if len(found) > 1:
        found.sort(key=lambda g: any(repeats.is_claimed(draft.record_type, x.field, x.span) for x in g.literals))
    return nearest(evidence, found)


def _ground(evidence: Evidence, draft: Draft, chunk: Chunk | None, quote: Span, repeats: Repeats) -> Grounded:
    region = evidence.region(quote)
    if draft.record_type == "projects":
        region += evidence.of_project(quote)
    literals: list[Literal] = []
    for claim in claims_of(draft):
        candidates: tuple[list[Place], list[Place]] = ([], [])
        if claim.field not in draft.places:
            taken = {x.span for x in literals}
            for other in evidence.equal_in(region, Decimal(claim.value)):
                if (
                    other.span not in taken
                    and other.role != "seq"
                    and not other.is_mark
                    and (claim.has_unit or not other.is_factor)
                ):
                    candidates[repeats.is_claimed(draft.record_type, claim.field, other.span)].append(other)
        literals.append(_literal(evidence, draft, claim, _Near(quote, region, candidates)))
    if literals:
        _need_own_name(evidence, draft, quote, region)
    if isinstance(draft.record, BudgetFact) and not draft.places and (place := evidence.numeral_at(literals[0].span)):
        need_own_words(evidence, draft.record, quote, place)
    if isinstance(draft.record, SurveyAnswer) and not draft.places:
        need_own_line(evidence, draft.record, quote)
    if draft.record_type != "survey_answers":
        _need_no_order(evidence, (quote, *(x.span for x in literals)))
    score = _ground_words(evidence, draft, chunk, quote)
    key = record_key(evidence.document, draft, quote)
    return Grounded(hashlib.sha256(f"{key}|1".encode()).hexdigest()[:16], draft, quote, tuple(literals), score)


def record_key(document: Document, draft: Draft, quote: Span) -> str:
    """What a record's id is made of: document, type, place and content."""
    content = _JSON.encode(vars(draft.record))
    return f"{document.document_id}|{draft.record_type}|{quote.start}|{quote.stop}|{content}"


def _places_of_quote(evidence: Evidence, draft: Draft, chunk: Chunk | None) -> list[Span]:
    """Where a draft's quote stands: the place that the extractor gives, else every one in its chunk."""
    if draft.quote_span is not None:
        said, printed = draft.record.quote, evidence.document.slice(draft.quote_span)
        if said != printed and squeeze(said) != squeeze(printed):
            raise UngroundedError("quote", "the quote is not what stands at its place, or not all of it")
        return [draft.quote_span]
    within = chunk.span if chunk else Span(0, len(evidence.document.text))
    found = evidence.find_all(draft.record.quote, within)
    if not found:
        raise UngroundedError("quote", f"the quote does not stand in the text: {_short(draft.record.quote)}")
    return found


def claims_of(draft: Draft) -> Iterator[Claim]:
    """The numeric leaves of a draft's record in field order."""
    for name in _numeric_fields(draft.record_type):
        value = getattr(draft.record, name)
        if value is None:
            continue
        if isinstance(value, str):
            unit = getattr(draft.record, "unit", None)
            yield Claim(name, value, unit, has_unit=draft.record_type == "budget_facts")
        elif value.value is not None:
            yield Claim(name, value.value, value.unit, has_unit=True)


@cache
def _numeric_fields(record_type: str) -> tuple[str, ...]:
    """The fields of a record type that hold money, a quantity or a bare number."""
    numeric = {Sort.MONEY, Sort.QUANTITY, Sort.NUMBER}
    return tuple(info.name for info in RECORD_TYPES[record_type].fields if info.sort in numeric)


def _literal(evidence: Evidence, draft: Draft, claim: Claim, near: _Near) -> Literal:
    rtype = RECORD_TYPES[draft.record_type]
    place = draft.places.get(claim.field)
    found = _at_place(evidence, Decimal(claim.value), place) if place else _best(evidence, draft, claim, near)
    if found is None:
        raise UngroundedError(
            "figure", f"{claim.field}: {claim.value} does not stand in the quote or the row it was read from"
        )
    unit, source, unit_span = _unit(found, claim)
    value, decimals, span = found.numeral.value, found.numeral.decimals, found.span
    return Literal(
        field=claim.field,
        printed=evidence.document.text[span.start : span.stop],
        value=value,
        decimals=decimals,
        unit=unit,
        span=span,
        unit_source=source,
        unit_span=unit_span,
        exponent=money_exponent(unit),
        exact=not value or claim.field in rtype.exact_fields or (not decimals and unit in units().count),
    )


def _at_place(evidence: Evidence, value: Decimal, place: Span) -> Place | None:
    known = evidence.numeral_at(place)
    if known is None:
        numeral = whole_numeral(evidence.document.slice(place))
        if numeral is None or numeral.value != value:
            return None
        return Place(place, numeral._replace(unit=None), _NO_WORDS)
    return known if known.value == value else None


def _best(evidence: Evidence, draft: Draft, claim: Claim, near: _Near) -> Place | None:
    """The numeral that stands for a claim: one of the first candidates that are not labelled as another field's.

    Raises:
        UngroundedError: all candidates are.
    """
    reasons: list[tuple[str, str]] = []
    for places in filter(None, near.candidates):
        with_unit = [p for p in places if _same_unit(_printed_unit(p, claim)[0], claim.unit)] if claim.has_unit else []
        try:
            return fitting(evidence, draft, claim.field, with_unit or places, near.region, near.quote)
        except UngroundedError as error:
            reasons.append((error.code, error.reason))
    if reasons:
        raise UngroundedError(*reasons[0])
    return None


def _unit(found: Place, claim: Claim) -> tuple[str | None, UnitSource, Span | None]:
    """The unit that the text gives a number; a claimed unit that is not the printed one fails the record.

    A field without a unit (a score, a count) has at most the one that is printed with its number: what a table
    declares (单位：万元) is said of its money.
    """
    unit, source, span = _printed_unit(found, claim)
    if not claim.has_unit or _same_unit(unit, claim.unit):
        return unit, source, span
    if claim.unit and len(claim.unit) > len(found.unit or "") and found.following.startswith(claim.unit):
        return claim.unit, UnitSource.ADJACENT, None
    if claim.unit is None and source is not UnitSource.ADJACENT:
        return None, UnitSource.NONE, None
    raise UngroundedError(
        "unit", f"{claim.field}: {claim.value} is printed with {unit or 'no unit'}, not with {claim.unit or 'no unit'}"
    )


def _printed_unit(found: Place, claim: Claim) -> tuple[str | None, UnitSource, Span | None]:
    """The unit that is printed with a number or declared for it."""
    if found.unit is not None:
        return found.unit, UnitSource.ADJACENT, found.unit_span
    if found.declared is not None and claim.has_unit:
        return found.declared[0], found.declared[2], found.declared[1]
    return None, UnitSource.NONE, None


def _same_unit(printed: str | None, claimed: str | None) -> bool:
    return (printed or "").replace("％", "%") == (claimed or "").replace("％", "%")


def _ground_words(evidence: Evidence, draft: Draft, chunk: Chunk | None, quote: Span) -> Decimal:
    """The lowest score of the record's prose; labels, units and quantities' texts must stand verbatim."""
    lowest = _VERBATIM
    said = vars(draft.record)
    for name, sort in _worded_fields(draft.record_type):
        value = said[name]
        if value is None:
            continue
        if sort is _LABEL:
            _need_verbatim(evidence, name, value)
        elif sort is _LABELS:
            for label in value:
                if label not in _PATH_CONVENTION and label not in measure_words().rate_names:
                    _need_verbatim(evidence, name, label)
        elif sort is _TEXT:
            if (figure := whole_numeral(value)) is not None:
                _need_beside(evidence, name, figure, quote)
            lowest = min(lowest, _text_score(evidence, name, value, chunk.span if chunk else quote))
        elif sort is _QUANTITY:
            _need_verbatim(evidence, name, value.text)
            _need_agreement(name, value, evidence.document.slice(quote))
        elif sort is _YEAR and not _names_year(evidence, value):
            raise UngroundedError("year", f"{name}: the text names no year {value}")
        elif sort is _DATE and not _has_date(evidence, value):
            raise UngroundedError("date", f"{name}: the text gives no date {value}")
    return lowest


def _need_beside(evidence: Evidence, name: str, figure: Numeral, quote: Span) -> None:
    """Words that are nothing but a figure are grounded as one: it stands in the quote, its row or soon after, not anywhere."""
    soon = Span(quote.start, quote.stop + _SOON)
    if next(evidence.equal_in([*evidence.region(quote), soon], figure.value), None) is None:
        raise UngroundedError("text", f"{name}: {figure.value} does not stand in the quote or the row it was read from")


@cache
def _worded_fields(record_type: str) -> tuple[tuple[str, Sort], ...]:
    """The fields of a record type that claim words, a year or a date; a unit goes with its figure."""
    figures = {Sort.MONEY, Sort.NUMBER, Sort.CODE}
    return tuple(
        (f.name, f.sort) for f in RECORD_TYPES[record_type].fields if f.sort not in figures and f.name != "unit"
    )


def _names_year(evidence: Evidence, year: int) -> bool:
    """Whether the text prints a year, or prints the one after it and speaks of the year before (上年)."""
    if _prints_year(evidence, year):
        return True
    return _prints_year(evidence, year + 1) and re.search(r"上年|去年|上一年|同比", evidence.squeezed) is not None


def _need_verbatim(evidence: Evidence, name: str, text: str) -> None:
    """A label stands in the text to the letter, quotation marks aside: “三公”经费 is 三公经费."""
    if not evidence.holds(text):
        raise UngroundedError("label", f"{name}: “{_short(text)}” does not stand in the text")


def _need_own_name(evidence: Evidence, draft: Draft, quote: Span, region: Sequence[Span]) -> None:
    """The name that a record's figures go by stands where they do: not one row's name with another's figures."""
    names = _name_fields(draft.record_type)
    name = next((n for n in names if getattr(draft.record, n) is not None), None)
    if name is None:
        return
    said = getattr(draft.record, name)
    wanted = evidence.flat(said)
    if not any(wanted in words for words in _words_around(evidence, quote, region)):
        raise UngroundedError(
            "label", f"{name}: “{_short(said)}” does not stand in the quote or the row of the figures"
        )


def _words_around(evidence: Evidence, quote: Span, region: Sequence[Span]) -> Iterator[str]:
    yield from map(unquoted, map(evidence.around, region))
    yield from map(evidence.flat, evidence.cells(quote))
    yield evidence.flat(evidence.project_named(quote) or "")


@cache
def _name_fields(record_type: str) -> tuple[str, ...]:
    """The fields of which the first that is filled names a record: of the levels of an indicator the deepest; none where
    what names a record is no label."""
    rtype = RECORD_TYPES[record_type]
    labels = {f.name for f in rtype.fields if f.sort is Sort.LABEL}
    for entry, _ in rtype.similarity.weights:
        names = (entry,) if isinstance(entry, str) else entry
        if rtype.label_field in names:
            return tuple(n for n in names if n in labels)
    return ()


def _need_no_order(evidence: Evidence, spans: Sequence[Span]) -> None:
    """What a sentence says to its reader is no statement of the report; only a questionnaire asks its reader anything."""
    for span in spans:
        if words := evidence.order_around(span):
            raise UngroundedError("order", f"it stands in a sentence that gives its reader an order: “{_short(words)}”")


def _need_agreement(name: str, quantity: Quantity, quoted: str) -> None:
    """A quantity's number and bound must be those of its own text, where that holds a single number; the bound may stand
    in the cell before it (指标性质 ≥ | 指标值 60)."""
    said = read_quantity(quantity.text)
    if said is None or quantity.value is None:
        return
    if said.value != Decimal(quantity.value):
        raise UngroundedError("figure", f"{name}: {quantity.value} is not the number of “{_short(quantity.text)}”")
    if quantity.op is not None and quantity.op != said.operator and not _bound_before(quantity, quoted):
        raise UngroundedError("operator", f"{name}: “{_short(quantity.text)}” does not print {quantity.op}")


def _bound_before(quantity: Quantity, quoted: str) -> bool:
    """Whether a cell that holds nothing but the quantity's bound stands right before the cell of its text."""
    signs = {"≥": "≥≧", "≤": "≤≦", ">": ">＞", "<": "<＜", "=": "=＝"}[str(quantity.op)]
    cell = rf"[|｜\t\n]\s*[{signs}]\s*[|｜\t\n]\s*{re.escape(quantity.text.strip())}(?![\d.])"
    return re.search(cell, quoted) is not None


def _text_score(evidence: Evidence, name: str, text: str, near: Span) -> Decimal:
    """How alike a prose field is to a passage near it, 1 where it is verbatim; its figures must be the passage's."""
    wanted = squeeze(text)
    if wanted in evidence.squeezed:
        return _VERBATIM
    score, passage = _passage(evidence, wanted, near)
    if score < TEXT_THRESHOLD:
        raise UngroundedError("text", f"{name}: “{_short(text)}” is not a passage of the text (likeness {score})")
    printed = {place.value for place in evidence.numerals_in([passage])}
    for n in find_numerals(text):
        if n.value not in printed:
            raise UngroundedError(
                "text", f"{name}: its passage does not print {text[n.start : n.stop]} (“{_short(text)}”)"
            )
    return score


def _passage(evidence: Evidence, wanted: str, near: Span) -> tuple[Decimal, Span]:
    """The passage near a record that squeezed words are most like, a little wider than they are, and the likeness."""
    around = evidence.around(near)
    if len(wanted) > len(around):
        return _likeness(fuzz.ratio(wanted, around)), near
    found = fuzz.partial_ratio_alignment(wanted, around)
    if found is None:
        return Decimal(0), near
    return _likeness(found.score), evidence.part(near, found.dest_start - _MARGIN, found.dest_end + _MARGIN)


def _likeness(percent: float) -> Decimal:
    return Decimal(str(round(percent / 100, 3)))


def _prints_year(evidence: Evidence, year: int) -> bool:
    return evidence.prints(str(year)) or re.search(_in_digits(year), evidence.squeezed) is not None


def _has_date(evidence: Evidence, iso: str) -> bool:
    """Whether a date stands in the text: 2023年4月18日, 2023-04-18, 2023.4.18, 二〇二三年四月十八日."""
    year, month, day = (int(x) for x in iso.split("-"))
    printed = rf"{year}\s?[年\-./]\s?0?{month}\s?[月\-./]\s?0?{day}(?!\d)"
    written = rf"{_in_digits(year)}年{_in_words(month)}月{_in_words(day)}日"
    text = evidence.document.text
    return bool(
        re.search(printed, text)
        or re.search(printed, evidence.squeezed)
        or re.search(printed, unicodedata.normalize("NFKC", text))
        or re.search(written, evidence.squeezed)
    )


def _in_digits(year: int) -> str:
    """A pattern of a year in Chinese digits; its zero is printed in several ways."""
    return "".join("[〇○零Ｏ0]" if digit == "0" else _CHINESE_DIGITS[int(digit)] for digit in str(year))


def _in_words(number: int) -> str:
    """A number below 100 in Chinese words: 十八, 二十."""
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else _CHINESE_DIGITS[tens]) + ("十" if tens else "") + (_CHINESE_DIGITS[ones] if ones else "")
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
