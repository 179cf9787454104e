"""Benchmarks: prompt tokens that are sent for each token of the documents, beside a call for each type and chunk.

The rule: one token for each Chinese character or full-width sign, one for every four other characters, four for the frame
of each message. ``prompt`` are the messages; ``schema`` is the response schema, which goes beside them (some endpoints bill
it, some compile it to a grammar).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.bench import langextract_baseline
from pipeline.documents import find_files, read_document
from pipeline.documents.errors import DocumentError
from pipeline.extraction.llm import LlmSettings, Request, request_for
from pipeline.extraction.llm.tokens import count_message_tokens, count_tokens
from pipeline.flow import Document
from pipeline.job import prepare

SETTINGS = LlmSettings(model="bench")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one way of asking sends: requests, prompt tokens, those of them that a prefix cache holds already, the tokens of
    the response schemas beside them, and those of the documents."""

    way: str
    requests: int
    prompt: int
    cached: int
    schema: int
    text: int

    @property
    def ratio(self) -> float:
        """Prompt tokens for each token of the documents."""
        return self.prompt / self.text

    @property
    def ratio_with_schema(self) -> float:
        """The same, the response schemas counted as well."""
        return (self.prompt + self.schema) / self.text

    @property
    def ratio_cached(self) -> float:
        """Prompt tokens without the cached ones for each token of the documents."""
        return (self.prompt - self.cached) / self.text


def run(folder: Path, targets: Sequence[int]) -> Iterator[Sent]:
    """What is sent for the reports of a folder with chunks of some sizes, and with a call for each type of each chunk.

    Raises:
        DocumentError: a report cannot be read.
        ValueError: the folder holds none.
    """
    documents = list(_documents(folder))
    text = sum(count_tokens(d.text) for d in documents)
    if not text:
        raise ValueError(f"no reports in {folder}")
    for target in targets:
        yield _sent(f"chunks of {target} characters", _requests(documents, target), text)
    yield _sent("a call for each type and chunk", _naive(documents, targets[0]), text)


def run_langextract(folder: Path, examples: int, setup: Path) -> Sent:
    """What LangExtract sends for the same reports with so many examples.

    Args:
        setup: where its environment lies, or is made.

    Raises:
        NoBaselineError: it cannot be installed or run.
    """
    texts = [d.text for d in _documents(folder)]
    made = langextract_baseline.prompts(texts, examples, setup)
    first = made[0] if made else ""
    prompt = sum(count_message_tokens([{"content": one}]) for one in made)
    cached = sum(count_tokens(one[: _shared(one, first)]) for one in made[1:])
    way = f"LangExtract, {examples} example{'s' if examples > 1 else ''}"
    return Sent(way, len(made), prompt, cached, 0, sum(map(count_tokens, texts)))


def _documents(folder: Path) -> Iterator[Document]:
    for source in find_files([folder]):
        if isinstance(source, DocumentError):
            raise source
        yield read_document(source)


def _requests(documents: Iterable[Document], target: int) -> Iterator[Request]:
    for document in documents:
        for chunk in prepare(document, target).chunks:
            if chunk.record_types:
                yield request_for(SETTINGS, document, chunk)


def _naive(documents: Iterable[Document], target: int) -> Iterator[Request]:
    for document in documents:
        for chunk in prepare(document, target).chunks:
            for name in chunk.record_types:
                yield request_for(SETTINGS, document, replace(chunk, record_types=(name,)))


def _sent(way: str, requests: Iterable[Request], text: int) -> Sent:
    seen: list[str] = []
    prompt = cached = schema = count = 0
    for request in requests:
        count += 1
        messages = count_message_tokens(list(request.messages))
        prompt += messages
        schema += request.tokens - messages
        system = request.messages[0]["content"]
        cached += count_tokens(system[: max((_shared(system, before) for before in seen), default=0)])
        if system not in seen:
            seen.append(system)
    return Sent(way, count, prompt, cached, schema, text)


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
