"""Good files with bytes changed, cut out or put in: each is read or named, and no reader hangs or falls over."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pipeline.documents import DocumentError, DocumentReader, Limits
from pipeline.layout import lay_out
from tests.conftest import ROOT
from tests.documents.test_sheets import BUDGET, BUDGET_MERGES, as_xls
from tests.formats.model import rich
from tests.formats.to_docx import write_docx
from tests.formats.to_html import write_html
from tests.formats.to_pdf import write_pdf
from tests.formats.to_xlsx import write_xlsx

LIMITS = Limits(bytes=5_000_000, expanded=30_000_000, pages=50, seconds=30, memory=2_000_000_000)


def written(kind: str, folder: Path) -> bytes:
    path = folder / f"whole.{kind}"
    if kind == "png":
        picture = Image.new("L", (700, 700), 255)
        ImageDraw.Draw(picture).text((60, 60), "1,798.50", fill=0, font_size=30)
        picture.save(path)
        return path.read_bytes()
    if kind == "xls":
        as_xls(path, {"收支": (BUDGET, BUDGET_MERGES)})
        return path.read_bytes()
    parts = rich(ROOT / "data" / "samples" / "health-2022.txt")
    tables = [p for p in parts if not isinstance(p, str)][:1]
    writers: dict[str, Callable[..., None]] = {
        "docx": write_docx, "html": write_html, "xlsx": write_xlsx, "pdf": write_pdf,
    }  # fmt: skip
    writers[kind]([*parts[:2], *tables], path)
    return path.read_bytes()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with up to twenty changes, most of them small."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(out))
        match chance.randrange(5):
            case 0:
                out[place] = chance.randrange(256)
            case 1:
                out[place] ^= 1 << chance.randrange(8)
            case 2:
                del out[place : place + chance.choice((1, 4, 100))]
            case 3:
                out[place:place] = chance.randbytes(chance.choice((1, 4, 100)))
            case _:
                other = chance.randrange(len(out))
                out[place : place + 16] = out[other : other + 16]
        if not out:
            return b""
    return bytes(out)


def read_all(kind: str, count: int, folder: Path) -> tuple[int, list[str]]:
    """How many of the mutated files were read, and the reasons of the others that no reader knows; half of them in each of
    two processes."""
    whole = written(kind, folder)
    with ThreadPoolExecutor(2) as halves:
        found = list(halves.map(lambda half: read_half(whole, count // 2, folder / f"mutated-{half}.{kind}"), (1, 2)))
    return sum(read for read, _ in found), [reason for _, reasons in found for reason in reasons]


def read_half(whole: bytes, count: int, path: Path) -> tuple[int, list[str]]:
    chance = random.Random(path.name)  # noqa: S311 - the same changes on every run
    read = 0
    unknown: list[str] = []
    with DocumentReader(LIMITS) as reader:
        for _ in range(count):
            path.write_bytes(mutated(whole, chance))
            try:
                document = reader.read(path)
            except DocumentError as error:
                if "fall over" in error.reason or "longer" in error.reason or "does not know" in error.reason:
                    unknown.append(error.reason)
                continue
            lay_out(document)
            read += 1
    return read, unknown


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx", "xls", "pdf"])
def test_some_of_each_format(kind: str, tmp_path: Path) -> None:
    read, unknown = read_all(kind, 40, tmp_path)
    assert read > 0
    assert unknown == []


@pytest.mark.slow
def test_some_pictures(tmp_path: Path) -> None:
    read, unknown = read_all("png", 60, tmp_path)
    assert read > 0
    assert unknown == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["docx", "html", "xlsx", "xls", "pdf"])
def test_ten_thousand_of_each_format(kind: str, tmp_path: Path) -> None:
    read, unknown = read_all(kind, 10_000, tmp_path)
    assert read > 0
    assert unknown == []
