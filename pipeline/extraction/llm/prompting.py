"""Extraction (llm): what is sent for a chunk, rendered from prompts/; report text is only ever a variable."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule

from pipeline.extraction.llm.examples import check_examples, check_notes
from pipeline.extraction.llm.responses import in_prompt_order
from pipeline.flow import Chunk, Document
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES

Message = dict[str, str]
"""A chat message: ``role`` and ``content``."""

GAP = "[…]"
"""The line that stands for text that a model is not shown."""

_HINTS = dict.fromkeys(Sort, "") | {Sort.MONEY: " Money", Sort.QUANTITY: " Quantity", Sort.NUMBER: " figure"}
_TAGS = ("report_text", "heading_path", "table_context", "rejected_records")
_LOOSE_TAGS = "|".join(tag.replace("_", r"[\W_]{0,4}") for tag in _TAGS)
_DELIMITER = re.compile(rf"[<＜](?=[^\w<＜]{{0,8}}(?:{_LOOSE_TAGS})|\||/?s>|(?:start|end)_of_turn)", re.IGNORECASE)
_FENCED = re.compile(r"^<report_text>\n(.*)\n</report_text>$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record of an earlier reply that goes back for repair: its number, type, JSON, and what is wrong in it."""

    no: int
    type: str
    payload: str
    errors: tuple[str, ...]


def render_messages(document: Document, chunk: Chunk) -> list[Message]:
    """The messages for a chunk: the same system message for all chunks of the same types, then the fenced text.

    The modes ``json`` and ``md_json`` append the reply's JSON schema to the system message; ``request_for`` of the
    extractor shows the whole request.

    Raises:
        KeyError: the chunk is routed to a record type that does not exist.
    """
    types = in_prompt_order(chunk.record_types)
    return [_message("system", system_prompt(types)), _message("user", _chunk_prompt(document, chunk, types))]


def render_repair(document: Document, chunk: Chunk, rejected: Sequence[Rejected]) -> list[Message]:
    """The messages that ask once more for the records that did not validate; they begin as the chunk's own do."""
    system, asked = render_messages(document, chunk)
    safe = [Rejected(r.no, r.type, neutral(r.payload), tuple(neutral(e) for e in r.errors)) for r in rejected]
    names = _names(in_prompt_order({r.type for r in rejected}))
    return [system, _message("user", asked["content"] + _template("repair.j2").render(rejected=safe, names=names))]


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure that is asked for: its number and what it is, in words."""

    no: int
    words: str


def render_second(document: Document, chunk: Chunk, asked: Sequence[Asked]) -> list[Message]:
    """The messages that ask for single figures of a chunk, without saying what was read before."""
    user = _template("second.j2").render(
        context=neutral(chunk.context.strip("\n")),
        text=neutral(shown_text(document, chunk)),
        questions=[Asked(a.no, neutral(" ".join(a.words.split()))) for a in asked],
    )
    return [_message("system", _template("second_system.j2").render()), _message("user", user)]


def probe_messages(endpoint: str) -> list[Message]:
    """The message that shows whether an endpoint answers in JSON when it is asked in some mode."""
    return [_message("user", _template("probe.j2").render(endpoint=endpoint))]


@cache
def system_prompt(types: tuple[str, ...]) -> str:
    """The rules and the guides of the given record types.

    Raises:
        ValueError: an example of a guide does not hold what its own text prints.
    """
    return _template("system.j2").render(guides=[guide(name) for name in types])


@cache
def guide(name: str) -> str:
    """The guide of one record type, its examples checked.

    Raises:
        ValueError: a note is about no field; an example does not validate, or its quote or a figure does not stand in its
            text.
    """
    record_type = RECORD_TYPES[name]
    module = _module(name)
    check_notes(record_type, getattr(module, "notes"))  # noqa: B009 - set by the template
    check_examples(record_type, guide_examples(name))
    return str(module).strip()


def guide_examples(name: str) -> list[dict[str, Any]]:
    """The examples of a record type's guide: text, records, and the heading or table context where there is one."""
    return list(getattr(_module(name), "examples"))  # noqa: B009 - set by the template


def _module(name: str) -> TemplateModule:
    return _template(f"records/{name}.j2").make_module({"type": RECORD_TYPES[name], "hints": _HINTS})


@cache
def prompts_version() -> str:
    """SHA-256 of all templates, so that a run can say which prompts it used."""
    digest = hashlib.sha256()
    for name in sorted(_environment().list_templates(extensions=["j2"])):
        digest.update(name.encode() + b"\0" + files("prompts").joinpath(name).read_bytes())
    return digest.hexdigest()


def neutral(text: str) -> str:
    """Text in which nothing can be taken for a fence of the prompt or a control token of a chat template.

    Same length as before: the opening ``<`` of such a thing becomes ``‹``, all else stays.
    """
    return _DELIMITER.sub("‹", text)


def shown_text(document: Document, chunk: Chunk) -> str:
    """What a model is shown of a chunk: its text, or its excerpts with a line between them."""
    return f"\n{GAP}\n".join(document.slice(span).strip("\n") for span in chunk.excerpts) or document.slice(chunk.span)


def fenced_text(content: str) -> str | None:
    """The report text between the fences of a message, None where there is none."""
    found = _FENCED.search(content)
    return found.group(1) if found else None


def _chunk_prompt(document: Document, chunk: Chunk, types: tuple[str, ...]) -> str:
    """The user message of a chunk."""
    return _template("chunk.j2").render(
        path=neutral(" > ".join(" ".join(heading.split()) for heading in chunk.path)),
        context=neutral(chunk.context.strip("\n")),
        text=neutral(shown_text(document, chunk)),
        names=_names(types),
        gap=GAP if chunk.excerpts else None,
    )


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _names(types: Sequence[str]) -> str:
    """Keys as a prompt lists them: `projects`, `tasks`."""
    return ", ".join(f"`{name}`" for name in types)


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("prompts", ""),
        autoescape=False,  # noqa: S701 - prompts are plain text, nothing renders them as HTML
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return environment
