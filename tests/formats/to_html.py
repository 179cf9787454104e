"""Writes a report as a page of a department's portal: GB18030, merged cells, a menu above and a footer below."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from tests.formats.model import RichTable

_HEAD = """<!DOCTYPE html>
<html><head><meta charset="gb2312"><title>政务公开</title><style>td {border: 1px solid}</style></head>
<body><div class="top-nav"><ul><li><a href="/">首页</a></li><li><a href="/xxgk">信息公开</a></li></ul></div>
<div>当前位置：<a href="/">首页</a> &gt; <a href="/xxgk">信息公开</a></div>
<div class="article">
"""
_FOOT = """
</div><div id="footer"><p>版权所有：某市人民政府</p><p>京ICP备00000000号</p></div>
<script>var pages = 1 < 2;</script></body></html>
"""


def write_html(parts: Sequence[str | RichTable], path: Path) -> None:
    """Writes the page."""
    body = "\n".join(f"<p>　　{escape(p)}</p>" if isinstance(p, str) else _table(p) for p in parts)
    path.write_bytes((_HEAD + body + _FOOT).encode("gb18030"))


def _table(table: RichTable) -> str:
    rows = []
    for row in range(table.rows):
        cells = sorted((c for c in table.cells if c.row == row), key=lambda c: c.column)
        rows.append("<tr>" + "".join(
            f'<td rowspan="{c.rows}" colspan={c.columns}><p>{escape(c.text)}</p></td>' for c in cells
        ))  # fmt: skip
    return "<table>\n" + "\n".join(rows) + "\n</table>"
