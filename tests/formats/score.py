"""The offline extractor's micro F1 on a report in any format, by the records' fields alone.

Gold is annotated on the text; in another format the same words stand at other places, so places are left out of the
comparison, for the text too.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from eval.gold import GoldDocument
from eval.measures import total
from eval.predicted import from_result
from eval.scoring import DocumentScore, score_document
from pipeline.documents import read_document
from pipeline.extraction.choice import Offline
from pipeline.job import read


def score(gold: GoldDocument, path: Path) -> DocumentScore:
    """The score of a report in any format."""
    document = read_document(path)
    reading = asyncio.run(read(document, Offline()))
    found = from_result(gold.name, document.text, reading.decisions, reading.quarantined, ())
    bare = replace(
        gold,
        records=tuple(replace(r, span=None, places={}) for r in gold.records),
        findings=(),
        near_misses=(),
    )
    predicted = replace(found, records=tuple(replace(r, span=None, places={}) for r in found.records))
    return score_document(bare, predicted)


def micro_f1(score: DocumentScore) -> Fraction:
    """The F1 over all fields of all record types."""
    return total(cell.counts for cell in score.cells).f1 or Fraction(0)
