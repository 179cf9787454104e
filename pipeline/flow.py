"""What the stations hand to each other: documents, layouts, chunks, drafts, grounded records, findings, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pipeline.drawn import Box, GivenTable, Ocr, Page
from pipeline.numerals import Numeral, find_numerals
from schemas.fields import Record
from schemas.relations import FindingKind
from schemas.values import Literal, Span, from_parts, value_type


@dataclass(frozen=True, slots=True)
class Document:
    """A file's canonical text; every span of the pipeline is a range of its ``str`` indices.

    ``document_id`` follows from the file's bytes alone; ``name`` is the file's stem. ``encoding`` is how the bytes were
    decoded, or the format of a file that is no text. ``tables`` are those that the file itself draws, in reading order;
    ``pages`` are empty where the format has none, ``boxes`` where it prints nothing at a fixed place. ``remarks`` say
    what of the file could not be read, one sentence each. ``whole_lines`` says that each line of prose is a paragraph, so
    that none is joined with the next. ``ocr`` says what was read off pictures, None where nothing was.
    """

    document_id: str
    name: str
    path: Path
    sha256: str
    encoding: str
    text: str
    tables: tuple[GivenTable, ...] = ()
    pages: tuple[Page, ...] = ()
    boxes: tuple[Box, ...] = ()
    remarks: tuple[str, ...] = ()
    whole_lines: bool = False
    ocr: Ocr | None = None

    def slice(self, span: Span) -> str:
        """The verbatim text at a span."""
        return self.text[span.start : span.stop]


_NOWHERE = Span(0, 0)


@value_type
class View:
    """A normalised reading of part of the text (wraps joined, furniture skipped) that keeps every character's place.

    ``places[i]`` is the canonical index of the view's i-th character; a ``range`` where nothing was skipped.
    """

    text: str
    places: Sequence[int]

    def span(self, start: int, stop: int) -> Span:
        """The canonical span of the view's characters [start, stop), which must not be empty."""
        return from_parts(Span, (self.places[start], self.places[stop - 1] + 1))

    @property
    def whole(self) -> Span:
        """The canonical span of the whole view; empty at 0 for an empty view."""
        return from_parts(Span, (self.places[0], self.places[-1] + 1)) if self.text else _NOWHERE

    def part(self, start: int, stop: int) -> View:
        """The view of characters [start, stop)."""
        return View(self.text[start:stop], self.places[start:stop])


class BlockKind(StrEnum):
    """What a block of prose is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@value_type
class Block:
    """A heading, paragraph or list item. ``level`` is 0 for paragraphs; ``path`` holds the headings above it.

    ``mark`` is the printed list mark (（一）, 1., （1）), ``view`` the block's text with its wraps joined, ``span`` its place.
    """

    kind: BlockKind
    view: View
    level: int
    mark: str
    path: tuple[str, ...]
    span: Span = field(init=False, repr=False, compare=False)
    text: str = field(init=False, repr=False, compare=False)
    """The block's text, wraps joined."""
    _numerals: tuple[Numeral, ...] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "span", self.view.whole)
        object.__setattr__(self, "text", self.view.text)

    @property
    def numerals(self) -> tuple[Numeral, ...]:
        """The printed numbers by their places in the block's text, found once for all who ask for them."""
        if self._numerals is None:
            object.__setattr__(self, "_numerals", tuple(find_numerals(self.view.text)))
        return self._numerals or ()

    @property
    def title(self) -> str:
        """The text without its list mark."""
        return self.text.removeprefix(self.mark).strip()


@value_type
class Cell:
    """A table cell. ``header`` holds the labels above its column, from the top; an empty cell has an empty view."""

    view: View
    row: int
    column: int
    header: tuple[str, ...]
    text: str = field(init=False, repr=False, compare=False)
    """The cell's text, breaks joined."""
    _numerals: tuple[Numeral, ...] | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.view.text)

    @property
    def numerals(self) -> tuple[Numeral, ...]:
        """The printed numbers by their places in the cell's text, found once for all who ask for them."""
        if self._numerals is None:
            object.__setattr__(self, "_numerals", tuple(find_numerals(self.view.text)))
        return self._numerals or ()

    @property
    def span(self) -> Span:
        """The cell's place; empty for an empty cell."""
        return self.view.whole


