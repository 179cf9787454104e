"""Review: what a person reads is held to the same standard as what a program reads: it must stand in the text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pipeline.chunking import chunk
from pipeline.evidence import Evidence, evidence_for
from pipeline.flow import Chunk, Document, Draft, Grounded, Rejection
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from schemas.fields import Record
from schemas.registry import RECORD_TYPES
from schemas.values import Span

KEPT = 4
"""Documents whose layout is kept: a reviewer goes through one after the other."""


MOST_PLACES = 20
"""Places of one quote that are tried."""


LONGEST_QUOTE = 2000
"""Characters that the quote of a record has at most."""


class NotGroundedError(Exception):
    """A record that is no record of its type, or does not stand in the text; the message says why."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """A document with its layout as evidence."""

    document: Document
    chunks: tuple[Chunk, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the record came from that a person corrects: its report and chunk, and the place of its quote where known."""

    report_id: str
    chunk_id: str
    quote: Span | None


class Grounder:
    """Grounds what people enter, by the grounding of the pipeline."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self._document = document
        self._laid: OrderedDict[str, _Laid] = OrderedDict()

    def ground(
        self, document_id: str, record_type: str, payload: Mapping[str, Any], origin: Origin, places: Mapping[str, Span]
    ) -> Grounded:
        """A record where it stands in the text: in its quote, or in the whole lines that hold the quote.

        Args:
            document_id: document that it is of.
            record_type: type of the record.
            payload: its fields with the quote.
            origin: where it was read.
            places: the places of figures that stay as they were read.

        Raises:
            NotGroundedError: it is no record of its type, or does not stand in the text.
        """
        record = validated(record_type, payload)
        laid = self._lay_out(document_id)
        failed: Rejection | None = None
        for quote in _places(laid, record.quote, origin):
            last: Rejection | None = None
            for wide in dict.fromkeys((quote, _lines(laid.document.text, quote))):
                quoted = record.model_copy(update={"quote": laid.document.slice(wide)})
                draft = Draft(record_type, quoted, origin.report_id, origin.chunk_id, places, wide)
                grounded, rejected = ground_all(laid.evidence, laid.chunks, [draft])
                if grounded:
                    return grounded[0]
                last = rejected[0]
            failed = failed or last
        raise NotGroundedError(failed.reason if failed else "the quote does not stand in the text")

    def _lay_out(self, document_id: str) -> _Laid:
        if document_id not in self._laid:
            document = self._document(document_id)
            layout = lay_out(document)
            self._laid[document_id] = _Laid(document, tuple(chunk(document, layout)), evidence_for(document, layout))
            while len(self._laid) > KEPT:
                self._laid.popitem(last=False)
        self._laid.move_to_end(document_id)
        return self._laid[document_id]


def validated(record_type: str, payload: Mapping[str, Any]) -> Record:
    """A record of its type.

    Raises:
        NotGroundedError: the fields are none of such a record.
    """
    if record_type not in RECORD_TYPES:
        raise NotGroundedError(f"there is no record type {record_type}")
    try:
        return RECORD_TYPES[record_type].model.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        raise NotGroundedError(f"{'.'.join(map(str, first['loc'])) or record_type}: {first['msg']}") from error


def _places(laid: _Laid, quote: str, origin: Origin) -> list[Span]:
    """Where a quote stands, the place nearest to where the record was read first."""
    chunk_start = next((c.span.start for c in laid.chunks if c.chunk_id == origin.chunk_id), 0)
    near = origin.quote.start if origin.quote else chunk_start
    found = laid.evidence.find_all(quote, Span(0, len(laid.document.text)))
    return sorted(found, key=lambda span: abs(span.start - near))[:MOST_PLACES]


def _lines(text: str, quote: Span) -> Span:
    """The whole lines that hold a quote; the quote itself where they are longer than a quote may be."""
    end = text.find("\n", quote.stop)
    lines = Span(text.rfind("\n", 0, quote.start) + 1, len(text) if end < 0 else end)
    return lines if lines.stop - lines.start <= LONGEST_QUOTE else quote
