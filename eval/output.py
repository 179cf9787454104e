"""Eval: an evaluation as tables for the terminal, and its worst errors with their context."""

from __future__ import annotations

from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.as_json import all_counts, error_kinds, figure_counts, type_counts
from eval.comparing import ErrorKind
from eval.errors import FieldError
from eval.findings import FindingTally
from eval.gold import GoldDocument
from eval.measures import Counts, Intervals
from eval.scoring import DocumentScore, Evaluation, Share
from eval.sources import MeteredDocument, Usage
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.values import Span

CONTEXT = 40
"""Characters of the text that are shown before and after an error's place."""

_STYLE = {ErrorKind.OMITTED: "yellow", ErrorKind.TEXT_DIFFERS: "cyan", ErrorKind.WRONG_LABEL: "cyan"}


def print_evaluation(console: Console, evaluation: Evaluation) -> None:
    """The scores by record type, document and status, the errors by kind, and the findings."""
    console.print(_summary(evaluation))
    console.print(_types(evaluation))
    if evaluation.errors:
        console.print(_fields(evaluation))
    console.print(_documents(evaluation))
    console.print(_statuses(evaluation))
    kinds = ", ".join(f"{kind} {count}" for kind, count in error_kinds(evaluation).items())
    console.print(f"[bold]Errors[/]  {kinds or 'none'}")
    console.print(f"[bold]Figures read within the gold quote[/]  {_of(evaluation.placement)}")
    console.print(f"[bold]Records given to the right report[/]  {_of(evaluation.reports_right)}")
    if evaluation.quarantine_codes:
        codes = ", ".join(f"{code} {count}" for code, count in evaluation.quarantine_codes.items())
        console.print(f"[bold]Quarantined because of[/]  {codes}")
    if evaluation.unreadable:
        console.print(f"[bold]Quarantined replies that are no record[/]  {evaluation.unreadable}")
    if evaluation.failed_chunks:
        console.print(f"[bold red]Pieces of text whose reading failed[/]  {evaluation.failed_chunks}")
    usage = sum((d.predicted.usage for d in evaluation.documents if isinstance(d.predicted, MeteredDocument)), Usage())
    if usage.calls:
        console.print(f"[bold]Model[/]  {_cost(usage)}")
    if evaluation.findings is not None:
        console.print(_findings(evaluation, evaluation.findings))


def print_errors(console: Console, evaluation: Evaluation, limit: int) -> None:
    """The worst errors, each with what gold states, what was read and the passage."""
    errors = evaluation.errors
    for number, (document, error) in enumerate(errors[:limit], start=1):
        console.print(_error_line(number, document, error))
        if error.span:
            console.print(passage(document.gold, error.span))
    if len(errors) > limit:
        console.print(f"… and {len(errors) - limit} more errors; --html FILE writes them all", style="dim")


def print_findings(console: Console, evaluation: Evaluation) -> None:
    """The required findings that were missed and the false alarms, one by one."""
    for document in evaluation.documents:
        if document.findings is None:
            continue
        near = {id(p): m for m, p in document.findings.near_misses}
        for gold in document.findings.missed:
            console.print(Text.assemble((f"missed {gold.kind} ", "yellow"), f"{document.name}: {gold.message}"))
        for alarm in document.findings.false_alarms:
            why = f" (rounding explains it: {near[id(alarm)].message})" if id(alarm) in near else ""
            console.print(
                Text.assemble((f"false alarm {alarm.kind} ", "red"), f"{document.name}: {alarm.message}{why}")
            )


def passage(document: GoldDocument, span: Span, context: int = CONTEXT) -> Text:
    """A place of the text with what stands around it, on one line."""
    before = document.text[max(0, span.start - context) : span.start]
    after = document.text[span.stop : span.stop + context]
    shown = document.text[span.start : span.stop]
    if len(shown) > 3 * context:
        shown = shown[: 3 * context] + "…"
    return Text.assemble("    …", _line(before), (_line(shown), "bold reverse"), _line(after), "…")


def percent(value: Fraction | None) -> str:
    """A score as people read it: 99.9 is not rounded up to 100."""
    if value is None:
        return "—"
    tenths = value * 1000
    return f"{int(tenths) / 10:.1f}"


def _summary(evaluation: Evaluation) -> Text:
    model = f" ({evaluation.model})" if evaluation.model else ""
    return Text(f"{evaluation.source}{model} on {len(evaluation.documents)} documents, scores in %", style="bold")


def _table(title: str, first: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, no_wrap=True)
    return table