@value_type
class Row:
    """A table row; ``span`` runs from its first filled cell to its last, and is empty where none is filled."""

    cells: tuple[Cell, ...]
    span: Span = field(init=False)

    def __post_init__(self) -> None:
        places = [c.view.places for c in self.cells if c.text]
        span = Span(min(p[0] for p in places), max(p[-1] for p in places) + 1) if places else _NOWHERE
        object.__setattr__(self, "span", span)


@dataclass(frozen=True, slots=True)
class Table:
    """A rebuilt table: header rows first, then its body. ``unit`` is what a caption or unit line declares for it."""

    rows: tuple[Row, ...]
    header_rows: int
    caption: str | None
    unit: str | None
    unit_span: Span | None
    path: tuple[str, ...]
    span: Span

    @property
    def body(self) -> tuple[Row, ...]:
        """The rows below the header."""
        return self.rows[self.header_rows :]


@dataclass(frozen=True, slots=True)
class Segment:
    """One report inside a document: its id (``r1``, ``r2`` …), its title where one is printed, and its parts."""

    report_id: str
    title: View | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A document as headings, paragraphs, items and tables in reading order, and the reports it holds."""

    parts: tuple[Block | Table, ...]
    segments: tuple[Segment, ...]
    furniture: tuple[Span, ...]
    tables: tuple[Table, ...] = field(init=False, repr=False, compare=False)
    """The tables in reading order."""
    blocks: tuple[Block, ...] = field(init=False, repr=False, compare=False)
    """Headings, paragraphs and items in reading order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", tuple(p for p in self.parts if isinstance(p, Table)))
        object.__setattr__(self, "blocks", tuple(p for p in self.parts if isinstance(p, Block)))

    def report_at(self, place: int) -> str:
        """The id of the report that a place of the text belongs to."""
        if len(self.segments) == 1:
            return self.segments[0].report_id
        for segment in self.segments:
            for start, stop in segment.spans:
                if start <= place < stop:
                    return segment.report_id
        return self.segments[0].report_id


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one report that is read at once. ``span`` is its own text; ``context`` repeats what it stands under.

    ``record_types`` are those that its layout can hold. ``parts`` are the layout's blocks and tables in it (of a
    table that continues, the rows of this chunk only). A model is shown the ``excerpts`` alone where there are some.
    """

    chunk_id: str
    index: int
    report_id: str
    span: Span
    parts: tuple[Block | Table, ...]
    path: tuple[str, ...]
    context: str
    record_types: tuple[str, ...]
    excerpts: tuple[Span, ...] = ()

    @property
    def shown(self) -> tuple[Span, ...]:
        """What of the document a model is shown."""
        return self.excerpts or (self.span,)


@value_type
class Draft:
    """A record as an extractor claims it. ``places`` give the digits of a field where the extractor knows them."""

    record_type: str
    record: Record
    report_id: str
    chunk_id: str
    places: Mapping[str, Span] = field(default_factory=dict)
    quote_span: Span | None = None
    raw: str | None = None


class OutcomeStatus(StrEnum):
    """How a chunk's reading ended."""

    DONE = "done"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """How a chunk ended, and why where it failed."""

    chunk_id: str
    status: OutcomeStatus
    drafts: int
    reason: str | None = None


class Reuse(StrEnum):
    """Whether a stored reply stands for the same question asked again.

    ``RUN``: a completion that was no use (garbage, a refusal): the run that paid for it does not pay again, a later run
    may ask anew. ``NEVER``: no completion came.
    """

    ALWAYS = "always"
    RUN = "run"
    NEVER = "never"


