"""Quantities: what a printed cell or phrase (≥95%, 60万元) says as a figure, by the one grammar of printed numbers."""

from __future__ import annotations

import re

from pipeline.numerals import Numeral, read_quantity
from schemas.values import Quantity, plain_number

_BREAKS = re.compile(r"[\n\r\t]+")
_MONTH = "月"
"""A number of it is a date (6月底前); what lasts is counted in 个月."""

_PAIR = re.compile(r"[^\d，,。；;：:、（）()]{1,3}[（(][^\d，,。；;：:、（）()]{1,3}[）)]")
"""A unit with another in brackets, as the two are counted together: 台（套）."""

_BOUND = re.compile(r"(?:及以上|以上|及以下|以下|以内|之内|左右)$")


def quantity_of(printed: str) -> tuple[Quantity | None, Numeral | None]:
    """A cell or phrase as a quantity, None where it is blank; and its number, None where it does not hold a single one."""
    text = _BREAKS.sub("", printed).strip().removesuffix("。")
    if not text:
        return None, None
    numeral = read_quantity(printed)
    if numeral is None or numeral.unit == _MONTH:
        return Quantity(text=text), None
    value = plain_number(printed[numeral.start : numeral.stop])
    return Quantity(text=text, op=numeral.operator, value=value, unit=_unit(printed, numeral)), numeral


def _unit(text: str, numeral: Numeral) -> str | None:
    """The unit of a quantity: what follows its number to the end where the number comes first (次/年, 万空方)."""
    rest = _BOUND.sub("", re.sub(r"\s+", "", text[numeral.stop :]).removesuffix("。"))
    lead = text[: numeral.start].strip(" ≥≤><=＞＜≧≦")
    if not lead and (
        _PAIR.fullmatch(rest) or (1 <= len(rest) <= 5 and not re.search(r"[\d，,。；;：:、（）()]", rest))
    ):
        return rest
    return numeral.unit
