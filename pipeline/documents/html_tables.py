"""Documents: tables that a page builds of other elements than those for tables, told by their inline styles and roles."""

from __future__ import annotations

import re

from lxml import etree

_DISPLAY = re.compile(
    r"(?:^|;)\s*display\s*:\s*(table(?:-row-group|-header-group|-row|-cell)?)\s*(?:!important\s*)?(?:;|$)",
    re.IGNORECASE,
)
_BY_DISPLAY = {
    "table": "table",
    "table-row-group": "tbody",
    "table-header-group": "tbody",
    "table-row": "tr",
    "table-cell": "td",
}
_BY_ROLE = {"table": "table", "rowgroup": "tbody", "row": "tr", "cell": "td", "columnheader": "td", "rowheader": "td"}
_PARENTS = {"tbody": {"table"}, "tr": {"table", "tbody"}, "td": {"tr"}}
"""What a part of a table stands in; without it, it is none."""
_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})


def with_tables(root: etree._Element) -> etree._Element:
    """The page with such elements as those of a table (CSS 2.1, 17.2; WAI-ARIA 1.2: table, row, cell), in place."""
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in _PARTS:
            continue
        found = _DISPLAY.search(element.get("style", ""))
        part = _BY_DISPLAY[found[1].lower()] if found else _BY_ROLE.get(element.get("role", ""))
        parent = element.getparent()
        if part and (part == "table" or (parent is not None and parent.tag in _PARENTS[part])):
            _rename(element, part)
    return root


def _rename(element: etree._Element, part: str) -> None:
    for extent, name in (("aria-colspan", "colspan"), ("aria-rowspan", "rowspan")):
        if extent in element.attrib:
            element.set(name, element.get(extent, ""))
    element.tag = part
