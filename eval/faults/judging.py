"""Fault injection: what became of each fault of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eval.faults.audit import Kept, audit
from eval.faults.kinds import Fault, FaultKind, Outcome, Payload, Stated
from eval.faults.oracle import as_read
from eval.faults.planning import Plan, Scene
from eval.faults.reasons import reason_of, unseen_reason
from pipeline.acceptance import WITNESS
from pipeline.extraction.llm.repairing import INVALID
from pipeline.flow import Finding, OutcomeStatus, Status, Unclaimed, Verdict
from pipeline.store import Reading
from schemas.values import Span


@dataclass(frozen=True, slots=True, eq=False)
class Escape:
    """A wrong record that was kept, or a record that is missing without a trace, and why nothing stopped it."""

    document: str
    fault: Fault | None
    record: str
    field: str
    true: str
    wrong: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A fault and what became of it.

    ``code`` is the reason of a rejection, the kind of a finding, or how a fault was repaired; ``lost`` counts the good
    records that it cost, ``unseen`` those of them that nothing shows to be missing.
    """

    document: str
    fault: Fault
    outcome: Outcome
    code: str
    lost: int
    unseen: int
    escapes: tuple[Escape, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """All about one document in one repetition.

    ``figures`` counts the figures of kept records (those apart that a finding of the fault's own accuses),
    ``wrong_figures`` those that are wrong; ``stray`` are wrong records that neither a fault nor the reading without
    faults explains; ``lost`` counts good records whose loss no fault in their chunk explains.
    """

    judged: tuple[Judged, ...]
    figures: int
    wrong_figures: int
    stray: tuple[Escape, ...]
    lost: int


@dataclass(frozen=True)
class Clean:
    """A scene read without a fault: what is kept then, and what the reading leaves unclaimed and finds."""

    scene: Scene
    reading: Reading
    kept: tuple[Kept, ...]

    @property
    def sound(self) -> frozenset[Stated]:
        """The records that are kept as they should be."""
        return frozenset(k.truth for k in self.kept if k.truth and k.right)

    def figures_of(self, stated: Stated) -> tuple[Span, ...]:
        """Where the figures of a sound record stand."""
        kept = next((k for k in self.kept if k.truth is stated), None)
        return tuple(x.span for x in kept.decision.grounded.literals) if kept else ()


_IN_PLACE = frozenset(FaultKind) - {FaultKind.INVENTED, FaultKind.DUPLICATED, FaultKind.STALE}
"""Faults that leave nothing wrong where their target is kept as it should be; the others say more than the target."""


def clean(scene: Scene, reading: Reading) -> Clean:
    """What a reading without faults says of a scene."""
    return Clean(scene, reading, audit(reading.decisions, scene.oracle.stated))


def judge(plan: Plan, clean: Clean, reading: Reading) -> Verdicts:
    """What became of every fault of a document."""
    return _Judge(plan, clean, reading).verdicts()


class _Judge:
    def __init__(self, plan: Plan, clean: Clean, reading: Reading) -> None:
        self.plan, self.clean, self.reading = plan, clean, reading
        self.kept = audit(reading.decisions, plan.scene.oracle.stated)
        self.right = {k.truth for k in self.kept if k.right}
        known = {_key(f) for f in clean.reading.findings}
        self.fresh = {
            x.record_id: finding.kind.value
            for finding in reading.findings
            if finding.verdict is Verdict.INCONSISTENT and _key(finding) not in known
            for x in finding.literals
            if x.record_id and x.role != WITNESS
        }
        before = {_entry(u) for u in clean.reading.unclaimed}
        self.unclaimed = [u for u in reading.unclaimed if _entry(u) not in before]
        ended = {o.chunk_id: o.status for o in clean.reading.extraction.outcomes}
        self.failed = {
            o.chunk_id
            for o in reading.extraction.outcomes
            if o.status is OutcomeStatus.FAILED or (o.status is OutcomeStatus.EMPTY and o.status != ended[o.chunk_id])
        }

    def verdicts(self) -> Verdicts:
        wrong = {k: self._fault_of(k) for k in self.kept if not k.right}
        lost = self._lost()
        judged = tuple(
            self._judged(fault, [k for k, f in wrong.items() if f is fault], lost.get(fault, ()))
            for fault in self.plan.faults
        )
        before = {(k.decision.grounded.record, k.differences) for k in self.clean.kept if not k.right}
        strays = [
            k
            for k, f in wrong.items()
            if f is None and not self._accused(k) and (k.decision.grounded.record, k.differences) not in before
        ]
        open_ = [k for k in self.kept if not self._accused(k)]
        return Verdicts(
            judged,
            sum(k.figures for k in open_),
            sum(k.wrong_figures for k in open_),
            tuple(e for k in strays for e in self._escapes(None, k)),
            len(lost.get(None, ())),
        )

    def _fault_of(self, kept: Kept) -> Fault | None:
        """The fault that a wrong record comes from: one of its chunk that said it, else any of its chunk and type."""
        draft = kept.decision.grounded.draft
        near = [f for f in self.plan.faults if f.chunk_id == draft.chunk_id]
        said = [f for f in near if any(w[0] == draft.record_type and as_read(*w) == draft.record for w in f.wrongs)]
        other = [f for f in near if f.kind is FaultKind.STALE or (f.planted and f.planted[0] == draft.record_type)]
        return next(iter(said or other), None)

    def _accused(self, kept: Kept) -> bool:
        """Whether a finding that is not there without the faults involves a record."""
        return kept.decision.status is Status.FLAGGED and kept.decision.grounded.record_id in self.fresh

    def _lost(self) -> dict[Fault | None, list[Stated]]:
        """Good records that are kept without the faults and not with them, by the fault in their chunk."""
        found: dict[Fault | None, list[Stated]] = {}
        for stated in self.clean.sound:
            own = self.plan.records.get(stated)
            if stated in self.right or (own and own.kind not in {FaultKind.INVENTED, FaultKind.DUPLICATED}):
                continue
            chunk = stated.chunk_id
            of_chunk = [
                f for f in self.plan.faults if f.chunk_id == chunk and not (f.target is stated and f.kind.of_reply)
            ]
            if any(f.target is stated and f.kind.of_reply for f in self.plan.faults):
                continue
            found.setdefault(own or next(iter(of_chunk), None), []).append(stated)
        return found

    def _judged(self, fault: Fault, wrong: Sequence[Kept], lost: Sequence[Stated]) -> Judged:
        escapes = tuple(e for k in wrong if not self._accused(k) for e in self._escapes(fault, k))
        accused = [self.fresh[k.decision.grounded.record_id] for k in wrong if self._accused(k)]
        if escapes:
            outcome, code = Outcome.ESCAPED, ""
        elif accused:
            outcome, code = Outcome.ARITHMETIC, accused[0]
        else:
            outcome, code = self._stopped(fault, lost)
        if outcome is Outcome.UNSEEN:
            escapes = tuple(self._missing(fault, lost))
        unseen = sum(not self._visible(s) for s in lost)
        return Judged(self.plan.scene.name, fault, outcome, code, len(lost), unseen, escapes)

    def _stopped(self, fault: Fault, lost: Sequence[Stated]) -> tuple[Outcome, str]:
        """What stopped a fault that left nothing wrong among the kept records."""
        if fault.kind in {FaultKind.DROPPED, FaultKind.TRUNCATED, FaultKind.PROSE}:
            return self._missed(fault, [fault.target] if fault.kind is FaultKind.DROPPED and fault.target else lost)
        code = self._rejected(fault)
        mended = fault.target in self.right if fault.kind in _IN_PLACE else fault.kind is FaultKind.STALE and not lost
        if mended and code in {None, INVALID}:
            return Outcome.REPAIRED, ""
        if code is not None:
            return (Outcome.VALIDATION if code == INVALID else Outcome.GROUNDING), code
        if fault.planted and fault.planted[0] == "reports":
            return Outcome.REPAIRED, "merged"
        return Outcome.UNSEEN, ""

    def _missed(self, fault: Fault, missing: Sequence[Stated]) -> tuple[Outcome, str]:
        """What showed that records are missing."""
        if not missing:
            return Outcome.REPAIRED, ""
        if not all(self._visible(stated) for stated in missing):
            return Outcome.UNSEEN, ""
        return Outcome.COMPLETENESS, "chunk failed" if fault.chunk_id in self.failed else "unclaimed"

    def _rejected(self, fault: Fault) -> str | None:
        """The code that a fault's record was rejected with."""
        here = [r for r in self.reading.quarantined if r.chunk_id == fault.chunk_id]
        if fault.kind is FaultKind.STALE:
            return next((r.code for r in here), None)
        codes = (self._rejected_as(fault.chunk_id, *said) for said in reversed(fault.wrongs))
        return next((code for code in codes if code), None)

    def _rejected_as(self, chunk_id: str, record_type: str, payload: Payload) -> str | None:
        """The code that a record was rejected with."""
        here = [r for r in self.reading.quarantined if r.chunk_id == chunk_id]
        read = as_read(record_type, payload)
        if read is None:
            return next((r.code for r in here if r.code == INVALID and r.record_type == record_type), None)
        chunk = self.plan.scene.chunk_of(chunk_id)
        if record_type not in chunk.record_types:
            return INVALID
        dumped = read.model_dump_json()
        return next((r.code for r in here if r.record_type == record_type and r.payload == dumped), None)

    def _visible(self, stated: Stated) -> bool:
        """Whether the balance of the reading shows that a record is missing."""
        if stated.chunk_id in self.failed:
            return True
        places = (stated.item.span or stated.span, *self.clean.figures_of(stated))
        return any(u.span.overlaps(p) for u in self.unclaimed for p in places)

    def _missing(self, fault: Fault, lost: Sequence[Stated]) -> Iterator[Escape]:
        gone = [fault.target] if fault.kind is FaultKind.DROPPED and fault.target else lost
        for stated in gone:
            if not self._visible(stated):
                reason = unseen_reason(self.clean.figures_of(stated), self.reading)
                yield Escape(self.plan.scene.name, fault, stated.item.label, "", fault.true, "", "missing", reason)

    def _escapes(self, fault: Fault | None, kept: Kept) -> Iterator[Escape]:
        """One for each wrong field of a kept record; one for a record that has no right to be there."""
        draft = kept.decision.grounded.draft
        label = f"{draft.record_type} {kept.truth.item.label if kept.truth else from_quote(kept)}"
        status = kept.decision.status.value
        name = self.plan.scene.name
        if kept.truth is None:
            true, wrong = (fault.true, fault.wrong) if fault else ("", "")
            reason = reason_of(self.clean.scene.evidence, kept, fault, None)
            yield Escape(name, fault, label, "", true, wrong, status, reason)
        for d in kept.differences:
            reason = reason_of(self.clean.scene.evidence, kept, fault, d)
            yield Escape(name, fault, label, d.field, d.true, d.kept, status, reason)


def from_quote(kept: Kept) -> str:
    """What names a kept record that stands for no gold record."""
    return kept.decision.grounded.record.quote[:30]


def _key(finding: Finding) -> tuple[object, ...]:
    """What makes two findings the same: the relation and its figures' parts and places, whatever records hold them."""
    return finding.kind, finding.relation, finding.stated, tuple((x.role, x.span) for x in finding.literals)


def _entry(entry: Unclaimed) -> tuple[str, Span]:
    return entry.kind, entry.span


def escapes(judged: Iterable[Judged]) -> tuple[Escape, ...]:
    """All escapes of some faults."""
    return tuple(e for j in judged for e in j.escapes)
