"""Extraction: what a reading of a document is worth so far: grounded, checked, and what it leaves unclaimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.acceptance import WITNESS
from pipeline.checking import check
from pipeline.coverage import unclaimed
from pipeline.evidence import Evidence
from pipeline.flow import Chunk, Document, Draft, Finding, Grounded, Layout, Rejection, Unclaimed, Verdict
from pipeline.grounding import ground_all
from pipeline.merging import merge_reports


@dataclass(frozen=True, slots=True)
class Cell:
    """A grounded figure of a record."""

    grounded: Grounded
    field: str

    @property
    def value(self) -> str:
        """The figure as it is printed."""
        literal = self.grounded.literal(self.field)
        return literal.printed if literal else ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading with its evidence: grounded records, those that are not, findings, and what no record claims."""

    grounded: tuple[Grounded, ...]
    rejected: tuple[Rejection, ...]
    findings: tuple[Finding, ...]
    unclaimed: tuple[Unclaimed, ...]

    def accused(self) -> tuple[Cell, ...]:
        """The cells that arithmetic speaks against, each once, in the order of the records."""
        named = {
            (literal.record_id, literal.field)
            for finding in self.findings
            if finding.verdict is Verdict.INCONSISTENT
            for literal in finding.literals
            if literal.record_id and literal.field and literal.role != WITNESS
        }
        return tuple(
            Cell(g, literal.field)
            for g in self.grounded
            for literal in g.literals
            if (g.record_id, literal.field) in named
        )


def judge(
    evidence: Evidence, document: Document, layout: Layout, chunks: Sequence[Chunk], drafts: Sequence[Draft]
) -> Judged:
    """What drafts are worth."""
    grounded, rejected = ground_all(evidence, chunks, merge_reports(drafts))
    findings = tuple(check(document, layout, grounded))
    return Judged(grounded, rejected, findings, unclaimed(document, layout, chunks, grounded, evidence))
