"""Eval: a model that knows the gold: the script of a stand-in server that states, for any piece of a report, what stands
in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from eval.faults.oracle import Oracle, consult
from eval.faults.replies import answer
from eval.gold import GoldDocument
from eval.standin import ChatRequest, Reply, says
from pipeline.documents import read_document
from pipeline.evidence import evidence_for
from pipeline.extraction.llm.prompting import GAP, neutral
from pipeline.flow import Document
from pipeline.job import Prepared, prepare
from schemas.values import Span

_REJECTED = re.compile(r"^(\d+)\. (\w+): ", re.MULTILINE)


class GoldModel:
    """Answers each reading request from gold; asked to repair a record it takes it back, asked for single figures it
    names none.

    Args:
        documents: reports with their gold.
        prepared: how they are laid out and cut; the gold that no piece holds is not stated.
    """

    def __init__(self, documents: Sequence[GoldDocument], prepared: Callable[[Document], Prepared] = prepare) -> None:
        self._known: list[tuple[str, Oracle]] = []
        for gold in documents:
            made = prepared(read_document(gold.report_path))
            evidence = evidence_for(made.document, made.layout)
            self._known.append((neutral(made.document.text), consult(gold.records, made, evidence)))

    def __call__(self, request: ChatRequest) -> Reply:
        """The answer to a request."""
        if request.rejected is not None:
            taken_back: dict[str, list[dict[str, object]]] = {}
            for number, record_type in _REJECTED.findall(request.rejected):
                taken_back.setdefault(record_type, []).append({"no": int(number), "record": None})
            return says(taken_back)
        if request.questions is not None:
            return says({"cells": []})
        asked = (request.text or "").split(f"\n{GAP}\n")
        for text, oracle in self._known:
            if (shown := _places(text, asked)) is not None:
                stated = [s for span in shown for s in oracle.within(span, request.record_types)]
                return Reply(content=answer(request.record_types, [(s.record_type, s.payload) for s in stated]))
        raise ValueError("a request about a text without gold")


def _places(text: str, passages: Sequence[str]) -> list[Span] | None:
    """Where passages stand in a text, one after another, None where they do not."""
    found: list[Span] = []
    for passage in passages:
        start = text.find(passage, found[-1].stop if found else 0)
        if start < 0:
            return None
        found.append(Span(start, start + len(passage)))
    return found
