"""Documents: what a web page prints around its article (menus, breadcrumbs, footers, lists of links), taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lxml import etree

from schemas.word_files import load_vocabulary

_NEVER_PRINTED = frozenset(
    {
        *("script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "canvas"),
        *("select", "option", "button", "textarea", "input", "video", "audio", "map", "dialog"),
    }
)
_AROUND = frozenset({"nav", "footer", "aside"})
_BLOCKS = frozenset({"div", "ul", "ol", "dl", "p", "section", "header", "span", "td"})
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MOST = 0.25
"""Share of the page's text above which a block is its article, whatever it is called."""
_LINKED = 0.8
_NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What a page may hold and a parsed one may not be given: control characters."""


@dataclass(slots=True)
class _Weight:
    """What an element holds: characters, those in links to elsewhere, links, and data tables."""

    text: int = 0
    linked: int = 0
    links: int = 0
    tables: int = 0


@cache
def _names() -> frozenset[str]:
    return frozenset(load_vocabulary("boilerplate")["page"]["names"])


@cache
def _lines() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in load_vocabulary("boilerplate")["page"]["lines"]), re.IGNORECASE)


def is_boilerplate(line: str) -> bool:
    """Whether a short line is one that portals print around an article."""
    return len(line) <= 90 and _lines().fullmatch(line.strip()) is not None


def without_boilerplate(root: etree._Element) -> etree._Element:
    """The page without what is never printed or stands around its article; changes the tree.

    A block goes by its tag, by the name that its template gives it, or because it is nothing but links; never one that
    holds a table, or a quarter of the page's text.
    """
    for element in [e for e in root.iter() if isinstance(e.tag, str) and _is_hidden(e)]:
        _drop(element)
    total = max(1, _weigh(root, 0))
    _weigh(root, total)
    return root


def _is_hidden(element: etree._Element) -> bool:
    return (
        str(element.tag) in _NEVER_PRINTED
        or "hidden" in element.attrib
        or _HIDDEN.search(element.get("style", "")) is not None
    )


def _weigh(root: etree._Element, total: int) -> int:
    """The characters of the page; with their ``total`` known, blocks around the article are dropped on the way."""
    stack: list[_Weight] = [_Weight()]
    doomed: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            stack.append(_Weight(len((element.text or "").strip())))
            continue
        own = stack.pop()
        if element.tag == "a" and not element.get("href", "#").startswith("#"):
            own.linked, own.links = own.text, own.links + 1
        if element.tag == "tr" and own.text:
            own.tables += 1
        above = stack[-1]
        above.text += own.text + len((element.tail or "").strip())
        if total and own.text < total * _MOST and not own.tables and _stands_around(element, own):
            doomed.append(element)
            continue
        above.linked += own.linked
        above.links += own.links
        above.tables += own.tables
    for element in doomed:
        _drop(element)
    return stack[0].text


def _stands_around(element: etree._Element, own: _Weight) -> bool:
    if element.tag in _AROUND:
        return True
    if element.tag not in _BLOCKS:
        return False
    words = " ".join(element.get(a, "") for a in ("class", "id", "role"))
    if words.strip() and any(word.lower() in _names() for word in _NAME.findall(words)):
        return True
    return own.links >= 3 and own.linked >= own.text * _LINKED


def _drop(element: etree._Element) -> None:
    """Takes an element out of its tree and leaves the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = _NO_XML.sub(" ", (before.tail or "") + element.tail)
        else:
            parent.text = _NO_XML.sub(" ", (parent.text or "") + element.tail)
        element.tail = None
    parent.remove(element)
