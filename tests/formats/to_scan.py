"""Writes a report as a scanned PDF: the pages of its printed form as pictures, a little askew, with the grain of a scanner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pdfplumber
import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from tests.formats.model import RichTable
from tests.formats.to_pdf import write_pdf

_SCALE = 200 / 72
_FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSerifSC-Regular.otf"


@dataclass(frozen=True, slots=True)
class Scanner:
    """What a scanner makes of a page: pixels an inch, degrees by which the page lies askew, the grain (the standard
    deviation of a grey value), and the quality of the JPEG, from 1 to 95."""

    resolution: int = 200
    askew: float = 0.4
    grain: float = 6.0
    quality: int = 80


OFFICE = Scanner()


def write_scan(parts: Sequence[str | RichTable], path: Path, scanner: Scanner = OFFICE) -> None:
    """Writes the file; it holds pictures and no text."""
    printed = path.with_suffix(".printed.pdf")
    write_pdf(parts, printed)
    save_scan(pictures(printed, scanner), path, scanner)
    printed.unlink()


def save_scan(pages: Sequence[Image.Image], path: Path, scanner: Scanner = OFFICE) -> None:
    """Writes pictures as the pages of a PDF."""
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=scanner.resolution, quality=scanner.quality)


def pictures(printed: Path, scanner: Scanner = OFFICE) -> list[Image.Image]:
    """The pages of a PDF as a scanner sees them, in a font that comes with the tests: no font of the system is used."""
    grain = np.random.default_rng(7)
    with pdfplumber.open(printed) as pdf:
        return [_scanned(_drawn(page), grain, scanner) for page in pdf.pages]


def _drawn(page: Any) -> Image.Image:
    picture = Image.new("L", (round(page.width * _SCALE), round(page.height * _SCALE)), 255)
    draw = ImageDraw.Draw(picture)
    fonts: dict[int, ImageFont.FreeTypeFont] = {}
    for rule in page.edges:
        draw.line([rule[side] * _SCALE for side in ("x0", "top", "x1", "bottom")], fill=0, width=2)
    for letter in page.chars:
        size = round(letter["size"] * _SCALE)
        font = fonts.setdefault(size, ImageFont.truetype(_FONT, size))
        draw.text((letter["x0"] * _SCALE, letter["bottom"] * _SCALE), letter["text"], fill=20, font=font, anchor="ld")
    return picture


def _scanned(page: Image.Image, grain: np.random.Generator, scanner: Scanner) -> Image.Image:
    seen = page.rotate(scanner.askew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if (share := scanner.resolution / (72 * _SCALE)) != 1:
        seen = seen.resize((round(seen.width * share), round(seen.height * share)), Image.Resampling.BOX)
    noisy = np.asarray(seen, dtype=float) * 0.95 + grain.normal(0, scanner.grain, (seen.height, seen.width))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
