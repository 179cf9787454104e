"""Checking: equations that a report prints, in prose and in cells, wherever they stand in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.diagnosis import one_digit
from pipeline.checking.findings import Text, make
from pipeline.checking.formulas import (
    FormulaError,
    Token,
    Value,
    evaluate,
    fold,
    money_units,
    result_interval,
    tokens_at_end,
    tokens_at_start,
)
from pipeline.checking.intervals import EXACT, HUNDRED, Interval
from pipeline.checking.scene import Scene, plain
from pipeline.flow import Finding, FindingLiteral
from schemas.relations import FindingKind
from schemas.units import money_exponent
from schemas.values import Span

_REACH = 160
"""Characters on either side of an equals sign within which its expressions are looked for."""
_SIGNS = re.compile(r"[=＝](?<![<>!=≥≤≠＜＞][=＝])(?![=＝])")
_INSIDE = frozenset("0123456789.,%()+-*/ \n\r\t\u3000\u00a0万亿千元分个户家项人名条件次吨")
_TORN = re.compile(r"(?<=[\d.])[ \t]*(?:\r?\n)+[ \t]*(?=[\d.%])")
_OPERATORS = frozenset("+-*/")
_KINDS = {"*": FindingKind.RATIO, "/": FindingKind.RATIO, "+": FindingKind.SUM, "-": FindingKind.DIFFERENCE}


class Side(NamedTuple):
    """What stands on one side of an equals sign: its tokens, with their places in the document."""

    tokens: list[Token]
    places: list[Span]


def check_equations(scene: Scene) -> Iterator[Finding]:
    """Every “expression = number” of the text; chains (a/b=58.36%*2=1.18) are taken two by two.

    Precondition: one side is an expression with an operator and the other a single number; both are read in full up to
    a character that no formula has. A number that a line break may have torn is read both ways, and the equation is
    wrong only if it is so in every reading. A percentage may be printed for a ratio with or without ×100%.
    """
    signs = [m.start() for m in _SIGNS.finditer(scene.document.text)]
    text = fold(scene.document.text) if signs else ""
    for index, sign in enumerate(signs):
        left_limit = max(signs[index - 1] + 1 if index else 0, sign - _REACH)
        right_limit = min(signs[index + 1] if index + 1 < len(signs) else len(text), sign + _REACH)
        finding = _check(scene, text, left_limit, sign, right_limit)
        if finding is not None:
            yield finding


def _check(scene: Scene, text: str, left_limit: int, sign: int, right_limit: int) -> Finding | None:
    left_start = _left_start(text, left_limit, sign)
    if _OPERATORS.isdisjoint(text[left_start:sign]):
        return None
    lefts = list(_readings(text, left_start, sign, from_left=False))
    rights = list(_readings(text, sign + 1, _right_stop(text, sign + 1, right_limit), from_left=True))
    found: tuple[Side, Value, Side, Interval] | None = None
    for left in lefts:
        for right in rights:
            if len(right.tokens) != 1 or not any(t.kind in _OPERATORS for t in left.tokens):
                continue
            mixed = len(money_units([*left.tokens, *right.tokens])) > 1
            try:
                value = evaluate(left.tokens, mixed=mixed)
                result = result_interval(right.tokens[0], value, mixed=mixed)
            except FormulaError:
                continue
            if _fits(value.interval, result) or _is_half_told(left, value):
                return None
            found = found or (left, value, right, result)
    return _finding(scene, *found) if found else None


def _is_half_told(left: Side, value: Value) -> bool:
    """Whether figures are added of which some have a unit of money and some have none."""
    told = {money_exponent(t.unit) is not None for t in left.tokens if t.kind == "number"}
    return value.top in {"+", "-"} and len(told) > 1


def _fits(value: Interval, result: Interval) -> bool:
    """Whether a result follows, as it stands, per cent written or left out, rounded or cut off."""
    readings = (value, value.times(HUNDRED), value.times(Decimal("0.01")))
    return any(r.meets(result) or r.meets(result.truncated()) for r in readings)


def _left_start(text: str, limit: int, sign: int) -> int:
    place = sign
    while place > limit and text[place - 1] in _INSIDE:
        place -= 1
    return place


def _right_stop(text: str, start: int, limit: int) -> int:
    place = start
    while place < limit and text[place] in _INSIDE:
        place += 1
    return place


def _readings(text: str, start: int, stop: int, *, from_left: bool) -> Iterator[Side]:
    """The expression next to an equals sign, with numbers joined over line breaks and without."""
    piece = text[start:stop]
    torn = {i for m in _TORN.finditer(piece) for i in range(*m.span())}
    seen: set[tuple[Token, ...]] = set()
    for left_out in (torn, set()) if torn else (torn,):
        kept = [i for i in range(len(piece)) if i not in left_out]
        tokens = _longest("".join(piece[i] for i in kept), from_left=from_left)
        if tokens and tuple(tokens) not in seen:
            seen.add(tuple(tokens))
            yield Side(tokens, [Span(start + kept[t.start], start + kept[t.stop - 1] + 1) for t in tokens])


def _longest(text: str, *, from_left: bool) -> list[Token]:
    """The longest run of tokens next to the equals sign that is one expression.

    Empty where an operator stands right beyond it: what it joins is not a number, so that the formula is not readable.
    """
    tokens = tokens_at_start(text) if from_left else tokens_at_end(text)
    for size in range(len(tokens), 0, -1):
        run, beyond = (tokens[:size], tokens[size:][:1]) if from_left else (tokens[-size:], tokens[:-size][-1:])
        if _is_expression(run):
            joined = beyond and beyond[0].kind in _OPERATORS and (not from_left or beyond[0].start == run[-1].end)
            return [] if joined else run
    return []


def _is_expression(tokens: list[Token]) -> bool:
    try:
        evaluate(tokens)
    except FormulaError:
        return False
    return True


def _finding(scene: Scene, left: Side, value: Value, right: Side, result: Interval) -> Finding:
    document = scene.document
    stated_span, expression = right.places[0], Span(left.places[0].start, left.places[-1].stop)
    stated, printed = right.tokens[0], "".join(document.slice(expression).split())
    decimals = max(stated.decimals, 2) + (2 if stated.percent else 0)
    reading = value.interval.value
    if not stated.percent and abs(reading - result.value) > abs(reading * 100 - result.value):
        reading *= 100
    scale = money_exponent(stated.unit) if len(money_units([*left.tokens, *right.tokens])) > 1 else 0
    computed = (reading * 100 if stated.percent else reading).scaleb(-(scale or 0))
    last = Decimal(1).scaleb(-(decimals - 2 if stated.percent else decimals))
    shown = plain(computed.quantize(last, context=EXACT))
    sign = "%" if stated.percent else ""
    operands = [
        FindingLiteral("operand", p, document.slice(p), None, None)
        for t, p in zip(left.tokens, left.places, strict=True)
        if t.kind == "number"
    ]
    shown_stated = f"{plain(stated.value) if stated.decimals == 0 else stated.value}{sign}"
    return make(
        _KINDS[value.top],
        "equations.printed",
        scene.layout.report_at(expression.start) if scene.layout.segments else None,
        Text(
            f"{printed}＝{shown}{sign}，印为{shown_stated}", f"{printed} = {shown}{sign}, but {shown_stated} is printed"
        ),
        stated=shown_stated,
        computed=f"{shown}{sign}",
        slack=result.half + value.interval.half,
        suggestion=one_digit(str(stated.value), shown, sign),
        literals=[FindingLiteral("stated", stated_span, document.slice(stated_span), None, None), *operands],
    )
