"""Fault injection: the ways in which a whole reply goes wrong on its way, whatever it states."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from eval.faults.kinds import Fault, FaultKind, Payload
from eval.standin import Reply
from pipeline.extraction.llm.reading import compact
from pipeline.extraction.llm.short_forms import shortened, with_dittos

Stating = Sequence[tuple[str, Payload]]
"""What a reply states: record type and payload."""

CUT_FORMS = ("marked as cut off", "not marked as cut off")
PROSE_FORMS = ("code block", "prose", "thoughts", "braces")


def answer(types: Sequence[str], stating: Stating) -> str:
    """The reply that states records in the short forms, by type in the order asked for."""
    by_type = _by_type(types, [(name, shortened(name, payload)) for name, payload in stating])
    return compact({name: with_dittos(name, payloads) for name, payloads in by_type.items()})


def answer_in_full(types: Sequence[str], stating: Stating) -> str:
    """The reply that states records with every field, by type in the order asked for."""
    return compact(_by_type(types, stating))


def spoiled(fault: Fault, content: str, rng: random.Random) -> Reply:
    """A reply that is cut off or wrapped in prose."""
    if fault.kind is FaultKind.TRUNCATED:
        kept = content[: max(1, int(len(content) * rng.uniform(0.2, 0.95)))]
        return Reply(content=kept, finish_reason="length" if fault.form == CUT_FORMS[0] else "stop")
    return Reply(content=_WRAPPINGS[fault.form].replace("@", content))


_WRAPPINGS: Mapping[str, str] = {
    "code block": "根据您提供的报告，提取结果如下：\n```json\n@\n```\n如需进一步核对，请告诉我。",
    "prose": "好的，以下是提取到的记录：\n@\n以上记录均来自原文，共计一份。",
    "thoughts": '<think>先看标题，再看金额。草稿：{"projects": [{"name": "待定"}]}</think>\n@',
    "braces": "结果见下（格式为 {类型: [记录]}）：\n@",
}


def _by_type(types: Sequence[str], stating: Stating) -> dict[str, list[Payload]]:
    found: dict[str, list[Payload]] = {name: [] for name in types}
    for record_type, payload in stating:
        found.setdefault(record_type, []).append(payload)
    return found
