"""The hybrid extractor on the samples: better than both with a true model, never worse than offline with any other."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from eval.cli import DATA
from eval.gold import GoldDocument, GoldSet
from eval.gold_model import GoldModel
from eval.measures import total
from eval.scoring import Evaluation, evaluate
from eval.sources import read_with
from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.chunking import LARGE
from pipeline.extraction.llm.tokens import count_tokens
from pipeline.job import prepare
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES

Answering = Callable[[ChatRequest], Reply]
_NUMERAL = re.compile(r"\d+(?:\.\d+)?")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2,6}")


@dataclass(frozen=True)
class Read:
    """How an extractor scored, and the tokens of its prompts and replies by the stated rule."""

    evaluation: Evaluation
    tokens: int


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
        said.append(count_tokens(request.prompt) + count_tokens(reply.content or ""))
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
    assert hybrid.tokens <= 0.4 * llm.tokens


def corrupted(gold: GoldModel, share: float) -> Answering:
    """The gold with a share of its records misread: figures that stand nearby, other measures; and facts made of any
    figure and words of a line."""

    def answer(request: ChatRequest) -> Reply:
        chance = random.Random(request.prompt)  # noqa: S311 - no secret
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
    ],
    ids=["garbage", "nothing", "refusing", "all wrong", "three fifths wrong", "a third wrong", "a tenth wrong"],
)
def test_with_a_weak_model_no_document_is_read_worse_than_offline(
    documents: Sequence[GoldDocument], gold: GoldModel, offline: Read, weak: Callable[[GoldModel], Answering]
) -> None:
    hybrid = read(documents, "hybrid", weak(gold))
    assert all(h >= o for h, o in zip(f1(hybrid), f1(offline), strict=True))
    assert findings(hybrid) == findings(offline)
