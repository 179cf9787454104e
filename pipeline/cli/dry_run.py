"""The command line: ``jixiao run --dry-run``, what a run would ask and cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from pipeline.chunking import FIGURE
from pipeline.cli.show import complain, console, note, plain, table
from pipeline.extraction.choice import asking, llm_settings, prices_of
from pipeline.settings import Settings
from pipeline.store import Store


def print_dry_run(paths: Sequence[Path], db: Path | None, settings: Settings, extractor: str, *, fresh: bool) -> bool:
    """Prints what each file would take, and the sum; whether every file can be read."""
    from pipeline.dry_run import Asked, estimate  # noqa: PLC0415 - half a second that other runs do not pay

    prices = prices_of(settings)
    use_stored = db is not None and db.is_file() and not fresh
    store = Store.open(db, read_only=True) if db is not None and use_stored else None
    try:
        configured = llm_settings(settings)
        asked = Asked(configured, asking(extractor, configured), settings.chunk)
        found = list(estimate(paths, settings.limits, asked, prices, store))
    finally:
        if store:
            store.close()
    read = [e for e in found if e.problem is None]
    columns = ("document", "chunks", "to ask", "stored", "text tokens", "prompt tokens", "reply tokens")
    rows = [(e.name, e.chunks, e.asked, e.stored, e.text_tokens, e.prompt_tokens, e.reply_tokens) for e in read]
    table("Dry run: nothing is sent", columns, rows)
    prompt, reply = sum(e.prompt_tokens for e in read), sum(e.reply_tokens for e in read)
    console().print(
        f"{sum(e.asked for e in read)} calls, {plain(prompt)} prompt tokens, about {plain(reply)} reply tokens"
    )
    if prices:
        cost = sum((e.cost or Decimal() for e in read), Decimal())
        console().print(f"about {prices.named(cost)}", style="bold")
    else:
        note(f"no prices of {settings.model} in jixiao.toml, so no cost is told")
    note(
        "counted as one token a Chinese character and one every four others; a reply is taken for "
        f"{FIGURE} tokens for each figure of its text; repairs, second readings and retries come on top"
    )
    for e in found:
        if e.problem:
            complain(f"{e.name}: {e.problem}")
    return len(read) == len(found)
