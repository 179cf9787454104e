"""Fault injection: the result as tables for the terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.faults.judging import Clean, Escape
from eval.faults.kinds import Outcome
from eval.faults.planning import Injection
from eval.faults.tally import KindTally, Rate
from eval.faults.trials import Trials
from pipeline.flow import Status

FORMAT = "jixiao-faults/1"
_COLUMNS = (
    *((o, o.value) for o in Outcome if o not in {Outcome.ESCAPED, Outcome.UNSEEN}),
    (Outcome.ESCAPED, "escaped"),
    (Outcome.UNSEEN, "unseen"),
)


def print_trials(console: Console, trials: Trials, injection: Injection) -> None:
    """The oracle's own score, the faults by kind, the escaped-error rate, and everything that escaped."""
    console.print(_clean(trials.clean))
    console.print(_kinds(trials))
    report = trials.report
    console.print(
        f"[bold]Escaped-error rate[/]  {report.figures.part} of {report.figures.whole} figures in kept records are "
        f"wrong: {percent(report.figures.share)} (at most {percent(report.figures.upper)} with 95 % confidence), "
        f"where {percent(injection.rate)} of the answers are corrupted; {trials.repetitions} repetitions "
        f"from seed {injection.seed}",
        highlight=False,
        soft_wrap=True,
    )
    if report.lost_unexplained:
        console.print(f"[bold]Good records lost without a fault in their piece[/]  {report.lost_unexplained}")
    for number, escape in enumerate(report.escapes, start=1):
        console.print(_escape(number, escape), soft_wrap=True)
    if not report.escapes:
        console.print("nothing escaped")


def percent(share: float | None) -> str:
    """A share as people read it."""
    return "—" if share is None else f"{100 * share:.3g} %"


def as_json(trials: Trials, injection: Injection) -> dict[str, Any]:
    """The result for other programs; docs/eval.md describes it."""
    report = trials.report
    return {
        "format": FORMAT,
        "rate": str(injection.rate),
        "seed": injection.seed,
        "repetitions": trials.repetitions,
        "oracle": [_clean_json(c) for c in trials.clean],
        "figures": _rate_json(report.figures),
        "all": _kind_json(report.all),
        "kinds": {str(k.kind): _kind_json(k) for k in report.kinds},
        "lost_without_fault": report.lost_unexplained,
        "escapes": [_escape_json(e) for e in report.escapes],
    }


def _clean(clean: Sequence[Clean]) -> Table:
    table = _table(
        "The oracle uncorrupted", "document", "gold", "stated", "accepted", "flagged", "quarantined", "wrong"
    )
    table.add_column("quarantined because of; not stated because")
    rows = [_clean_json(c) for c in clean]
    for row in rows:
        why = [f"{code} {n}" for code, n in row["quarantined_by_code"].items()]
        why += [f"{reason} ({n})" for reason, n in row["not_stated"].items()]
        if row["figures_left_out"]:
            why.append(f"figures of another piece of the text left out ({row['figures_left_out']})")
        table.add_row(*(str(row[name]) for name in _CLEAN), "; ".join(why))
    table.add_section()
    table.add_row("all", *(str(sum(row[name] for row in rows)) for name in _CLEAN[1:]), "")
    return table


_CLEAN = ("document", "gold", "stated", "accepted", "flagged", "quarantined", "wrong")


def _clean_json(clean: Clean) -> dict[str, Any]:
    oracle, reading = clean.scene.oracle, clean.reading
    statuses = Counter(d.status for d in reading.decisions)
    return {
        "document": clean.scene.name,
        "gold": len(oracle.stated) + len(oracle.unstated),
        "stated": len(oracle.stated),
        "not_stated": dict(oracle.reasons.most_common()),
        "figures_left_out": oracle.left_out,
        "accepted": statuses[Status.ACCEPTED],
        "flagged": statuses[Status.FLAGGED],
        "quarantined": len(reading.quarantined),
        "quarantined_by_code": dict(Counter(r.code for r in reading.quarantined).most_common()),
        "wrong": sum(not k.right for k in clean.kept),
    }


def _kinds(trials: Trials) -> Table:
    table = _table("Faults", "fault", "injected", *(name for _, name in _COLUMNS), "good lost")
    for tally in (*trials.report.kinds, trials.report.all):
        if tally.kind is None:
            table.add_section()
        counts = (tally.outcomes[outcome] for outcome, _ in _COLUMNS)
        table.add_row(
            tally.kind or "all",
            str(tally.injected),
            *(str(n) if n else "·" for n in counts),
            _lost(tally),
        )
    return table


def _lost(tally: KindTally) -> str:
    """How many good records a kind of fault cost, and how many of them nothing shows."""
    return f"{tally.lost} ({tally.unseen} unseen)" if tally.unseen else str(tally.lost or "·")


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _escape(number: int, escape: Escape) -> Text:
    fault = f"{escape.fault.kind} ({escape.fault.form})" if escape.fault else "no fault"
    said = f"{escape.true or '—'} → {escape.wrong or '—'}"
    return Text.assemble(
        f"{number}. ",
        (fault, "bold red" if escape.status != "missing" else "bold yellow"),
        f"  {escape.document}  {' '.join(escape.record.split())[:60]}  {escape.field}  {said}  [{escape.status}] "
        f"passed because {escape.reason}",
    )


def _kind_json(tally: KindTally) -> dict[str, Any]:
    return {
        "injected": tally.injected,
        **{outcome.value: tally.outcomes[outcome] for outcome in Outcome},
        "escaped_rate": _rate_json(tally.escaped),
        "codes": dict(sorted(tally.codes.items())),
        "good_records_lost": tally.lost,
        "lost_unseen": tally.unseen,
    }


def _rate_json(rate: Rate) -> dict[str, Any]:
    return {"part": rate.part, "whole": rate.whole, "share": rate.share, "upper_95": rate.upper}


def _escape_json(escape: Escape) -> dict[str, Any]:
    return {
        "document": escape.document,
        "kind": str(escape.fault.kind) if escape.fault else None,
        "form": escape.fault.form if escape.fault else None,
        "record": escape.record,
        "field": escape.field,
        "true": escape.true,
        "wrong": escape.wrong,
        "status": escape.status,
        "reason": escape.reason,
    }
