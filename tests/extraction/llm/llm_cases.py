"""Documents, chunks and runs for the tests of the llm extractor, built by hand from the pipeline's own types."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from eval.standin import Script, StandIn
from pipeline.extraction.llm import Journal, LlmExtractor, LlmSettings, Money
from pipeline.extraction.llm.budget import FREE
from pipeline.flow import Block, BlockKind, Cell, Chunk, Document, Extraction, Row, Table, View
from schemas.values import Span

KEY = "sk-planted-7f3a91c2"
TASK = {"quote": "新增节水灌溉面积2000亩", "task": "新增节水灌溉面积2000亩"}
OTHER_TASK = {"quote": "修复渠道12公里", "task": "修复渠道12公里"}
PROJECT = {
    "quote": "山塘清淤补助45.00万元",
    "name": "山塘清淤补助",
    "supplementary_budget": {"value": "45.00", "unit": "万元"},
}
TEXT = "（1）新增节水灌溉面积2000亩。\n（2）修复渠道12公里。\n追加山塘清淤补助45.00万元。\n"


def document(text: str = TEXT) -> Document:
    return Document("doc1", "青禾", Path("青禾.txt"), "0" * 64, "utf-8", text)


def view(text: str, start: int, stop: int) -> View:
    return View(text[start:stop], range(start, stop))


def block(text: str, start: int, stop: int) -> Block:
    return Block(BlockKind.PARAGRAPH, view(text, start, stop), 0, "", ())


def lines_of(text: str) -> tuple[Block, ...]:
    """One block for each line."""
    blocks, place = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            blocks.append(block(text, place, place + len(line.rstrip("\n"))))
        place += len(line)
    return tuple(blocks)


def chunk(
    text: str = TEXT,
    types: tuple[str, ...] = ("tasks",),
    *,
    parts: tuple[Block | Table, ...] | None = None,
    **changes: Any,
) -> Chunk:
    """A chunk over a whole text, which is one block where nothing else is said."""
    given: dict[str, Any] = {
        "chunk_id": "c1",
        "index": 0,
        "report_id": "r1",
        "span": Span(0, len(text)),
        "parts": (block(text, 0, len(text)),) if parts is None else parts,
        "path": (),
        "context": "",
        "record_types": types,
    }
    return Chunk(**(given | changes))


def chunks(count: int, types: tuple[str, ...] = ("tasks",)) -> tuple[Document, list[Chunk]]:
    """A document of numbered lines, one chunk each."""
    lines = [f"任务{number}：修复渠道{number}公里。\n" for number in range(1, count + 1)]
    made, place = [], 0
    for number, line in enumerate(lines):
        span = Span(place, place + len(line))
        made.append(chunk("".join(lines), types, chunk_id=f"c{number}", index=number, span=span, parts=()))
        place += len(line)
    return document("".join(lines)), made


def table(text: str, rows: Sequence[Sequence[str]], *, caption: str | None = None, unit: str | None = None) -> Table:
    """A table whose cells stand in the text one after another; the first row is its header."""
    place, built = 0, []
    for number, row in enumerate(rows):
        cells = []
        for column, words in enumerate(row):
            start = text.index(words, place)
            place = start + len(words)
            cells.append(Cell(view(text, start, place), number, column, tuple(rows[0][column : column + 1])))
        built.append(Row(tuple(cells)))
    return Table(tuple(built), 1, caption, unit, None, (), Span(built[0].span.start, place))


@dataclass
class Run:
    """What a run brought, what the server saw, and how long the client would have slept."""

    extraction: Extraction
    server: StandIn
    slept: list[float] = field(default_factory=list)

    @property
    def outcome(self) -> Any:
        return self.extraction.outcomes[0]

    @property
    def statuses(self) -> list[str]:
        return [call.status for call in self.extraction.calls]

    @property
    def records(self) -> list[dict[str, Any]]:
        return [d.record.model_dump(mode="json", exclude_none=True) for d in self.extraction.drafts]


def settings(base_url: str, **changes: Any) -> LlmSettings:
    return LlmSettings(
        **({"model": "standin", "base_url": base_url, "timeout": 5.0, "breaker": 20, "outage": 0} | changes)
    )


def run(
    script: Script,
    pieces: Sequence[Chunk] | None = None,
    doc: Document | None = None,
    *,
    journal: Journal | None = None,
    key: str = KEY,
    money: Money = FREE,
    **changes: Any,
) -> Run:
    """Extracts from chunks (one over TEXT where none are given) against a stand-in server; nothing really sleeps."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def extract(base_url: str) -> Extraction:
        async with LlmExtractor.live(settings(base_url, **changes), SecretStr(key), journal, sleep, money) as extractor:
            return await extractor.extract(doc or document(), [chunk()] if pieces is None else pieces)

    with StandIn(script) as server:
        return Run(asyncio.run(extract(server.base_url)), server, slept)
