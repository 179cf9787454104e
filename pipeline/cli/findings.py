"""The command line: ``jixiao findings``, where the reports contradict themselves and each other."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.show import Format, as_csv, as_json, note, table
from pipeline.cli.wrapping import Sentence
from pipeline.store import Store, StoredFinding


class Language(StrEnum):
    """The language of a finding's sentence and suggestion; figures and labels stay as the report prints them."""

    CHINESE = "zh"
    ENGLISH = "en"


SHOWN = ("document", "line", "kind", "severity", "sentence", "suggestion")
"""The columns of the table for people; csv and json have all of ``COLUMNS``."""

COLUMNS = (
    *SHOWN[:4],
    *("verdict", "sentence", "suggestion", "stated", "computed", "slack", "figures", "relation", "department", "year"),
    *("report_id", "other_document", "other_line", "start", "stop", "other_start", "other_stop", "finding_id"),
)


def findings_command(
    *,
    db: Annotated[Path, typer.Option(help="The DuckDB file.")],
    document: Annotated[
        list[str] | None, typer.Option(help="A document's name (its file's stem); may be repeated.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="ratio, sum, unit, conflict …; may be repeated.")] = None,
    severity: Annotated[list[str] | None, typer.Option(help="error or warning.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of the sentences.")] = Language.CHINESE,
    fmt: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.TABLE,
) -> None:
    """List where the reports contradict themselves, and each other after jixiao check.

    Exit status: 0 whether or not there are findings, 2 for wrong usage.
    """
    with Store.open(db, read_only=True) as store:
        found = store.findings(documents=document or (), kinds=kind or (), severities=severity or ())
        unchecked = store.read_since_last_check()
    if fmt is Format.TABLE:
        print_findings(found, lang)
    else:
        rows = [_row(f, COLUMNS, lang) for f in found]
        typer.echo((as_csv if fmt is Format.CSV else as_json)(COLUMNS, rows).rstrip("\n"))
    if unchecked:
        note(
            f"{unchecked} documents were read since the last jixiao check: run it again to compare them with the others"
        )


def print_findings(found: list[StoredFinding], lang: Language) -> None:
    """The findings as a table, or a sentence that there are none."""
    if found:
        table(None, SHOWN, [(*_where(f), f.kind, f.severity, *map(_sentence, _row(f, SHOWN[4:], lang))) for f in found])
    else:
        note("no findings")


def _sentence(text: str | None) -> Sentence:
    return Sentence(text or "")


def _where(finding: StoredFinding) -> tuple[str, Any]:
    """The document and line of a finding; of one between two documents both, one below the other."""
    if finding.other_document is None:
        return finding.document, finding.line
    return f"{finding.document}\n{finding.other_document}", f"{finding.line}\n{finding.other_line}"


def _row(finding: StoredFinding, columns: tuple[str, ...], lang: Language) -> tuple[Any, ...]:
    english = lang is Language.ENGLISH
    said = {
        "sentence": finding.message_en if english else finding.message,
        "suggestion": finding.suggestion_en if english else finding.suggestion,
    }
    return tuple(said[name] if name in said else _shown(getattr(finding, name)) for name in columns)


def _shown(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
