"""Documents: the numbers that Word prints before paragraphs and keeps apart from their text (自动编号)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from pipeline.documents.ordinals import ordinal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str
    suffix: str
    digits_only: bool


class Numbering:
    """Counts the numbered paragraphs of a document from its top."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._styles = {s.get(f"{W}styleId", ""): s for s in ([] if styles is None else styles.iter(f"{W}style"))}
        found = [] if numbering is None else list(numbering)
        self._nums = {n.get(f"{W}numId", ""): n for n in found if n.tag == f"{W}num"}
        self._lists = {a.get(f"{W}abstractNumId", ""): a for a in found if a.tag == f"{W}abstractNum"}
        self._counts: dict[str, list[int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._levels: dict[tuple[str, int], _Level | None] = {}

    def mark(self, properties: etree._Element | None) -> str:
        """The number before a paragraph with such properties, with the gap behind it; empty where it has none."""
        num_id, depth = self._number_of(properties)
        level = self._level(num_id, depth)
        if level is None:
            return ""
        counts = self._count(num_id, depth, level)
        if level.style == "bullet":
            return ""
        text = _PLACE.sub(lambda m: self._printed(num_id, int(m[1]) - 1, counts, plain=level.digits_only), level.text)
        gap = " " if text and level.suffix != "nothing" and (text[-1].isascii() or level.suffix == "space") else ""
        return text + gap

    def _printed(self, num_id: str, depth: int, counts: list[int], *, plain: bool) -> str:
        level = self._level(num_id, depth)
        if level is None or level.style == "none":
            return ""
        number = counts[depth] or level.start
        return str(number) if plain else ordinal(number, level.style)

    def _count(self, num_id: str, depth: int, level: _Level) -> list[int]:
        """Counts one more at a level; the levels below begin anew. Lists of one definition share their counts."""
        counts = self._counts.setdefault(self._list_id(num_id), [0] * _LEVELS)
        restarts = self._override(num_id, depth) is not None and (num_id, depth) not in self._begun
        self._begun.add((num_id, depth))
        counts[depth] = level.start if restarts or not counts[depth] else counts[depth] + 1
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        return counts

    def _number_of(self, properties: etree._Element | None) -> tuple[str, int]:
        """The list and level of a paragraph: its own, else that of its style or of one that the style builds on."""
        num_id, depth = _num(properties)
        style = _value(properties, "pStyle")
        for _ in range(20):
            found = self._styles.get(style or "")
            if found is None or (num_id is not None and depth is not None):
                break
            inherited = _num(found.find(f"{W}pPr"))
            num_id = inherited[0] if num_id is None else num_id
            depth = inherited[1] if depth is None else depth
            style = _value(found, "basedOn")
        return num_id or "0", min(max(depth or 0, 0), _LEVELS - 1)

    def _list_id(self, num_id: str) -> str:
        num = self._nums.get(num_id)
        return (_value(num, "abstractNumId") if num is not None else None) or ""

    def _override(self, num_id: str, depth: int) -> int | None:
        num = self._nums.get(num_id)
        for override in [] if num is None else num.findall(f"{W}lvlOverride"):
            if override.get(f"{W}ilvl") == str(depth):
                return _whole(_value(override, "startOverride"))
        return None

    def _level(self, num_id: str, depth: int) -> _Level | None:
        key = (num_id, depth)
        if key not in self._levels:
            self._levels[key] = self._read_level(num_id, depth)
        return self._levels[key]

    def _read_level(self, num_id: str, depth: int) -> _Level | None:
        if num_id not in self._nums:
            return None
        found = self._definition(num_id, depth)
        if found is None:
            return None
        override = self._override(num_id, depth)
        start = override if override is not None else _whole(_value(found, "start"))
        return _Level(
            start=1 if start is None else start,
            style=_value(found, "numFmt") or "decimal",
            text=_value(found, "lvlText") or "",
            suffix=_value(found, "suff") or "tab",
            digits_only=_is_on(found.find(f"{W}isLgl")),
        )

    def _definition(self, num_id: str, depth: int, hops: int = 0) -> etree._Element | None:
        for override in self._nums[num_id].findall(f"{W}lvlOverride"):
            own = override.find(f"{W}lvl")
            if override.get(f"{W}ilvl") == str(depth) and own is not None:
                return own
        listed = self._lists.get(self._list_id(num_id))
        if listed is None:
            return None
        found = next((x for x in listed.findall(f"{W}lvl") if x.get(f"{W}ilvl") == str(depth)), None)
        link = _value(listed, "numStyleLink")
        if found is None and link in self._styles and hops < 5:
            linked, _ = _num(self._styles[link].find(f"{W}pPr"))
            return self._definition(linked, depth, hops + 1) if linked in self._nums else None
        return found


def _num(properties: etree._Element | None) -> tuple[str | None, int | None]:
    num = None if properties is None else properties.find(f"{W}numPr")
    if num is None:
        return None, None
    return _value(num, "numId"), _whole(_value(num, "ilvl"))


def _value(parent: etree._Element | None, name: str) -> str | None:
    found = None if parent is None else parent.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else None


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(f"{W}val") not in {"0", "false", "off"}
