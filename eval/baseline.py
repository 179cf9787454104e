"""Eval: the gate; what each document and record type scored when last agreed on, below which no change may fall."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.as_json import type_counts
from eval.measures import Counts
from eval.scoring import DocumentScore, Evaluation

BASELINE = Path(__file__).with_name("baseline.json")
"""The baseline that changes are held to."""

Natural = Annotated[int, Field(ge=0)]


class BaselineError(Exception):
    """A baseline that cannot be read: says why and what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Score(_Part):
    """Counts of a record type in a document: right, wrong or invented, missed."""

    tp: Natural
    fp: Natural
    fn: Natural

    @property
    def counts(self) -> Counts:
        """The same as counts."""
        return Counts(self.tp, self.fp, self.fn)


class TypeBaseline(_Part):
    """A record type in a document: all its fields, and figures alone."""

    all: Score
    figures: Score


_NOTHING = TypeBaseline(all=Score(tp=0, fp=0, fn=0), figures=Score(tp=0, fp=0, fn=0))


class FindingBaseline(_Part):
    """The findings in a document."""

    required: Natural
    found: Natural
    false_alarms: Natural


class DocumentBaseline(_Part):
    """A document; ``gold_sha256`` tells which version of its gold was scored."""

    gold_sha256: str
    types: dict[str, TypeBaseline]
    findings: FindingBaseline


class Baseline(_Part):
    """What every source (an extractor, or an extractor with its model) scored, by document."""

    sources: dict[str, dict[str, DocumentBaseline]] = Field(default_factory=dict)


def load_baseline(path: Path = BASELINE) -> Baseline:
    """The baseline of a file; an empty one where there is no file.

    Raises:
        BaselineError: the file is not a baseline.
    """
    if not path.exists():
        return Baseline()
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise BaselineError(
            f"{path}: is no baseline ({error}); restore it or write it with --update-baseline"
        ) from error


def update_baseline(evaluation: Evaluation, path: Path = BASELINE) -> None:
    """Write the scores of this evaluation into the baseline; other documents and sources keep theirs."""
    baseline = load_baseline(path)
    documents = baseline.sources.setdefault(source_key(evaluation), {})
    for document in evaluation.documents:
        documents[document.name] = _measured(document)
    baseline.sources[source_key(evaluation)] = dict(sorted(documents.items()))
    text = json.dumps(baseline.model_dump(mode="json"), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def drops(evaluation: Evaluation, path: Path = BASELINE) -> list[str]:
    """What fell below the baseline, one sentence each; empty where nothing did.

    A document fails if the F1 of a record type fell (over all fields, or over figures alone), if fewer required
    findings are found, if there are more false alarms, if its gold changed, or if the baseline does not know it.
    """
    known = load_baseline(path).sources.get(source_key(evaluation), {})
    found: list[str] = []
    for document in evaluation.documents:
        if document.name in known:
            fallen = _document_drops(document, known[document.name], evaluation.record_types)
            found.extend(f"{document.name}: {drop}" for drop in fallen)
        else:
            found.append(f"{document.name}: no baseline for {source_key(evaluation)}; write one with --update-baseline")
    return found


def source_key(evaluation: Evaluation) -> str:
    """The name under which a baseline is kept: the extractor, with its model where it has one."""
    return f"{evaluation.source}:{evaluation.model}" if evaluation.model else evaluation.source


def _measured(document: DocumentScore) -> DocumentBaseline:
    names = dict.fromkeys(p.record_type for p in document.pairings)
    tally = document.findings.tally() if document.findings else None
    return DocumentBaseline(
        gold_sha256=document.gold.gold_sha256,
        types={
            name: TypeBaseline(
                all=_score(type_counts(name)(document)),
                figures=_score(type_counts(name, figures=True)(document)),
            )
            for name in names
        },
        findings=FindingBaseline(
            required=tally.required if tally else 0,
            found=tally.found if tally else 0,
            false_alarms=tally.false_alarms if tally else 0,
        ),
    )


def _document_drops(document: DocumentScore, known: DocumentBaseline, record_types: Sequence[str]) -> Iterator[str]:
    if known.gold_sha256 != document.gold.gold_sha256:
        yield "its gold changed since the baseline was written; look at the scores, then --update-baseline"
        return
    for name in record_types:
        before = known.types.get(name, _NOTHING)
        for group, was, now in (
            ("all fields", before.all.counts, type_counts(name)(document)),
            ("figures", before.figures.counts, type_counts(name, figures=True)(document)),
        ):
            if _f1(now) < _f1(was):
                yield f"{name}, {group}: F1 fell from {_shown(was)} to {_shown(now)}"
            elif not now.tp and now.fp > was.fp:
                yield f"{name}, {group}: {now.fp} wrong or invented values, {was.fp} before"
    if document.findings is not None:
        tally = document.findings.tally()
        if tally.found < known.findings.found:
            yield f"findings: {tally.found} of {tally.required} required ones found, {known.findings.found} before"
        if tally.false_alarms > known.findings.false_alarms:
            yield f"findings: {tally.false_alarms} false alarms, {known.findings.false_alarms} before"


def _score(counts: Counts) -> Score:
    return Score(tp=counts.tp, fp=counts.fp, fn=counts.fn)


def _f1(counts: Counts) -> Fraction:
    return Fraction(1) if counts.f1 is None else counts.f1


def _shown(counts: Counts) -> str:
    return f"{float(_f1(counts)):.4f} ({counts.tp} right, {counts.fp} wrong or invented, {counts.fn} missed)"
