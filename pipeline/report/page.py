"""A report page as HTML: self-contained, without script, everything of a report escaped."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.report.bars import WIDTH
from pipeline.report.contents import Contents


class Language(StrEnum):
    """The language of the page's own words; what the reports print stays as it is."""

    CHINESE = "zh"
    ENGLISH = "en"


def render(contents: Contents, language: Language) -> str:
    """The page. It loads nothing and runs nothing: its policy allows its own style sheet alone."""
    style = _text("templates/report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            contents=contents,
            language=language,
            words=labels(language),
            style=style,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            width=WIDTH,
        )
    )


@cache
def labels(language: Language) -> dict[str, Any]:
    """The words of a language."""
    words: dict[str, Any] = tomllib.loads(_text("labels.toml"))[language]
    return words


def wan(yuan: Decimal | None) -> str:
    """An amount of yuan in 万元: at least two decimals, more where the amount has them; never rounded."""
    if yuan is None:
        return "—"
    value = yuan.scaleb(-4).normalize()
    exponent = value.as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{value:,.{decimals}f}"


def percent(value: Decimal | None) -> str:
    """A rate in percent with two decimals, rounded to even."""
    return "—" if value is None else f"{value:.2f}%"


def number(value: Decimal | None) -> str:
    """A number without the zeros that its column pads it with."""
    if value is None:
        return "—"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"wan": wan, "percent": percent, "number": number}
    return environment


def _text(name: str) -> str:
    return files("pipeline.report").joinpath(name).read_text(encoding="utf-8")