class UsageSource(StrEnum):
    """Who counted a call's tokens: the endpoint, jixiao by its rule where the endpoint did not, or nobody as no reply
    came; ``LOST`` where a reply may have been billed and did not come: the cost is then the most that it can be."""

    ENDPOINT = "endpoint"
    COUNTED = "counted"
    NONE = "none"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt at a model's endpoint, with its usage and its raw reply; stored as a row of ``llm_calls``.

    ``prompt_hash`` stands for the whole request; ``asking`` is 2 where the same request was made once more because its
    first reply was about another text; ``attempt`` counts the attempts at the two together, over all runs.
    ``prompt_tokens`` include ``cached_tokens``; ``usage`` says who counted them. ``cost`` is what the attempt cost at the
    user's prices, in ``currency``, None without prices. ``recalled`` says that the reply was not paid for again: chunk
    and document are then those that use it.
    """

    call_id: str
    document_id: str
    chunk_id: str
    purpose: str
    model: str
    prompts: str
    prompt_hash: str
    asking: int
    attempt: int
    status: str
    reuse: Reuse
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    usage: UsageSource
    cost: Decimal | None
    currency: str | None
    seconds: Decimal
    reply: str | None
    error: str | None
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a question: how often it was sent, and the call whose reply answers it, None where none does."""

    attempts: int = 0
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """A question in a batch: the id that its result is joined by, what it is stored under, whose it is, and its tokens."""

    custom_id: str
    prompt_hash: str
    document_id: str
    chunk_id: str
    purpose: str
    tokens: int
    asking: int = 1


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch whose results were not collected. ``key`` is ours and was sent with it, ``batch_id`` is the endpoint's, None
    where it is not known whether the endpoint has it."""

    key: str
    batch_id: str | None
    questions: tuple[BatchQuestion, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that was not accepted, with its payload, the model's raw reply where there was one, and the reason."""

    record_type: str
    report_id: str
    chunk_id: str
    code: str
    reason: str
    payload: str
    raw: str | None = None


class AgreementKind(StrEnum):
    """How two readings of a field stand to each other."""

    AGREED = "agreed"
    DIFFERS = "differs"
    OFFLINE_ONLY = "offline_only"
    MODEL_ONLY = "model_only"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the offline reading and the model's stand to each other in a field of a record that both have. ``other`` is
    what the model read, None where it read nothing."""

    record_id: str
    record_type: str
    field: str
    kind: AgreementKind
    other: str | None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that an extractor made of a document. ``stopped`` says why it makes nothing more in this run (the
    budget is spent, the endpoint was given up), None while it goes on."""

    extractor: str
    drafts: tuple[Draft, ...]
    rejections: tuple[Rejection, ...]
    outcomes: tuple[ChunkOutcome, ...]
    calls: tuple[Call, ...] = ()
    stopped: str | None = None
    agreements: tuple[Agreement, ...] = ()


@value_type
class Grounded:
    """A draft whose quote and figures stand in the text. ``text_score`` is the lowest likeness of its prose fields
    to the text (1 where all are verbatim)."""

    record_id: str
    draft: Draft
    quote_span: Span
    literals: tuple[Literal, ...]
    text_score: Decimal

    @property
    def record(self) -> Record:
        """The record's fields."""
        return self.draft.record

    def literal(self, name: str) -> Literal | None:
        """The literal of a field, None where the field holds no number."""
        for literal in self.literals:
            if literal.field == name:
                return literal
        return None


class Verdict(StrEnum):
    """What interval arithmetic says of a relation (XBRL Calculations 1.1 calls the first three by these names)."""

    CONSISTENT = "consistent"
    TRUNCATED = "consistent_if_truncated"
    INCONSISTENT = "inconsistent"
    INCOMPLETE = "incomplete"
    VACUOUS = "vacuous"
    UNDEFINED = "undefined"


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class FindingLiteral:
    """A printed figure in a finding and the part that it plays (``stated``, ``part``, ``whole`` …).

    ``record_id`` is None where the figure belongs to no record (a table's cell, an equation in prose).
    """

    role: str
    span: Span
    printed: str
    record_id: str | None
    field: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect of the report itself. ``message`` is Chinese, ``message_en`` English; ``slack`` is what rounding allows."""

    kind: FindingKind
    severity: Severity
    verdict: Verdict
    relation: str
    report_id: str | None
    message: str
    message_en: str
    stated: str
    computed: str
    slack: Decimal | None
    literals: tuple[FindingLiteral, ...]
    suggestion: str | None = None
    suggestion_en: str | None = None


class Status(StrEnum):
    """What acceptance says of a record."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Decision:
    """A grounded record and its status (accepted or flagged; what is quarantined is a ``Rejection``)."""

    grounded: Grounded
    status: Status


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A money or percent literal, or a table row, that no record claims."""

    kind: str
    span: Span
    printed: str
    chunk_id: str | None
