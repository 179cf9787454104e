"""Eval: the score of a document, and of all documents of an evaluation together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from eval.cells import Cell, cells_of, tally
from eval.errors import FieldError, errors_of
from eval.findings import FindingScore, FindingTally, score_findings
from eval.gold import GoldDocument
from eval.matching import Pairing, pair
from eval.measures import Counts, Intervals, bootstrap, total
from eval.predicted import PredictedDocument
from pipeline.flow import Status
from schemas.registry import RECORD_TYPES


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True)
class StatusScore:
    """What the records of a status are worth: their values right and wrong, of all that gold states.

    ``counts.fn`` is what gold states beyond the values that these records have right. ``whole_records`` are those
    that stand for a gold record and have no error.
    """

    status: Status
    records: int
    whole_records: int
    counts: Counts
    figures: Counts


@dataclass(frozen=True)
class DocumentScore:
    """A document's pairings, cells and errors; ``quarantined`` pairs what was quarantined with what was missing."""

    gold: GoldDocument
    predicted: PredictedDocument
    pairings: tuple[Pairing, ...]
    quarantined: tuple[Pairing, ...]
    findings: FindingScore | None

    @property
    def name(self) -> str:
        """The document's name."""
        return self.gold.name

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of what was accepted or flagged, and of what was missed."""
        return tuple(c for p in self.pairings for c in cells_of(p))

    @cached_property
    def quarantined_cells(self) -> tuple[Cell, ...]:
        """The cells of what was quarantined."""
        return tuple(c for p in self.quarantined if p.predicted for c in cells_of(p))

    @cached_property
    def errors(self) -> tuple[FieldError, ...]:
        """What is wrong, worst first."""
        return errors_of(self.cells)

    @cached_property
    def reports_right(self) -> Share:
        """Paired records that were given to the right report, report ids translated by the reports that were paired."""
        ids = {
            p.predicted.report_id: p.gold.report_id
            for p in self.pairings
            if p.record_type == "reports" and p.gold and p.predicted
        }
        pairs = [(p.gold, p.predicted) for p in self.pairings if p.record_type != "reports" and p.gold and p.predicted]
        right = sum(ids.get(p.report_id, p.report_id) == g.report_id for g, p in pairs)
        return Share(right, len(pairs))

    @cached_property
    def placement(self) -> Share:
        """Predicted figures that overlap the gold quote, of those in paired records whose gold quote prints theirs."""
        inside = whole = 0
        for cell in self.cells:
            gold, predicted = cell.pairing.gold, cell.pairing.predicted
            if gold and gold.span and predicted and cell.field in gold.places and cell.field in predicted.places:
                whole += 1
                inside += gold.span.overlaps(predicted.places[cell.field])
        return Share(inside, whole)

    def status_score(self, status: Status) -> StatusScore:
        """The score of the records of one status."""
        quarantined = status is Status.QUARANTINED
        pairings = self.quarantined if quarantined else self.pairings
        own = [p for p in pairings if p.predicted and p.predicted.status is status]
        cells = [c for c in (self.quarantined_cells if quarantined else self.cells) if c.status is status]
        wrong = {id(c.pairing) for c in cells if c.kind is not None}
        return StatusScore(
            status,
            len(own),
            sum(p.gold is not None and id(p) not in wrong for p in own),
            _of_all(total(c.counts for c in cells), total(c.counts for c in self.cells)),
            _of_all(total(c.figure_counts for c in cells), total(c.figure_counts for c in self.cells)),
        )


@dataclass(frozen=True)
class Evaluation:
    """The scores of all documents; ``source`` says what was scored (an extractor's name, a database, gold)."""

    source: str
    model: str | None
    record_types: tuple[str, ...]
    documents: tuple[DocumentScore, ...]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of all documents."""
        return tuple(c for d in self.documents for c in d.cells)

    @cached_property
    def counts(self) -> Counts:
        """All fields together (micro average)."""
        return total(c.counts for c in self.cells)

    @cached_property
    def figures(self) -> Counts:
        """Figures alone: numbers with their units, whatever the rest of a value."""
        return total(c.figure_counts for c in self.cells)

    @cached_property
    def by_type(self) -> dict[str, Counts]:
        """All fields by record type."""
        return self._in_order(tally(self.cells, lambda c: c.record_type))

    @cached_property
    def figures_by_type(self) -> dict[str, Counts]:
        """Figures alone by record type."""
        return self._in_order(tally(self.cells, lambda c: c.record_type, figures=True))

    @cached_property
    def by_field(self) -> dict[tuple[str, str], Counts]:
        """By record type and field."""
        found = tally(self.cells, lambda c: (c.record_type, c.field))
        order = [(t, f.name) for t in self.record_types for f in RECORD_TYPES[t].fields]
        return {key: found[key] for key in order if key in found}

    @property
    def records_by_type(self) -> dict[str, tuple[int, int, int]]:
        """By record type: gold records, predicted records, pairs."""
        found = dict.fromkeys(self.record_types, (0, 0, 0))
        for pairing in (p for d in self.documents for p in d.pairings):
            gold, predicted, pairs = found[pairing.record_type]
            has_gold, has_predicted = pairing.gold is not None, pairing.predicted is not None
            found[pairing.record_type] = (
                gold + has_gold,
                predicted + has_predicted,
                pairs + (has_gold and has_predicted),
            )
        return {t: n for t, n in found.items() if n != (0, 0, 0)}

    @property
    def errors(self) -> tuple[tuple[DocumentScore, FieldError], ...]:
        """What is wrong in all documents, worst first."""
        return tuple(sorted(((d, e) for d in self.documents for e in d.errors), key=lambda pair: pair[1].weight))

    @property
    def statuses(self) -> tuple[StatusScore, ...]:
        """The scores of each status, statuses without records left out."""
        scores = [[d.status_score(s) for d in self.documents] for s in Status]
        return tuple(merged for rows in scores if (merged := _merged(rows)).records)

    @property
    def unreadable(self) -> int:
        """Quarantined payloads that are no record at all."""
        return sum(d.predicted.unreadable for d in self.documents)

    @property
    def quarantine_codes(self) -> dict[str, int]:
        """Why records were quarantined, the most frequent reason first."""
        return dict(Counter(c for d in self.documents for c in d.predicted.codes).most_common())

    @property
    def failed_chunks(self) -> int:
        """Pieces of the texts whose reading failed."""
        return sum(d.predicted.failed_chunks for d in self.documents)

    @property
    def reports_right(self) -> Share:
        """Paired records that were given to the right report."""
        return sum((d.reports_right for d in self.documents), Share())

    @property
    def placement(self) -> Share:
        """Predicted figures that overlap the gold quote."""
        return sum((d.placement for d in self.documents), Share())

    @property
    def findings(self) -> FindingTally | None:
        """The findings of all documents; None where findings were not scored."""
        tallies = [d.findings.tally() for d in self.documents if d.findings]
        return sum(tallies, FindingTally()) if tallies else None

    def intervals(self, count: Callable[[DocumentScore], Counts]) -> Intervals:
        """Bootstrap intervals of what ``count`` counts in each document."""
        return bootstrap([count(d) for d in self.documents])

    def _in_order(self, found: dict[str, Counts]) -> dict[str, Counts]:
        return {t: found[t] for t in self.record_types if t in found}


def score_document(
    gold: GoldDocument, predicted: PredictedDocument, record_types: Sequence[str] = tuple(RECORD_TYPES)
) -> DocumentScore:
    """Score one document; findings are scored only with all record types, for they belong to none."""
    pairings: list[Pairing] = []
    quarantined: list[Pairing] = []
    for record_type in record_types:
        pairs = pair(record_type, gold.of_type(record_type), predicted.kept(record_type))
        pairings += pairs
        missing = [p.gold for p in pairs if p.gold and not p.predicted]
        quarantined += pair(record_type, missing, predicted.quarantined(record_type))
    findings = score_findings(gold, predicted.findings) if set(record_types) == set(RECORD_TYPES) else None
    return DocumentScore(gold, predicted, tuple(pairings), tuple(quarantined), findings)


def evaluate(
    pairs: Iterable[tuple[GoldDocument, PredictedDocument]],
    source: str,
    model: str | None = None,
    record_types: Sequence[str] = tuple(RECORD_TYPES),
) -> Evaluation:
    """Score documents against what was extracted from them."""
    scores = tuple(score_document(gold, predicted, record_types) for gold, predicted in pairs)
    return Evaluation(source, model, tuple(record_types), scores)


def _of_all(own: Counts, everything: Counts) -> Counts:
    return Counts(own.tp, own.fp, everything.tp + everything.fn - own.tp)


def _merged(scores: Sequence[StatusScore]) -> StatusScore:
    return StatusScore(
        scores[0].status,
        sum(s.records for s in scores),
        sum(s.whole_records for s in scores),
        total(s.counts for s in scores),
        total(s.figures for s in scores),
    )