def _types(evaluation: Evaluation) -> Table:
    table = _table("By record type", "type")
    for name in ("gold", "read", "paired", "P", "R", "F1", "95 % of F1", "figures P", "R", "F1", "95 % of F1"):
        table.add_column(name, justify="right")
    for name, records in evaluation.records_by_type.items():
        counts = evaluation.by_type.get(name, Counts())
        figures = evaluation.figures_by_type.get(name, Counts())
        interval = _interval(evaluation.intervals(type_counts(name)))
        figure_interval = _interval(evaluation.intervals(type_counts(name, figures=True)))
        table.add_row(name, *map(str, records), *_scores(counts), interval, *_scores(figures), figure_interval)
    sums = [str(sum(column)) for column in zip(*evaluation.records_by_type.values(), strict=True)] or ["0"] * 3
    table.add_section()
    table.add_row(
        "all",
        *sums,
        *_scores(evaluation.counts),
        _interval(evaluation.intervals(all_counts)),
        *_scores(evaluation.figures),
        _interval(evaluation.intervals(figure_counts)),
        style="bold",
    )
    return table


def _fields(evaluation: Evaluation) -> Table:
    table = _table("By field, those without errors left out", "field")
    for name in ("right", "wrong or invented", "missed", "P", "R", "F1"):
        table.add_column(name, justify="right")
    for (record_type, field), counts in evaluation.by_field.items():
        if not counts.errors:
            continue
        table.add_row(f"{record_type}.{field}", str(counts.tp), str(counts.fp), str(counts.fn), *_scores(counts))
    return table


def _documents(evaluation: Evaluation) -> Table:
    table = _table("By document", "document")
    for name in ("P", "R", "F1", "figures P", "R", "F1", "errors", "findings", "false alarms"):
        table.add_column(name, justify="right")
    for document in evaluation.documents:
        tally = document.findings.tally() if document.findings else None
        table.add_row(
            document.name,
            *_scores(all_counts(document)),
            *_scores(figure_counts(document)),
            str(len(document.errors)),
            f"{tally.found}/{tally.required}" if tally else "—",
            str(tally.false_alarms) if tally else "—",
        )
    return table


def _statuses(evaluation: Evaluation) -> Table:
    table = _table("What acceptance is worth", "status")
    for name in ("records", "without error", "precision", "of all gold", "figures precision", "wrong figures"):
        table.add_column(name, justify="right")
    for score in evaluation.statuses:
        table.add_row(
            score.status.value,
            str(score.records),
            str(score.whole_records),
            percent(score.counts.precision),
            percent(score.counts.recall),
            percent(score.figures.precision),
            str(score.figures.fp),
        )
    return table


def _findings(evaluation: Evaluation, total: FindingTally) -> Table:
    table = _table("Findings", "kind")
    for name in ("required", "found", "optional found", "false alarms", "of them near misses"):
        table.add_column(name, justify="right")
    for kind in FindingKind:
        tally = sum((d.findings.tally(kind) for d in evaluation.documents if d.findings), FindingTally())
        if tally != FindingTally():
            table.add_row(kind.value, *_tally(tally))
    table.add_section()
    table.add_row("all", *_tally(total), style="bold")
    return table


def _cost(usage: Usage) -> str:
    failed = f" ({usage.failed} without a usable reply)" if usage.failed else ""
    tokens = f"{usage.prompt_tokens} tokens read, {usage.completion_tokens} written"
    return f"{usage.calls} calls{failed}, {tokens}, {usage.seconds:.0f} seconds"


def _tally(tally: FindingTally) -> list[str]:
    return [str(n) for n in (tally.required, tally.found, tally.optional_found, tally.false_alarms, tally.near_misses)]


def _error_line(number: int, document: DocumentScore, error: FieldError) -> Text:
    cell = error.cell
    term = next(f.term for f in RECORD_TYPES[cell.record_type].fields if f.name == cell.field)
    line = Text.assemble(
        f"{number}. ",
        (error.kind.value, _STYLE.get(error.kind, "red")),
        f"  {document.name}  {cell.record_type}.{cell.field} ({term})  ",
        (_line(cell.pairing.item.label)[:40], "bold"),
    )
    if error.stated:
        line.append(f"  gold {_short(error.stated.expected)}")
    if error.read:
        line.append(f"  read {_short(error.read.found)}")
    if error.belongs:
        line.append(f"  belongs to {error.belongs.record_type}.{error.belongs.field}")
    if cell.status:
        line.append(f"  [{cell.status.value}]", style="dim")
    return line


def _scores(counts: Counts) -> list[str]:
    return [percent(counts.precision), percent(counts.recall), percent(counts.f1)]


def _interval(intervals: Intervals) -> str:
    return f"{percent(intervals.f1[0])}–{percent(intervals.f1[1])}" if intervals.f1 else "—"


def _of(share: Share) -> str:
    return f"{share.part} of {share.whole} ({percent(Fraction(share.part, share.whole))} %)" if share.whole else "—"


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str | None) -> str:
    flat = _line(text or "")
    return flat if len(flat) <= 60 else flat[:60] + "…"
