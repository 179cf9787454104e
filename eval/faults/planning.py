"""Fault injection: which answers of a repetition are corrupted, and how; all of it follows from the seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from eval.faults.kinds import OF_REPLIES, Fault, FaultKind, Stated
from eval.faults.oracle import Oracle, consult
from eval.faults.orders import Order, hide, obey
from eval.faults.records import plant
from eval.faults.replies import CUT_FORMS, PROSE_FORMS
from eval.items import Item
from pipeline.evidence import Evidence, evidence_for
from pipeline.flow import Chunk, Document
from pipeline.job import Prepared, prepare


@dataclass(frozen=True, eq=False)
class Scene:
    """A document as it is read, and what the oracle knows of it; ``orders`` are hidden in its text."""

    prepared: Prepared
    evidence: Evidence
    items: tuple[Item, ...]
    oracle: Oracle
    orders: tuple[Order, ...] = ()

    @property
    def name(self) -> str:
        """The document's name."""
        return self.prepared.document.name

    def chunk_of(self, chunk_id: str) -> Chunk:
        """A chunk by its id."""
        return next(c for c in self.prepared.chunks if c.chunk_id == chunk_id)


@dataclass(frozen=True, slots=True)
class Injection:
    """How much is corrupted: the rate, the seed of the repetition, and the kinds to draw from.

    ``lying`` has the model asked again for what is not grounded and what arithmetic accuses, and lie: it says the same wrong
    record again or another wrong one, and reads an accused figure as it did before.
    """

    rate: float
    seed: int
    kinds: tuple[FaultKind, ...] = tuple(FaultKind)
    lying: bool = False

    def rng(self, *purpose: str) -> random.Random:
        """A source of chance for one purpose, the same in every run and on every machine."""
        return random.Random("|".join((str(self.seed), *purpose)))


@dataclass(frozen=True, eq=False)
class Plan:
    """The faults of one document in one repetition. Records are hit one by one, replies as wholes, never both."""

    scene: Scene
    injection: Injection
    records: dict[Stated, Fault] = field(default_factory=dict)
    replies: dict[str, Fault] = field(default_factory=dict)
    stale: dict[str, tuple[Stated, ...]] = field(default_factory=dict)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All of them."""
        return (*self.records.values(), *self.replies.values())


def scene_of(document: Document, items: Sequence[Item], orders: tuple[Order, ...] = ()) -> Scene:
    """A document laid out, with its oracle."""
    prepared = prepare(document)
    evidence = evidence_for(document, prepared.layout)
    return Scene(prepared, evidence, tuple(items), consult(items, prepared, evidence), orders)


def with_orders(scene: Scene, injection: Injection) -> Scene:
    """The scene with orders hidden in the text of some chunks; the scene itself where chance picks none."""
    if FaultKind.OBEYED not in injection.kinds:
        return scene
    rng = injection.rng("orders", scene.name)
    share = injection.rate / len(_reply_kinds(injection))
    chunks = [c for c in scene.prepared.chunks if c.record_types and rng.random() < share]
    whole = [s for i in scene.items for s in (i.span, *i.places.values()) if s]
    whole += [s.span for s in scene.oracle.stated]
    document, items, orders = hide(scene.prepared.document, scene.items, whole, chunks, rng)
    return scene_of(document, items, orders) if orders else scene


def plan(scene: Scene, injection: Injection, sound: frozenset[Stated]) -> Plan:
    """The faults of a document.

    Args:
        scene: the document.
        injection: how much is corrupted.
        sound: the records that are kept where nothing is corrupted; no other is hit.
    """
    made = Plan(scene, injection)
    for chunk in scene.prepared.chunks:
        rng = injection.rng("reply", scene.name, chunk.chunk_id)
        stated = scene.oracle.within(chunk.span, chunk.record_types)
        order = next((o for o in scene.orders if chunk.span.holds(o.span)), None)
        if order is not None and chunk.record_types:
            made.replies[chunk.chunk_id] = obey(order, chunk, stated, scene.prepared.document.text, rng)
        elif stated and (fault := _spoil(made, chunk, rng)):
            made.replies[chunk.chunk_id] = fault
        else:
            _corrupt(made, chunk, stated, sound)
    return made


def _spoil(made: Plan, chunk: Chunk, rng: random.Random) -> Fault | None:
    """A fault of a whole reply, if chance wants one. Orders were hidden before, at their share of the rate."""
    kinds = _reply_kinds(made.injection)
    if not kinds or rng.random() >= made.injection.rate:
        return None
    kind = rng.choice(kinds)
    if kind is FaultKind.TRUNCATED:
        return Fault(kind, rng.choice(CUT_FORMS), chunk.chunk_id)
    if kind is FaultKind.PROSE:
        return Fault(kind, rng.choice(PROSE_FORMS), chunk.chunk_id)
    if kind is FaultKind.STALE:
        return _stale(made, chunk, rng)
    return None


def _stale(made: Plan, chunk: Chunk, rng: random.Random) -> Fault | None:
    """The reply of another chunk, the one before or behind it as likely as all others together."""
    others = [c for c in made.scene.prepared.chunks if c.chunk_id != chunk.chunk_id]
    beside = [c for c in others if abs(c.index - chunk.index) == 1]
    source = rng.choice(beside if beside and rng.random() < 0.5 else others) if others else None
    said = made.scene.oracle.within(source.span, source.record_types) if source else ()
    if not source or not said:
        return None
    made.stale[chunk.chunk_id] = said
    return Fault(FaultKind.STALE, "beside" if source in beside else "far", chunk.chunk_id, wrong=source.chunk_id)


def _corrupt(made: Plan, chunk: Chunk, stated: Sequence[Stated], sound: frozenset[Stated]) -> None:
    """Faults in single records of a chunk's reply."""
    for number, target in enumerate(stated):
        rng = made.injection.rng("record", made.scene.name, chunk.chunk_id, str(number))
        if rng.random() >= made.injection.rate or target not in sound:
            continue
        around = [s for s in stated if s.record_type == target.record_type]
        if fault := plant(target, around, rng, made.injection.kinds):
            made.records[target] = _with_lie(made, fault, around) if made.injection.lying else fault


def _with_lie(made: Plan, fault: Fault, around: Sequence[Stated]) -> Fault:
    """A fault with what a lying model says when it is asked again: half of the times another fault of the same kind."""
    rng = made.injection.rng("lie", made.scene.name, fault.chunk_id, fault.kind, fault.wrong)
    if fault.target is None or fault.planted is None or rng.random() < 0.5:
        return fault
    other = plant(fault.target, around, rng, (fault.kind,))
    return replace(fault, again=other.planted) if other and other.planted != fault.planted else fault


def _reply_kinds(injection: Injection) -> tuple[FaultKind, ...]:
    return tuple(kind for kind in OF_REPLIES if kind in injection.kinds)
