"""Grounding: the figures of a survey's answer stand on the answer's own line, where it has one (非常满意 22 55%)."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.evidence import Evidence
from pipeline.ungrounded import UngroundedError
from schemas.survey_answers import SurveyAnswer
from schemas.values import Span, squeeze

_WORDS = re.compile(r"[^0-9０-９\n]*")


def need_own_line(evidence: Evidence, answer: SurveyAnswer, quote: Span) -> None:
    """The count and share of an answer are those of the line in its quote that begins with it, if that line has as many.

    Raises:
        UngroundedError: ``misplaced`` where they are another answer's.
    """
    claimed = {"count": answer.count, "share": answer.share.value if answer.share else None}
    figures = {name: Decimal(value) for name, value in claimed.items() if value is not None}
    start = quote.start
    for line in evidence.document.slice(quote).split("\n"):
        words = _WORDS.match(line)
        if words and squeeze(words[0]) == squeeze(answer.option):
            printed = [n.value for n in evidence.numerals_in([Span(start, start + len(line))])]
            for name, value in figures.items():
                if len(printed) >= len(figures) and value not in printed:
                    raise UngroundedError("misplaced", f"{name}: {value} is not printed on the line of {answer.option}")
        start += len(line) + 1
