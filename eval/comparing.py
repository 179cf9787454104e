"""Eval: whether a predicted value is the gold value, and if not, what kind of error it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from eval.items import Figure, Item, ScoredField, Value, figure_of
from schemas.fields import Sort
from schemas.values import Quantity, squeeze

TEXT_LIKENESS = 0.9
"""Normalised similarity from which two texts count as the same."""

_MARK = re.compile(
    r"^(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3})[）)][、.．]?"
    r"|(?:[一二三四五六七八九十]{1,3})(?:[、.．]|是(?=.))"
    r"|\d{1,3}(?:\.\d{1,3})*(?:[、)）]|[.．](?!\d))"
    r"|[①-⑳●•·◆■□▪\-—*]|其中[：:]?)"
)


class ErrorKind(StrEnum):
    """What is wrong with a value; every error has one kind."""

    OMITTED = "omitted"
    FABRICATED = "fabricated"
    MISREAD = "misread"
    WRONG_UNIT = "wrong_unit"
    MISPLACED = "misplaced"
    TEXT_DIFFERS = "text_differs"
    WRONG_LABEL = "wrong_label"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a predicted value compares: the kind of its error, None where it is right.

    ``figure_right`` says whether its number and unit are right whatever the rest; None where gold and predicted value
    hold no figure.
    """

    kind: ErrorKind | None
    figure_right: bool | None


def normal_label(text: str) -> str:
    """A label without white space and without the list mark that it begins with."""
    flat = squeeze(text)
    bare = _MARK.sub("", flat, count=1)
    return bare or flat


def normal_text(text: str) -> str:
    """A text without white space and without one trailing 。."""
    return squeeze(text).removesuffix("。")


def normal_unit(unit: str | None) -> str | None:
    """A unit without white space, its full-width forms folded (％ is %); None for no unit."""
    return unicodedata.normalize("NFKC", squeeze(unit)) or None if unit else None


def same_text(gold: str, predicted: str) -> bool:
    """Whether two texts are the same but for a tenth of their characters."""
    return (
        Levenshtein.normalized_similarity(normal_text(gold), normal_text(predicted), score_cutoff=TEXT_LIKENESS)
        >= TEXT_LIKENESS
    )


def same_digits(gold: str, predicted: str) -> bool:
    """Whether two printed numbers are the same number, printed with the same decimals."""
    return Decimal(gold) == Decimal(predicted) and _decimals(gold) == _decimals(predicted)


def same_figure(gold: Figure, predicted: Figure) -> bool:
    """Whether two figures have the same number, decimals and unit."""
    return same_digits(gold.printed, predicted.printed) and normal_unit(gold.unit) == normal_unit(predicted.unit)


def compare(scored: ScoredField, gold: Item, predicted: Item) -> Comparison:
    """Compare a field that both records state: first its figure, then what else it says."""
    gold_figure, figure = figure_of(scored, gold.values), figure_of(scored, predicted.values)
    if gold_figure is None and figure is None:
        return Comparison(_wording_error(scored.sort, gold.values[scored.name], predicted.values[scored.name]), None)
    kind = _figure_error(gold_figure, figure)
    if kind is not None:
        return Comparison(kind, figure_right=False)
    return Comparison(
        _wording_error(scored.sort, gold.values[scored.name], predicted.values[scored.name]), figure_right=True
    )


def _wording_error(sort: Sort, gold: Value, predicted: Value) -> ErrorKind | None:
    """What is wrong with a value apart from its figure."""
    if isinstance(gold, Quantity) and isinstance(predicted, Quantity):
        if gold.op != predicted.op:
            return ErrorKind.WRONG_LABEL
        return None if same_text(gold.text, predicted.text) else ErrorKind.TEXT_DIFFERS
    if sort in (Sort.MONEY, Sort.NUMBER):
        return None
    if sort is Sort.TEXT:
        return None if same_text(str(gold), str(predicted)) else ErrorKind.TEXT_DIFFERS
    return None if _label(gold) == _label(predicted) else ErrorKind.WRONG_LABEL


def _label(value: Value) -> str:
    """What decides of a label, a code, a year or a date: its characters, of a list's its last label's."""
    return normal_label(str(value[-1] if isinstance(value, tuple) else value))


def _figure_error(gold: Figure | None, predicted: Figure | None) -> ErrorKind | None:
    if gold is None or predicted is None or not same_digits(gold.printed, predicted.printed):
        return ErrorKind.MISREAD
    return None if normal_unit(gold.unit) == normal_unit(predicted.unit) else ErrorKind.WRONG_UNIT


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])
