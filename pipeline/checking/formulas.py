"""Checking: a parser of printed arithmetic: numbers, + − × ÷, brackets and per cent, evaluated as intervals.

A recursive descent over tokens; nothing is ever executed. Integers count or weigh and are exact, unless they are added to
figures with decimals, beside which they are rounded like these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import NamedTuple

from pipeline.checking.intervals import Interval, add, exactly, half_unit, interval, multiply, subtract
from schemas.units import money_exponent

_DEPTH = 20
_DOWN = Context(prec=60, rounding=ROUND_FLOOR, Emax=999_999, Emin=-999_999)
_UP = Context(prec=60, rounding=ROUND_CEILING, Emax=999_999, Emin=-999_999)
_FOLD = list(
    zip(
        "０１２３４５６７８９．，＋－−—﹣×✕xX＊∗÷／（）［］【】％＝",
        "0123456789.,+----****" + "**//()()()%=",
        strict=True,
    )
)
_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<percent>%)?"
    r"(?P<unit>亿元|万元|千元|元|亿|万|分|[个户家项人名条件次吨])?"
    r"|(?P<operator>[-+*/()])|(?P<space>\s+)"
)


class Token(NamedTuple):
    """A number or an operator with its place in the text that was read; ``end`` is behind its unit."""

    kind: str
    start: int
    stop: int
    end: int
    value: Decimal = Decimal(0)
    decimals: int = 0
    percent: bool = False
    unit: str | None = None


class Value(NamedTuple):
    """What an expression comes to: its interval, the operation at its top, and whether only integers went into it."""

    interval: Interval
    top: str
    whole: bool


class FormulaError(Exception):
    """Text that is not an expression, or one that divides by nothing."""


def fold(text: str) -> str:
    """Full-width forms as half-width ones, one character for one."""
    for sign, folded in _FOLD:
        text = text.replace(sign, folded)
    return text


def tokens_at_start(text: str) -> list[Token]:
    """The tokens that a folded text begins with, up to a character that no formula has."""
    return next(_runs(text), (0, []))[1] if text.strip() else []


def tokens_at_end(text: str) -> list[Token]:
    """The tokens that a folded text ends with, from the last character on that no formula has."""
    last: list[Token] = []
    for _, run in _runs(text):
        last = run
    return last if last and not text[last[-1].end :].strip() else []


def _runs(text: str) -> Iterator[tuple[int, list[Token]]]:
    """The runs of tokens of a text, divided by whatever is not one."""
    run: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            yield place, run
            run, place = [], place + 1
            continue
        place = match.end()
        if match["number"]:
            number = match["number"].replace(",", "")
            _, _, fraction = number.partition(".")
            run.append(
                Token("number", match.start(), match.end("number"), match.end(), Decimal(number), len(fraction),
                      bool(match["percent"]), match["unit"])
            )  # fmt: skip
        elif match["operator"]:
            run.append(Token(match["operator"], match.start(), match.end(), match.end()))
    yield place, run


def money_units(tokens: Sequence[Token]) -> set[str]:
    """The units of money that the numbers of an expression carry."""
    return {t.unit for t in tokens if t.unit is not None and money_exponent(t.unit) is not None}


def evaluate(tokens: Sequence[Token], *, mixed: bool = False) -> Value:
    """The value of an expression; in yuan where the units of an equation are mixed.

    Raises:
        FormulaError: the tokens are not one expression, divide by an interval that holds 0, or one of several units of
            money is missing.
    """
    parser = _Parser(tokens, mixed=mixed)
    value = parser.sum(0)
    if parser.place != len(tokens):
        raise FormulaError("not one expression")
    return value


class _Parser:
    def __init__(self, tokens: Sequence[Token], *, mixed: bool) -> None:
        self.tokens = tokens
        self.place = 0
        self.mixed = mixed

    def _peek(self) -> str:
        return self.tokens[self.place].kind if self.place < len(self.tokens) else ""

    def sum(self, depth: int) -> Value:
        value = self._product(depth)
        terms = [value]
        signs = [1]
        top = value.top
        while self._peek() in {"+", "-"}:
            top = self._peek()
            signs.append(1 if top == "+" else -1)
            self.place += 1
            terms.append(self._product(depth))
        if len(terms) == 1:
            return value
        whole = all(t.whole for t in terms)
        low = high = middle = Decimal(0)
        for term, sign in zip(terms, signs, strict=True):
            one = term.interval
            if not whole and term.whole and term.top == "" and one.value > 100:
                one = interval(one.value)
            one = one if sign > 0 else one.times(Decimal(-1))
            low, high, middle = add(low, one.low), add(high, one.high), add(middle, one.value)
        return Value(Interval(low, high, middle), "-" if -1 in signs else top, whole)

    def _product(self, depth: int) -> Value:
        value = self._atom(depth)
        while self._peek() in {"*", "/"}:
            operator = self._peek()
            self.place += 1
            other = self._atom(depth)
            whole = value.whole and other.whole and operator == "*"
            combined = (
                _times(value.interval, other.interval) if operator == "*" else _over(value.interval, other.interval)
            )
            value = Value(combined, operator, whole)
        return value

    def _atom(self, depth: int) -> Value:
        if self.place >= len(self.tokens) or depth > _DEPTH:
            raise FormulaError("an expression ends too early")
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return self._number(token)
        if token.kind == "(":
            value = self.sum(depth + 1)
            if self._peek() != ")":
                raise FormulaError("a bracket is not closed")
            self.place += 1
            return value
        raise FormulaError("an operator without a number")

    def _number(self, token: Token) -> Value:
        exponent = money_exponent(token.unit)
        if self.mixed:
            if exponent is None:
                raise FormulaError("units are mixed")
        else:
            exponent = 0
        if token.percent:
            exponent = (exponent or 0) - 2
        exact = token.decimals == 0 and not self.mixed
        return Value(interval(token.value, token.decimals, exponent or 0, exact=exact), "", token.decimals == 0)


def _times(one: Interval, other: Interval) -> Interval:
    corners = [multiply(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    return Interval(min(corners), max(corners), multiply(one.value, other.value))


def _over(one: Interval, other: Interval) -> Interval:
    if other.low <= 0 <= other.high:
        raise FormulaError("a division by 0")
    low = min(_DOWN.divide(a, b) for a in (one.low, one.high) for b in (other.low, other.high))
    high = max(_UP.divide(a, b) for a in (one.low, one.high) for b in (other.low, other.high))
    middle = _DOWN.divide(one.value, other.value)
    return Interval(min(low, middle), max(high, middle), middle)


def result_interval(token: Token, left: Value, *, mixed: bool = False) -> Interval:
    """The interval of a printed result: rounded like any figure; exact only where integers were added or multiplied.

    Raises:
        FormulaError: the units are mixed and the result has none.
    """
    shift = -2 if token.percent else 0
    if mixed:
        exponent = money_exponent(token.unit)
        if exponent is None:
            raise FormulaError("units are mixed")
        shift += exponent
    elif token.decimals == 0 and left.whole and not token.percent:
        return exactly(token.value)
    value = token.value.scaleb(shift)
    half = half_unit(shift - token.decimals)
    return Interval(subtract(value, half), add(value, half), value)
