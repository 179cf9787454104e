"""Documents: web pages saved from portals: their charset, their tables with merged cells, without what stands around."""

from __future__ import annotations

import codecs
import re
from email import message_from_bytes
from email.policy import default as mail_policy
from pathlib import Path

from lxml import etree

from pipeline.documents.boilerplate import without_boilerplate
from pipeline.documents.canonical import Canonical, CanonicalWriter
from pipeline.documents.errors import DocumentError
from pipeline.documents.html_flow import HtmlFlow
from pipeline.documents.html_tables import with_tables
from pipeline.documents.text import decode

_META = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 16_384
"""Bytes in which a page declares its charset."""
_GBK = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "hz-gb-2312", "cp936", "gb_2312-80"})
_REMEDY = "open it in a browser, save it anew or as UTF-8 text, and run again"


def read_html(path: Path, data: bytes) -> tuple[str, Canonical]:
    """The encoding and the canonical text of a page, or of a page saved whole (MHTML).

    Raises:
        DocumentError: it is no text in a known encoding, or holds no page.
    """
    if data.lstrip()[:1] != b"<" and b"mime-version:" in data[:2000].lower():
        data, declared = _archived(path, data)
    else:
        declared = None
    encoding, text, remarks = decode_page(path, data, declared)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise DocumentError(path, f"is a web page that cannot be parsed ({_first(error)})", _REMEDY) from error
    if root is None:
        raise DocumentError(path, "is a web page without content", "remove it or supply the report's text")
    if any(e.level >= etree.ErrorLevels.FATAL and "depth" in e.message.lower() for e in parser.error_log):
        raise DocumentError(path, "nests its elements too deep to be a report", _REMEDY)
    writer = CanonicalWriter()
    writer.remarks += remarks
    HtmlFlow(without_boilerplate(with_tables(root))).write(writer)
    return encoding, writer.finish()


def decode_page(path: Path, data: bytes, declared: str | None = None) -> tuple[str, str, list[str]]:
    """Encoding, text and remarks of a page: by its byte order mark, what it declares, else what its bytes look like.

    A page that breaks its own declaration in some places only is read with U+FFFD there, and a remark says how many.

    Raises:
        DocumentError: it is no text in a known encoding.
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return (*decode(path, data), [])
    meta = _META.search(data[:_HEAD])
    name = declared or (meta[1].decode("ascii", "replace") if meta else None)
    name = "gb18030" if name and name.lower() in _GBK else name
    try:
        if name and not codecs.lookup(name).name.startswith("utf-16"):
            return name.lower(), data.decode(name), []
    except (LookupError, UnicodeDecodeError):
        pass
    try:
        return (*decode(path, data), [])
    except DocumentError:
        if name not in {"gb18030", "utf-8", "UTF-8"}:
            raise
        text = data.decode(name, "replace")
        broken = text.count("\ufffd")
        if broken * 100 > len(text):
            raise
        return name.lower(), text, [f"{broken} characters are broken in the file and stand as \ufffd"]


def _archived(path: Path, data: bytes) -> tuple[bytes, str | None]:
    """The page inside an MHTML archive, and its charset."""
    message = message_from_bytes(data, policy=mail_policy)
    part = next((p for p in message.walk() if p.get_content_type() == "text/html"), None)
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes):
        raise DocumentError(path, "is a mail or web archive without a page in it", _REMEDY)
    return content, part.get_content_charset()


def _first(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0][:120]
