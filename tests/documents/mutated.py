"""``python -m tests.documents.mutated KIND COUNT [FIRST]``: good files with bytes changed, cut out or put in, and what
becomes of each: how many are read, how many are named as broken, and which of them a reader falls or hangs over.

The n-th file of a kind is always the same, so a count may be made in pieces, and a failure seen again by its number.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image, ImageDraw

from pipeline.documents import DocumentError, DocumentReader, Limits
from pipeline.layout import lay_out
from tests.conftest import ROOT
from tests.documents.test_sheets import BUDGET, BUDGET_MERGES, as_xls
from tests.formats.model import RichTable, rich
from tests.formats.to_docx import write_docx
from tests.formats.to_html import write_html
from tests.formats.to_pdf import write_pdf
from tests.formats.to_xlsx import write_xlsx

KINDS = ("txt", "md", "docx", "html", "xlsx", "xls", "pdf")
_LIMITS = Limits(bytes=5_000_000, expanded=30_000_000, pages=50)
_ROWS = range(6, 10)
"""Rows of the sample's table: a head of two levels with merged cells, and two rows of figures."""
_SAMPLE = ROOT / "data" / "samples" / "health-2022.txt"
_UNSAFE = {"fall over": "fell over", "longer": "too slow", "does not know": "unknown to its reader"}
"""What the reason of an error holds where no reader has named what is wrong with the file."""


@dataclass(slots=True)
class Outcomes:
    """How many files ended in which way, and those that no reader has named, by their number."""

    counts: Counter[str] = field(default_factory=Counter)
    unsafe: dict[int, str] = field(default_factory=dict)


def outcomes(kind: str, numbers: range, folder: Path) -> Outcomes:
    """What becomes of some of a kind's mutated files; half of them in each of two processes."""
    whole = written(kind, folder)
    halves = numbers[::2], numbers[1::2]
    with ThreadPoolExecutor(2) as threads:
        paths = (folder / f"mutated-{half}.{kind}" for half in (1, 2))
        found = list(threads.map(lambda half, path: _half(whole, half, path), halves, paths))
    return Outcomes(found[0].counts + found[1].counts, found[0].unsafe | found[1].unsafe)


def _half(whole: bytes, numbers: Sequence[int], path: Path) -> Outcomes:
    found = Outcomes()
    with DocumentReader(_LIMITS) as reader:
        for number in numbers:
            path.write_bytes(mutated(whole, random.Random(f"{path.suffix} {number}")))  # noqa: S311 - the same each time
            try:
                document = reader.read(path)
            except DocumentError as error:
                unsafe = next((name for words, name in _UNSAFE.items() if words in error.reason), None)
                if unsafe:
                    found.unsafe[number] = error.reason
                found.counts[unsafe or "named"] += 1
                continue
            lay_out(document)
            found.counts["read" if document.ocr is None else "read off a picture"] += 1
    return found


def written(kind: str, folder: Path) -> bytes:
    """A good file of a kind."""
    path = folder / f"whole.{kind}"
    write = _WRITERS.get(kind)
    if write is not None:
        parts = rich(_SAMPLE)
        write([parts[0], _part(next(p for p in parts if isinstance(p, RichTable)))], path)
    else:
        _OTHERS[kind](path)
    return path.read_bytes()


def _part(table: RichTable) -> RichTable:
    """Some rows of a table alone: pages whose fonts a change made useless are read off their pictures, line by line."""
    cells = [replace(c, row=c.row - _ROWS.start) for c in table.cells if c.row in _ROWS]
    return RichTable(len(_ROWS), table.columns, tuple(cells))


def _as_text(path: Path) -> None:
    text = _SAMPLE.read_text(encoding="utf-8")[:2000]
    path.write_text(text, encoding="gb18030" if path.suffix == ".txt" else "utf-8")


def _as_picture(path: Path) -> None:
    picture = Image.new("L", (700, 700), 255)
    ImageDraw.Draw(picture).text((60, 60), "1,798.50", fill=0, font_size=30)
    picture.save(path)


_WRITERS: dict[str, Callable[..., None]] = {
    "docx": write_docx, "html": write_html, "xlsx": write_xlsx, "pdf": write_pdf,
}  # fmt: skip
_OTHERS: dict[str, Callable[[Path], None]] = {
    "txt": _as_text,
    "md": _as_text,
    "png": _as_picture,
    "xls": lambda path: as_xls(path, {"收支": (BUDGET, BUDGET_MERGES)}),
}


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


def main(kind: str, count: int, first: int) -> None:
    """Prints the outcomes."""
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(kind, range(first, first + count), Path(folder))
    print(kind, f"{first}–{first + count - 1}:", ", ".join(f"{n:,} {way}" for way, n in found.counts.most_common()))
    for number, reason in sorted(found.unsafe.items()):
        print(f"  {number}: {reason}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
