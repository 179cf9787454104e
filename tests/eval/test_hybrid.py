"""The hybrid extractor on the samples: better than both with a true model, never worse than offline with any other."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eval.cli import DATA
from eval.gold import GoldDocument, GoldSet
from eval.gold_model import GoldModel
from eval.measures import total
from eval.predicted import from_result
from eval.scoring import Evaluation, evaluate
from eval.sources import read_with
from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.chunking import LARGE
from pipeline.documents import read_document
from pipeline.extraction.hybrid import HybridExtractor
from pipeline.extraction.llm import Answer, BatchLog, LlmExtractor, LlmSettings, Question, Tell
from pipeline.extraction.llm.faults import CallError
from pipeline.extraction.llm.tokens import count_tokens
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Draft, Extraction
from pipeline.job import Prepared, conclude, prepare
from pipeline.merging import merge_reports
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES

Answering = Callable[[ChatRequest], Reply]
_NUMERAL = re.compile(r"\d+(?:\.\d+)?")
_BREAK = re.compile(r"[，。；\s|]+")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2,6}")


@dataclass(frozen=True)
class Read:
    """How an extractor scored, and the tokens of its messages, schemas and replies by the stated rule."""

    evaluation: Evaluation
    tokens: int = 0


@pytest.fixture(scope="module")
def documents() -> Sequence[GoldDocument]:
    return GoldSet(DATA / "gold", DATA / "samples", ()).documents


@pytest.fixture(scope="module")
def gold(documents: Sequence[GoldDocument]) -> GoldModel:
    return GoldModel(documents, lambda document: prepare(document, LARGE))


def read(documents: Sequence[GoldDocument], extractor: str, answering: Answering) -> Read:
    said: list[int] = []

    def counted(request: ChatRequest) -> Reply:
        reply = answering(request)
        schema = json.dumps(request.response_format, ensure_ascii=False, separators=(",", ":"))
        said.append(sum(map(count_tokens, (request.prompt, schema, reply.content or ""))))
        return reply

    with StandIn(counted) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIXIAO_BASE_URL", server.base_url)
        patch.setenv("JIXIAO_API_KEY", "none")
        choice, predicted = read_with(documents, extractor, "standin")
        assert choice.name == extractor
    return Read(evaluate(zip(documents, predicted, strict=True), extractor), sum(said))


@pytest.fixture(scope="module")
def offline(documents: Sequence[GoldDocument]) -> Read:
    return read(documents, "offline", lambda _: fails(400))


def f1(read: Read) -> list[float]:
    """The scores of each document, and of all."""
    each = [total(c.counts for c in d.cells) for d in read.evaluation.documents]
    return [counts.f1 or 0.0 for counts in (*each, read.evaluation.counts)]


def findings(read: Read) -> list[tuple[int, int]]:
    """Findings that were found and false alarms, by document."""
    return [(len(d.findings.found), len(d.findings.false_alarms)) for d in read.evaluation.documents if d.findings]


def test_with_a_true_model_it_is_as_good_as_the_better_of_both_for_two_fifths_of_the_tokens(
    documents: Sequence[GoldDocument], gold: GoldModel, offline: Read
) -> None:
    llm, hybrid = read(documents, "llm", gold), read(documents, "hybrid", gold)
    assert f1(hybrid)[-1] >= max(f1(llm)[-1], f1(offline)[-1])
    assert f1(hybrid)[-1] > f1(offline)[-1]
    assert hybrid.tokens <= 0.35 * llm.tokens


def corrupted(gold: GoldModel, share: float, seed: str = "") -> Answering:
    """The gold with a share of its records misread: figures that stand nearby, other measures; and facts made of any
    figure and words of a line."""

    def answer(request: ChatRequest) -> Reply:
        chance = random.Random(seed + request.prompt)  # noqa: S311 - no secret
        text = request.text or ""
        numerals = _NUMERAL.findall(text) or ["1"]
        if request.questions is not None:
            return says({"cells": [{"no": no, "value": chance.choice(numerals)} for no in request.questions]})
        reply = gold(request)
        if request.rejected is not None:
            return reply
        said = json.loads(reply.content or "{}")
        for name, record in ((n, r) for n, records in said.items() for r in records if chance.random() < share):
            _misread(name, record, numerals, chance)
        if "budget_facts" in said:
            lines = [line for line in text.splitlines() if _NUMERAL.search(line)]
            made = [_made_up(chance.choice(lines), chance) for _ in range(int(8 * share)) if lines]
            said["budget_facts"] += made
        return says(said)

    return answer


def wordy(gold: GoldModel, share: float, seed: str = "") -> Answering:
    """The same, with words wrong, too: empty fields filled with what stands near, prose replaced by other prose, clauses of
    the text taken for tasks and problems."""
    misread = corrupted(gold, share, seed)

    def answer(request: ChatRequest) -> Reply:
        reply = misread(request)
        if request.questions is not None or request.rejected is not None:
            return reply
        chance = random.Random(f"words {seed}{request.prompt}")  # noqa: S311 - no secret
        said = json.loads(reply.content or "{}")
        clauses = [c for c in _BREAK.split(request.text or "") if 4 <= len(c) <= 120] or ["资金"]
        for name, record in ((n, r) for n, records in said.items() for r in records if chance.random() < share):
            _other_words(name, record, request.text or "", chance)
        for name in {"tasks", "issues"} & set(request.record_types):
            said.setdefault(name, []).extend(_any_clause(name, chance.choice(clauses)) for _ in range(int(8 * share)))
        return says(said)

    return answer


def _other_words(record_type: str, record: dict[str, Any], text: str, chance: random.Random) -> None:
    at = text.find(record["quote"][:8])
    near = [c for c in _BREAK.split(text[max(0, at - 40) : at + 300]) if len(c) >= 4] or ["资金"]
    prose = [f for f in RECORD_TYPES[record_type].fields if f.sort in {Sort.TEXT, Sort.LABEL} and f.name != "unit"]
    if (empty := [f.name for f in prose if f.name not in record]) and chance.random() < 0.6:
        record[chance.choice(empty)] = chance.choice(near)
    if (full := [f.name for f in prose if f.sort is Sort.TEXT and f.name in record]) and chance.random() < 0.5:
        record[chance.choice(full)] = chance.choice(near)


def _any_clause(record_type: str, clause: str) -> dict[str, str]:
    return {"quote": clause, "task": clause} if record_type == "tasks" else _problem(clause)


def _problem(clause: str) -> dict[str, str]:
    return {"quote": clause, "kind": "problem", "text": clause}


def _misread(record_type: str, record: dict[str, Any], numerals: list[str], chance: random.Random) -> None:
    for field in RECORD_TYPES[record_type].fields:
        if field.sort in {Sort.MONEY, Sort.QUANTITY, Sort.NUMBER} and field.name in record:
            record[field.name] = _NUMERAL.sub(chance.choice(numerals), record[field.name], count=1)
    if "measure" in record:
        record["measure"] = chance.choice(["executed", "received", "rate", "balance", "full_year_budget"])


def _made_up(line: str, chance: random.Random) -> dict[str, Any]:
    numeral = chance.choice(_NUMERAL.findall(line))
    after = line[line.index(numeral) + len(numeral) :]
    unit = re.match(r"万元|元|%|亿元|", after)
    return {
        "quote": line[:400],
        "path": [chance.choice(_WORDS.findall(line) or ["资金"])],
        "measure": chance.choice(["executed", "received", "rate", "full_year_budget"]),
        "value": numeral,
        "unit": (unit and unit[0]) or None,
    }


def nothing(request: ChatRequest) -> Reply:
    return says({"cells": []} if request.questions is not None else {name: [] for name in request.record_types})


@pytest.mark.parametrize(
    "weak",
    [
        lambda _: lambda _: Reply(content="不知道"),
        lambda _: nothing,
        lambda _: lambda _: fails(400),
        lambda gold: corrupted(gold, 1.0),
        lambda gold: corrupted(gold, 0.6),
        lambda gold: corrupted(gold, 0.3),
        lambda gold: corrupted(gold, 0.1),
        lambda gold: wordy(gold, 0.2),
    ],
    ids=[
        "garbage",
        "nothing",
        "refusing",
        "all wrong",
        "three fifths wrong",
        "a third wrong",
        "a tenth wrong",
        "words",
    ],
)
def test_with_a_weak_model_no_document_is_read_worse_than_offline(
    documents: Sequence[GoldDocument], gold: GoldModel, offline: Read, weak: Callable[[GoldModel], Answering]
) -> None:
    hybrid = read(documents, "hybrid", weak(gold))
    assert all(h >= o for h, o in zip(f1(hybrid), f1(offline), strict=True))
    assert findings(hybrid) == findings(offline)


class _InProcess:
    """Answers a hybrid extractor without a network."""

    stopped: str | None = None

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def ask(self, question: Question) -> Answer:
        sent = question.request.arguments
        request = ChatRequest(
            1, sent["model"], tuple(sent["messages"]), sent["response_format"], (), {}, authorized=True
        )
        return Answer(self._answering(request).content, None, ())

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None: ...

    async def condemn(self, answer: Answer, error: CallError) -> None: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class Texts:
    """Documents laid out once, with the offline reading's scores, to be read again and again."""

    documents: Sequence[GoldDocument]
    prepared: Sequence[Prepared]
    gold: GoldModel
    offline: Sequence[Read]
    drafts: Sequence[Sequence[Draft]]


