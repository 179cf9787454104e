"""The command line: ``jixiao prompt``, exactly what would be sent for a chunk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.show import complain, note
from pipeline.documents import read_document
from pipeline.extraction.choice import llm_settings
from pipeline.flow import Document
from pipeline.job import prepare
from pipeline.settings import Settings, load_settings, use_vocabulary
from pipeline.store import Store

NO_MODEL = "model-of-your-settings"
"""Stands for the model where none is named: the prompt can be read before an endpoint is chosen."""


def prompt_command(
    chunk: Annotated[str, typer.Argument(help="A chunk_id of --db, or a file and a chunk's number: report.txt#0.")],
    db: Annotated[Path | None, typer.Option(help="The DuckDB file that knows the chunk_id.")] = None,
    model: Annotated[str | None, typer.Option(help="Model name, as in jixiao run.")] = None,
    mode: Annotated[str | None, typer.Option(help="Reply mode, as in jixiao run.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the body of the request, as JSON.")] = False,
) -> None:
    """Print exactly what a model would be sent for a chunk; nothing is sent."""
    from pipeline.extraction.llm import prompts_version, request_for  # noqa: PLC0415 - half a second, needed here alone

    settings = load_settings(model=model, mode=mode)
    if not settings.model:
        settings = settings.model_copy(update={"model": NO_MODEL})
    use_vocabulary(settings)
    document, number = _find(chunk, db, settings)
    chunks = prepare(document, settings.chunk).chunks
    if not 0 <= number < len(chunks):
        complain(f"{document.name} has the chunks 0 to {len(chunks) - 1}, and no {number}")
        raise typer.Exit(2)
    if not chunks[number].record_types:
        note(f"chunk {number} of {document.name} can hold no record; nothing is sent for it")
        return
    configured = llm_settings(settings)
    if configured.mode == "auto":
        configured = configured.model_copy(update={"mode": "json_schema"})
        note("the mode auto is shown as json_schema; jixiao run finds out which one the endpoint takes")
    request = request_for(configured, document, chunks[number])
    if as_json:
        typer.echo(json.dumps(request.arguments, ensure_ascii=False, indent=1))
    else:
        for message in request.messages:
            typer.echo(f"──── {message['role']} ────\n{message['content']}")
        beside = {name: value for name, value in request.arguments.items() if name != "messages"}
        typer.echo(f"──── beside the messages ────\n{json.dumps(beside, ensure_ascii=False)}")
    note(f"about {request.tokens} tokens; request {request.prompt_hash[:20]}, prompts {prompts_version()[:12]}")


def _find(chunk: str, db: Path | None, settings: Settings) -> tuple[Document, int]:
    """The document of a chunk and the chunk's number in it."""
    before, mark, number = chunk.rpartition("-" if db else "#")
    if not mark or not number.isdecimal():
        complain(
            f"{chunk} is no chunk: give a chunk_id with --db, as the table chunks has it, "
            "or a file and the number of its chunk, such as report.txt#0"
        )
        raise typer.Exit(2)
    if db is None:
        return read_document(Path(before), settings.limits), int(number)
    with Store.open(db, read_only=True) as store:
        return store.document(before), int(number)
