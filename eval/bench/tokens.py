"""Benchmarks: prompt tokens that are sent for each token of the documents, beside a call for each type and chunk.

The rule: one token for each Chinese character or full-width sign, one for every four other characters, four for the frame
of each message. The response schema goes beside the messages and counts with them: some endpoints bill it, some compile it
to a grammar. Where the gold of the documents is given, replies are as long as gold makes them: one that does not fit into
the limit is counted as cut off there, and the halves of its chunk as asked for again, text, rules, schema and all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.bench import langextract_baseline
from eval.faults.oracle import Oracle, consult
from eval.faults.replies import answer
from eval.gold import GoldDocument, GoldSet
from pipeline.documents import find_files, read_document
from pipeline.documents.errors import DocumentError
from pipeline.evidence import evidence_for
from pipeline.extraction.llm import LlmSettings, Request, request_for
from pipeline.extraction.llm.reading import compact
from pipeline.extraction.llm.responses import in_prompt_order
from pipeline.extraction.llm.settings import ReplyMode
from pipeline.extraction.llm.splitting import split
from pipeline.extraction.llm.tokens import count_message_tokens, count_tokens
from pipeline.flow import Chunk, Document
from pipeline.job import prepare

SETTINGS = LlmSettings(model="bench")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one way of asking sends, and is sent.

    Args:
        way: how it is asked.
        requests: how many requests there are.
        halves: those of them that ask again for half of a chunk whose reply was cut off.
        messages: tokens of the messages.
        schema: tokens of the response schemas beside them.
        cached: tokens of messages that a request before began with.
        known: tokens of schemas that a request before had.
        begun: tokens of schema and system message together that a request before began with, the schema first.
        reply: tokens of the replies, None where no gold says how long they are.
        text: tokens of the documents.
    """

    way: str
    requests: int
    halves: int
    messages: int
    schema: int
    cached: int
    known: int
    begun: int
    reply: int | None
    text: int

    @property
    def ratio(self) -> float:
        """Tokens of messages and schemas for each token of the documents."""
        return (self.messages + self.schema) / self.text

    @property
    def ratio_cached(self) -> float:
        """The same without what a request before had, messages and schema each by itself."""
        return (self.messages - self.cached + self.schema - self.known) / self.text

    @property
    def ratio_cached_in_one(self) -> float:
        """The same where the schema stands before the messages, as OpenAI has it: another schema, and nothing is cached."""
        return (self.messages + self.schema - self.begun) / self.text

    @property
    def ratio_without_schema(self) -> float:
        """Tokens of the messages alone for each token of the documents."""
        return self.messages / self.text

    @property
    def ratio_reply(self) -> float | None:
        """Tokens of the replies for each token of the documents."""
        return None if self.reply is None else self.reply / self.text


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, the tokens of its reply where they are known, and whether it asks for a half again."""

    request: Request
    reply: int | None
    half: bool


def run(folder: Path, targets: Sequence[int], gold: Path | None = None) -> Iterator[Sent]:
    """What is sent for the reports of a folder with chunks of some sizes, with strict decoding, and with a call for each type
    of each chunk.

    Raises:
        DocumentError: a report cannot be read.
        GoldError: the gold cannot be used.
        ValueError: the folder holds none.
    """
    documents = list(_documents(folder, gold))
    text = sum(count_tokens(document.text) for document, _ in documents)
    if not text:
        raise ValueError(f"no reports in {folder}")
    for target in targets:
        yield _sent(f"chunks of {target} characters", _asked(documents, target, SETTINGS, _whole), text)
    strict = SETTINGS.model_copy(update={"mode": ReplyMode.STRICT})
    yield _sent("the same, strict", _asked(documents, targets[0], strict, _whole), text)
    yield _sent("a call for each type and chunk", _asked(documents, targets[0], SETTINGS, _by_type), text)


def run_langextract(folder: Path, examples: int, setup: Path) -> Sent:
    """What LangExtract sends for the same reports with so many examples.

    Args:
        setup: where its environment lies, or is made.

    Raises:
        NoBaselineError: it cannot be installed or run.
    """
    texts = [document.text for document, _ in _documents(folder, None)]
    made = langextract_baseline.prompts(texts, examples, setup)
    first = made[0] if made else ""
    prompt = sum(count_message_tokens([{"content": one}]) for one in made)
    cached = sum(count_tokens(one[: _shared(one, first)]) for one in made[1:])
    way = f"LangExtract, {examples} example{'s' if examples > 1 else ''}"
    return Sent(way, len(made), 0, prompt, 0, cached, 0, cached, None, sum(map(count_tokens, texts)))


def _documents(folder: Path, gold: Path | None) -> Iterator[tuple[Document, GoldDocument | None]]:
    """The documents of a folder, with their gold where that is given."""
    if gold:
        yield from ((read_document(known.report_path), known) for known in GoldSet(gold, folder))
        return
    for source in find_files([folder]):
        if isinstance(source, DocumentError):
            raise source
        yield read_document(source), None


def _asked(
    documents: Iterable[tuple[Document, GoldDocument | None]],
    target: int,
    settings: LlmSettings,
    pieces: Callable[[Chunk], Iterable[Chunk]],
) -> Iterator[_Asked]:
    """Every request about some documents, in the order in which it is sent."""
    for document, gold in documents:
        prepared = prepare(document, target)
        evidence = evidence_for(document, prepared.layout)
        oracle = consult(gold.records, prepared, evidence) if gold else None
        for chunk in prepared.chunks:
            for piece in pieces(chunk):
                yield from _with_halves(document, piece, settings, oracle, settings.splits)


def _with_halves(
    document: Document, chunk: Chunk, settings: LlmSettings, oracle: Oracle | None, splits: int, *, half: bool = False
) -> Iterator[_Asked]:
    """The request for a chunk, and those for its halves where its reply would be cut off."""
    reply = _reply_tokens(chunk, settings, oracle) if oracle else None
    most = settings.max_tokens
    halves = split(document, chunk) if splits and reply and most and reply > most else ()
    yield _Asked(request_for(settings, document, chunk), most if halves else reply, half)
    for part in halves:
        yield from _with_halves(document, part, settings, oracle, splits - 1, half=True)


def _reply_tokens(chunk: Chunk, settings: LlmSettings, oracle: Oracle) -> int:
    """The tokens of the reply that gold makes to a chunk; strict replies say null for every field that is not printed."""
    stating = [(s.record_type, s.payload) for s in oracle.within(chunk.span, chunk.record_types)]
    reply = answer(in_prompt_order(chunk.record_types), stating)
    if settings.mode is not ReplyMode.STRICT:
        return count_tokens(reply)
    nulls = (f'"{name}":null,' for _, payload in stating for name, value in payload.items() if value is None)
    return count_tokens(reply + "".join(nulls))


def _whole(chunk: Chunk) -> Iterator[Chunk]:
    """A chunk as it is, where there is something to ask about it."""
    if chunk.record_types:
        yield chunk


def _by_type(chunk: Chunk) -> Iterator[Chunk]:
    """A chunk once for each of its types."""
    yield from (replace(chunk, record_types=(name,)) for name in chunk.record_types)


def _sent(way: str, asked: Iterable[_Asked], text: int) -> Sent:
    systems: list[str] = []
    beginnings: list[str] = []
    schemas: set[str] = set()
    messages = cached = schema = known = begun = count = halves = reply = 0
    told = True
    for one in asked:
        count += 1
        halves += one.half
        of_messages = count_message_tokens(list(one.request.messages))
        messages += of_messages
        schema += one.request.tokens - of_messages
        system, beside = one.request.messages[0]["content"], compact(one.request.arguments["response_format"])
        cached += count_tokens(_begun(system, systems))
        begun += count_tokens(_begun(beside + system, beginnings))
        known += one.request.tokens - of_messages if beside in schemas else 0
        systems.append(system)
        beginnings.append(beside + system)
        schemas.add(beside)
        told = told and one.reply is not None
        reply += one.reply or 0
    return Sent(way, count, halves, messages, schema, cached, known, begun, reply if told else None, text)


def _begun(text: str, before: Sequence[str]) -> str:
    """The longest beginning of a text that one before it has."""
    return text[: max((_shared(text, one) for one in set(before)), default=0)]


def _shared(one: str, other: str) -> int:
    """Length of the beginning that two texts share."""
    length = min(len(one), len(other))
    low, high = 0, length
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