def texts(documents: Sequence[GoldDocument]) -> Texts:
    prepared = [prepare(read_document(d.report_path), LARGE) for d in documents]
    gold = GoldModel(documents, lambda document: prepare(document, LARGE))
    readings = [OfflineExtractor().extract(p.document, p.layout, p.chunks) for p in prepared]
    scores = [scored(*one) for one in zip(documents, prepared, readings, strict=True)]
    return Texts(documents, prepared, gold, scores, [merge_reports(r.drafts) for r in readings])


def scored(document: GoldDocument, prepared: Prepared, extraction: Extraction) -> Read:
    reading = conclude(prepared, extraction)
    predicted = from_result(document.name, document.text, reading.decisions, reading.quarantined, reading.findings)
    return Read(evaluate([(document, predicted)], "hybrid"))


def worse(read_before: Texts, weak: Callable[[GoldModel, float, str], Answering], seeds: range) -> list[str]:
    """The documents that a hybrid run reads worse than offline with models that misread 10, 20, 30 and 50 percent."""
    found = []
    for share in (0.1, 0.2, 0.3, 0.5):
        for seed in seeds:
            asker = _InProcess(weak(read_before.gold, share, f"{seed} "))
            extractor = HybridExtractor(LlmExtractor(LlmSettings(model="standin", base_url="http://x"), asker))
            for i, (document, p) in enumerate(zip(read_before.documents, read_before.prepared, strict=True)):
                extraction = asyncio.run(extractor.extract(p.document, p.layout, p.chunks))
                if [d.record for d in extraction.drafts] == [d.record for d in read_before.drafts[i]]:
                    continue
                hybrid, offline = scored(document, p, extraction), read_before.offline[i]
                if f1(hybrid)[0] < f1(offline)[0] or findings(hybrid) != findings(offline):
                    found.append(f"{document.name}, {share}, seed {seed}")
    return found


GENERALITY = Path(__file__).parent.parent / "generality"


def test_on_other_texts_a_weak_model_makes_nothing_worse() -> None:
    assert worse(texts(GoldSet(GENERALITY, GENERALITY).documents), wordy, range(1)) == []


@pytest.mark.slow
@pytest.mark.parametrize("weak", [corrupted, wordy])
@pytest.mark.parametrize("folders", [(DATA / "gold", DATA / "samples"), (GENERALITY, GENERALITY)])
def test_no_chance_makes_a_weak_model_s_hybrid_worse_than_offline(
    folders: tuple[Path, Path], weak: Callable[[GoldModel, float, str], Answering]
) -> None:
    assert worse(texts(GoldSet(*folders).documents), weak, range(200)) == []
