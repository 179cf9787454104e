"""Extraction, offline: the short words that head a marked paragraph (“（二）资金支出。…”), and the section of each block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.extraction.offline.context import Context
from pipeline.flow import Block, BlockKind, View
from pipeline.layout.lines import strip

_HEAD = re.compile(r"[^。，,；;：:？?！!]{2,24}[。：:]")


@dataclass(frozen=True, slots=True)
class Lead:
    """A marked paragraph's head without its mark and stop, and what follows it (empty where nothing does)."""

    head: View
    body: View


def lead_of(block: Block) -> Lead | None:
    """The lead of a list item, None where its first sentence is no short head.

    The head is one clause of at most 24 characters that 。 or a colon ends.
    """
    if block.kind is not BlockKind.ITEM:
        return None
    view = strip(block.view.part(len(block.mark), len(block.text)))
    match = _HEAD.match(view.text)
    if match is None:
        return None
    return Lead(strip(view.part(0, match.end() - 1)), strip(view.part(match.end(), len(view.text))))


def sections(context: Context) -> Mapping[int, str | None]:
    """The section of each block by its start: the nearest heading above it, or the nearest item above it that only heads
    what follows (a lead with nothing behind it, or that ends in a colon), if that stands lower.

    Returns: start of the block → the heading or lead as printed, with its mark; None where it stands below none.
    """
    found: dict[int, str | None] = {}
    heads: list[tuple[int, str]] = []
    for block in context.layout.blocks:
        if block.kind is BlockKind.HEADING:
            heads = []
        elif block.kind is BlockKind.ITEM:
            heads = [h for h in heads if h[0] < block.level]
        found[block.span.start] = heads[-1][1] if heads else (block.path[-1] if block.path else None)
        lead = lead_of(block)
        if lead is not None and (not lead.body.text or block.text.rstrip().endswith(("：", ":"))):
            heads.append((block.level, _marked(block, lead)))
    return found


def own_section(block: Block) -> str | None:
    """The section that a paragraph's own lead makes: “（二）资金支出” of “（二）资金支出。截至…”, None without one."""
    lead = lead_of(block)
    return _marked(block, lead) if lead is not None and lead.body.text and block.level <= 2 else None


def _marked(block: Block, lead: Lead) -> str:
    return f"{block.mark}{lead.head.text}".strip()
