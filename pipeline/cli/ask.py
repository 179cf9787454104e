"""The command line: questions to a database (show, trace)."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from pipeline.cli.show import console, plain, table
from pipeline.store import ClaimTrace, FindingTrace, Store, StoreError, Trace, TracedReview

Database = Annotated[Path, typer.Option(help="The DuckDB file.")]


def show_command(
    name: Annotated[str | None, typer.Argument(help="A table or view; without it, all of them.")] = None,
    *,
    db: Database,
) -> None:
    """Show what the database holds: its tables and views, or the columns of one, each explained."""
    with Store.open(db, read_only=True) as store:
        result = store.show(name)
    table(name, result.columns, result.rows)


def trace_command(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A record_id of v_values, a finding_id of v_findings or a claim_id of v_quarantine."
        ),
    ],
    *,
    db: Database,
    field: Annotated[
        str | None, typer.Option(help="A field of the record, as v_values names it: its figure alone is marked.")
    ] = None,
) -> None:
    """Show where a record comes from: file, page, line, sentence with its figures marked, chunk, model call, checks, reviews.

    Of a finding: every figure that it names, in one document or in two, with the text around it. Of a claim: why it is in
    quarantine, and what was claimed.
    """
    with Store.open(db, read_only=True) as store:
        finding = store.trace_finding(id_)
        if finding is not None:
            _show_finding(finding)
            return
        claim = store.trace_claim(id_)
        if claim is not None:
            _show_claim(claim)
            return
        found = store.trace(id_)
    if field is not None:
        found = _of_field(found, field)
    console().print(_heading(found))
    console().print(_sentence(found))
    if found.literals:
        paged = any(x.printed_at for x in found.literals)
        scanned = any(x.ocr_confidence is not None for x in found.literals)
        rows = [
            (x.field, x.printed, x.value, x.unit, x.unit_source, x.yuan, x.line, x.start, x.stop)
            + ((", ".join(map(str, x.printed_at)),) if paged else ())
            + ((x.ocr_confidence,) if scanned else ())
            for x in found.literals
        ]
        columns = ("field", "printed", "value", "unit", "unit from", "yuan", "line", "start", "stop")
        more = (*(["printed at"] if paged else []), *(["OCR confidence"] if scanned else []))
        table("Figures", (*columns, *more), rows)
    table("Fields", ("field", "value"), [(k, v) for k, v in found.values.items() if v is not None])
    if found.promises:
        rows = [(p.relation, ", ".join(p.fields), p.outcome, ", ".join(p.missing)) for p in found.promises]
        table("Checks between its own figures", ("check", "figures", "outcome", "not printed"), rows)
    if found.findings:
        rows = [(f.kind, f.severity, f.verdict, f.message, f.suggestion or "") for f in found.findings]
        table("Findings that involve it", ("kind", "severity", "verdict", "message", "suggestion"), rows)
    _show_origin(found)


def _show_origin(found: Trace | ClaimTrace) -> None:
    """The chunk and calls that something was read from, and what people decided about it."""
    if found.chunk:
        place = " › ".join(found.chunk.path) or "top"
        console().print(Text(f"chunk {found.chunk.chunk_id} ({found.chunk.status}): {place}"))
    for call in found.calls:
        console().print(Text(f"call {call.call_id}: model {call.model}, prompt {call.prompt_hash}, {call.status}"))
    for review in found.reviews:
        console().print(Text(_review(review)))


def _show_claim(found: ClaimTrace) -> None:
    """What a quarantined record claims, and why it was not accepted."""
    place = _shown(found.path) + (f":{found.line}" if found.line else "")
    console().print(
        Text.assemble(
            (f"{found.record_type} {found.claim_id}", "bold"), f"  quarantined, read by {found.extractor}\n{place}"
        )
    )
    table("Why it was not accepted", ("code", "reason"), found.reasons)
    table("Claimed", ("field", "value"), [(k, _bare(v)) for k, v in _fields(found.payload).items() if v is not None])
    if found.raw is not None:
        console().print(Text.assemble(("raw reply ", "bold"), found.raw))
    _show_origin(found)


def _fields(payload: str) -> dict[str, Any]:
    """The fields of a claim; the whole of one that is no JSON object."""
    with suppress(ValueError):
        found = json.loads(payload)
        if isinstance(found, dict):
            return found
    return {"payload": payload}


def _of_field(found: Trace, field: str) -> Trace:
    """A trace with the figure of one field alone.

    Raises:
        StoreError: the record prints no figure of this field.
    """
    kept = tuple(x for x in found.literals if x.field == field)
    if not kept:
        there = ", ".join(dict.fromkeys(x.field for x in found.literals)) or "none"
        raise StoreError(f"Record {found.record_id} prints no figure of the field {field}: it prints {there}.")
    return replace(found, literals=kept)


def _review(review: TracedReview) -> str:
    """A decision in one line, a correction with each field that it changed."""
    said = f"review by {review.reviewer} at {plain(review.reviewed_at)}: {review.decision}, {review.state}"
    before, after = json.loads(review.before), json.loads(review.after or "null")
    if isinstance(before, dict) and isinstance(after, dict):
        changed = [n for n in after if after[n] != before.get(n)]
        said += "".join(f"; {n}: {_bare(before.get(n))} → {_bare(after[n])}" for n in changed)
    return f"{said} ({review.reason})" if review.reason else said


def _bare(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _show_finding(found: FindingTrace) -> None:
    """A finding's sentences and its figures where they stand."""
    finding = found.finding
    console().print(Text.assemble((f"finding {finding.finding_id}", "bold"), f"  {finding.kind}, {finding.severity}"))
    for line in (finding.message, finding.message_en, finding.suggestion, finding.suggestion_en):
        if line:
            console().print(Text(line))
    for place in found.places:
        paper = "".join(f"  {printed}" for printed in place.printed_at)
        sure = "" if place.ocr_confidence is None else f"  OCR confidence {place.ocr_confidence}"
        console().print(Text.assemble((place.role, "bold"), f"  {_shown(place.path)}:{place.line}{paper}{sure}"))
        sentence = Text.assemble((place.before, "dim"), (place.printed, "not dim bold reverse"), (place.after, "dim"))
        console().print(sentence)
        if place.record_id:
            console().print(Text(f"record {place.record_id}, {place.field}", style="dim"))


def _shown(path: str) -> str:
    """A path as seen from the working folder, where it lies below it."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def _heading(found: Trace) -> Text:
    return Text.assemble(
        (f"{found.record_type} {found.record_id}", "bold"),
        f"  {found.status}, read by {found.extractor}\n{_shown(found.path)}:{found.line}",
        "".join(f"  {place}" for place in found.printed_at),
    )


def _sentence(found: Trace) -> Text:
    """The quote with some text around it; the record's figures are marked wherever in it they stand."""
    text = Text.assemble((found.before, "dim"), found.quote, (found.after, "dim"))
    first = found.quote_start - len(found.before)
    for literal in found.literals:
        if first <= literal.start and literal.stop <= first + len(text):
            text.stylize("not dim bold reverse", literal.start - first, literal.stop - first)
    return text
