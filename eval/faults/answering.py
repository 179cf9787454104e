"""Fault injection: the script of the stand-in server: for each request the oracle's answer, corrupted as planned."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from eval.faults.figures import slots
from eval.faults.kinds import Fault, FaultKind, Payload
from eval.faults.oracle import as_read
from eval.faults.planning import Plan
from eval.faults.replies import Stating, answer, spoiled
from eval.standin import ChatRequest, Reply, says
from pipeline.extraction.llm import LlmSettings, render_messages
from pipeline.extraction.llm.prompting import GAP, neutral
from pipeline.extraction.llm.reading import compact
from pipeline.extraction.llm.responses import in_prompt_order
from pipeline.extraction.llm.second import words_of
from pipeline.extraction.llm.short_forms import shortened
from pipeline.extraction.llm.splitting import split
from pipeline.flow import Chunk
from schemas.registry import RECORD_TYPES

_FENCE = "\n</report_text>"
_REJECTED = re.compile(r"^(\d+)\. (\w+): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A chunk, or a part of one whose whole did not fit."""

    plan: Plan
    chunk: Chunk
    whole: bool


class Answering:
    """Knows every request that the client can send for the plans of each repetition, and what to answer.

    A repetition is told from the others by the name of its model.
    """

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, str], _Piece] = {}
        self._asked: Counter[tuple[str, str]] = Counter()
        self._said: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self._texts: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def expect(self, settings: LlmSettings, plans: Iterable[Plan]) -> None:
        """Prepares for the requests of a repetition."""
        for made in plans:
            for chunk in made.scene.prepared.chunks:
                if chunk.record_types:
                    text = neutral(made.scene.prepared.document.slice(chunk.span))
                    self._texts[settings.model][chunk.chunk_id] = text
                    for piece in _pieces(made, chunk, settings.splits):
                        prompt = render_messages(made.scene.prepared.document, piece.chunk)[-1]["content"]
                        self._pieces.setdefault((settings.model, _head(prompt)), piece)

    def __call__(self, request: ChatRequest) -> Reply:
        """The answer to a request."""
        if request.questions is not None:
            before = self._said[request.model, self._asked_about(request)]
            cells = [{"no": no, "value": before.get(words)} for no, words in request.questions.items()]
            return says({"cells": cells})
        key = request.model, _head(str(request.messages[-1]["content"]))
        piece = self._pieces[key]
        if request.rejected is not None:
            thoughts = _second_thoughts(piece, request.rejected)
            self._note(
                (request.model, piece.chunk.chunk_id),
                ((n, e["record"]) for n, entries in thoughts.items() for e in entries),
            )
            return says(thoughts)
        self._asked[key] += 1
        types = in_prompt_order(piece.chunk.record_types)
        fault = piece.plan.replies.get(piece.chunk.chunk_id) if piece.whole else None
        if fault and self._asked[key] > 1 and not _stubborn(piece, "asked", fault.chunk_id):
            fault = None
        stating = _stating(piece, fault)
        self._note((request.model, piece.chunk.chunk_id), stating)
        content = answer(types, stating)
        if fault and fault.kind in {FaultKind.TRUNCATED, FaultKind.PROSE}:
            return spoiled(fault, content, piece.plan.injection.rng("spoil", fault.chunk_id))
        return Reply(content=content)

    def _asked_about(self, request: ChatRequest) -> str:
        """The chunk whose passages a request shows."""
        passages = (request.text or "").split(f"\n{GAP}\n")
        return next(
            chunk_id
            for chunk_id, text in self._texts[request.model].items()
            if all(passage in text for passage in passages)
        )

    def _note(self, chunk: tuple[str, str], said: Iterable[tuple[str, Any]]) -> None:
        """Remembers the figures that were said, by the words that a second reading asks for them with."""
        for record_type, payload in said:
            if payload and (record := as_read(record_type, payload)):
                for slot in slots(record_type, payload):
                    words = words_of(RECORD_TYPES[record_type], record, slot.field)
                    self._said[chunk][neutral(" ".join(words.split()))] = slot.printed


def _pieces(made: Plan, chunk: Chunk, splits: int, *, whole: bool = True) -> Iterator[_Piece]:
    """A chunk and all the halves that the client may ask for."""
    yield _Piece(made, chunk, whole)
    if splits:
        for half in split(made.scene.prepared.document, chunk):
            yield from _pieces(made, half, splits - 1, whole=False)


def _head(prompt: str) -> str:
    """What a request for a piece and its repair requests begin with."""
    return prompt[: prompt.index(_FENCE)]


def _stating(piece: _Piece, fault: Fault | None) -> Stating:
    """What is said of a piece."""
    stated = piece.plan.scene.oracle.within(piece.chunk.span, piece.chunk.record_types)
    if fault and fault.kind is FaultKind.STALE:
        return [(s.record_type, s.payload) for s in piece.plan.stale[fault.chunk_id]]
    said: list[tuple[str, Payload]] = []
    for s in stated:
        hit = fault if fault and fault.target is s else piece.plan.records.get(s)
        said += [(s.record_type, payload) for payload in (hit.instead if hit else (s.payload,))]
    if fault and fault.kind is FaultKind.OBEYED and fault.target is None and fault.planted:
        said.append(fault.planted)
    return said


def _second_thoughts(piece: _Piece, rejected: str) -> dict[str, list[dict[str, Any]]]:
    """The reply to a repair request."""
    of_chunk = [f for f in piece.plan.faults if f.chunk_id == piece.chunk.chunk_id]
    faults = {_shown(*said): f for f in of_chunk for said in f.wrongs}
    said: dict[str, list[dict[str, Any]]] = {}
    for number, record_type, payload in _REJECTED.findall(rejected):
        record = _again(piece, faults.get(payload), payload)
        said.setdefault(record_type, []).append({"no": int(number), "record": record})
    return said


def _again(piece: _Piece, fault: Fault | None, payload: str) -> Payload | None:
    """What is said of a rejected record: the truth, except that the model sticks to its mistake at the rate of faults; a
    lying one says another wrong thing, or the same again, even of what it said by no fault."""
    if piece.plan.injection.lying:
        found: Payload = (fault.again or fault.planted or ("", {}))[1] if fault else json.loads(payload)
        return found
    if not (fault and fault.target and fault.planted) or fault.kind is FaultKind.INVENTED:
        return None
    return fault.planted[1] if _stubborn(piece, "repair", fault.chunk_id, payload) else fault.target.payload


def _stubborn(piece: _Piece, *purpose: str) -> bool:
    """Whether the model, asked again, makes the same mistake again: at the rate of faults."""
    return piece.plan.injection.rng(*purpose).random() < piece.plan.injection.rate


def _shown(record_type: str, payload: Payload) -> str:
    """A payload as a repair request repeats it."""
    said = json.loads(json.dumps(shortened(record_type, payload)), parse_float=str, parse_int=str)
    return neutral(compact(said))
