"""Extraction (llm): the second reading: cells that arithmetic accuses are asked for once more, by themselves.

The model is told what each figure is (its record, its field), not what was read: two readings that agree make the
report's contradiction a finding, two that differ make a contest.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.extraction.judging import Cell
from pipeline.extraction.llm.asking import Asker, Purpose, Question
from pipeline.extraction.llm.excerpts import excerpted
from pipeline.extraction.llm.faults import CallError
from pipeline.extraction.llm.prompting import Asked, render_second
from pipeline.extraction.llm.reading import read_cells
from pipeline.extraction.llm.requests import build_request, exact
from pipeline.extraction.llm.responses import cells_model
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.flow import Call, Chunk, Document, Grounded
from schemas.fields import Record, Sort
from schemas.registry import RECORD_TYPES, RecordType
from schemas.values import Span, plain_number

MOST_CELLS = 20
"""Cells that one question carries; what exceeds it is asked in another."""


@dataclass(frozen=True, slots=True)
class SecondReadings:
    """What the model read in the accused cells, by record id and field, and the calls that it took. Cells that it did
    not answer are absent; ``unasked`` says by chunk why it was not asked, where the run ended before."""

    values: Mapping[tuple[str, str], str]
    calls: tuple[Call, ...] = ()
    unasked: Mapping[str, str] = field(default_factory=dict)

    def contested(self, cells: Sequence[Cell]) -> list[tuple[Cell, str]]:
        """The cells that were read differently the second time, and what was read then."""
        return [(cell, second) for cell in cells if (second := self._otherwise(cell)) is not None]

    def _otherwise(self, cell: Cell) -> str | None:
        second = self.values.get((cell.grounded.record_id, cell.field))
        if second is None or Decimal(plain_number(second)) == Decimal(plain_number(cell.value)):
            return None
        return second


def unmistakable(cells: Sequence[Cell], records: Sequence[Grounded]) -> tuple[Cell, ...]:
    """The cells that their words tell from every other figure of their chunk: about 得分汇总 合计, of which a chunk has two, a
    model that reads well may answer either."""
    named: defaultdict[tuple[str, str], set[Decimal]] = defaultdict(set)
    for grounded in records:
        for literal in grounded.literals:
            cell = Cell(grounded, literal.field)
            named[grounded.draft.chunk_id, _words(cell)].add(literal.value)
    return tuple(cell for cell in cells if len(named[cell.grounded.draft.chunk_id, _words(cell)]) <= 1)


async def read_again(
    asker: Asker, settings: LlmSettings, document: Document, chunks: Sequence[Chunk], cells: Sequence[Cell]
) -> SecondReadings:
    """Asks for cells once more, those of a chunk together, without saying what was read in them."""
    by_chunk: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_chunk[cell.grounded.draft.chunk_id].append(cell)
    groups = [
        (chunk, by_chunk[chunk.chunk_id][first : first + MOST_CELLS])
        for chunk in chunks
        for first in range(0, len(by_chunk[chunk.chunk_id]), MOST_CELLS)
    ]
    found = await asyncio.gather(*(_ask(asker, settings, document, chunk, group) for chunk, group in groups))
    values = {key: value for said in found for key, value in said.values.items()}
    unasked = {chunk_id: why for said in found for chunk_id, why in said.unasked.items()}
    return SecondReadings(values, tuple(call for said in found for call in said.calls), unasked)


async def _ask(
    asker: Asker, settings: LlmSettings, document: Document, chunk: Chunk, cells: Sequence[Cell]
) -> SecondReadings:
    asked = [Asked(no, _words(cell)) for no, cell in enumerate(cells, start=1)]
    piece = excerpted(document, chunk, [span for cell in cells for span in _spans(cell)])
    request = build_request(settings, render_second(document, piece, asked), cells_model(exact=exact(settings)))
    answer = await asker.ask(Question(request, document.document_id, chunk.chunk_id, Purpose.SECOND))
    if answer.reply is None:
        postponed = answer.error is not None and answer.error.fault.postponed
        return SecondReadings({}, answer.calls, {chunk.chunk_id: str(answer.error)} if postponed else {})
    try:
        said = read_cells(answer.reply)
    except CallError as error:
        await asker.condemn(answer, error)
        return SecondReadings({}, answer.calls)
    numbered = dict(enumerate(cells, start=1))
    values = {(numbered[no].grounded.record_id, numbered[no].field): v for no, v in said.items() if no in numbered}
    return SecondReadings(values, answer.calls)


def _spans(cell: Cell) -> Iterator[Span]:
    """Where a cell's record stands."""
    yield cell.grounded.quote_span
    yield from (literal.span for literal in cell.grounded.literals)


def _words(cell: Cell) -> str:
    return words_of(RECORD_TYPES[cell.grounded.draft.record_type], cell.grounded.record, cell.field)


def words_of(record_type: RecordType, record: Record, name: str) -> str:
    """What a cell is, in words: the record's type and what names it, and the field."""
    asked = next(f for f in record_type.fields if f.name == name)
    named = [text for f in record_type.fields if f.name != name and (text := _naming(record, f.name, f.sort))]
    return f"{record_type.term} {' / '.join(named)}: {asked.term} ({asked.name})"


def _naming(record: Record, name: str, sort: Sort) -> str | None:
    """A field's words where it helps to name a record: its labels, codes and year, not its figures and prose."""
    value = getattr(record, name)
    if value is None or sort not in {Sort.LABEL, Sort.LABELS, Sort.CODE, Sort.YEAR} or name == "unit":
        return None
    return " > ".join(value) if isinstance(value, tuple | list) else str(value)
