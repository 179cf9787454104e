"""``python -m tests.formats.sureness FOLDER [SCANNER…]``: how sure the engine is of figures that it reads rightly and wrongly.

The samples are scanned by several scanners, read, and each figure is compared with the one that stands at its place in the
printed PDF. From the table that this prints ``min_ocr_confidence`` is chosen (docs/documents.md).
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from pipeline.documents import DocumentReader
from pipeline.documents.ocr import SURE
from pipeline.flow import Document
from pipeline.numerals import Numeral, find_numerals
from schemas.values import Span
from tests.conftest import ROOT
from tests.formats.model import rich
from tests.formats.to_pdf import write_pdf
from tests.formats.to_scan import OFFICE, Scanner, pictures, save_scan

SCANNERS = {
    "office": OFFICE,
    "150 dpi": Scanner(resolution=150, grain=8),
    "100 dpi": Scanner(resolution=100, grain=8),
    "grainy": Scanner(grain=30, quality=60),
    "JPEG 15": Scanner(quality=15),
    "askew": Scanner(askew=-1.7, grain=10),
    "75 dpi": Scanner(resolution=75, grain=12, quality=60),
    "all of it": Scanner(resolution=100, askew=1.2, grain=35, quality=25),
}
BOUNDS = (500, 600, 700, 800, 850, 900, 950, 980, 990)


@dataclass(frozen=True, slots=True)
class Figures:
    """The confidence, in thousandths, of the figures of a scan that are what is printed and of the others, and how many
    printed ones stand nowhere in what was read."""

    right: tuple[int, ...]
    wrong: tuple[int, ...]
    missing: int


def figures(scan: Document, printed: Document) -> Figures:
    """The figures of a scan, each compared with what the printed document has at its place."""
    assert scan.ocr is not None
    truth = list(find_numerals(printed.text))
    place = _places(scan.text, printed.text)
    right, wrong = [], []
    met: set[int] = set()
    for figure in find_numerals(scan.text):
        sure = scan.ocr.confidence(Span(figure.start, figure.stop))
        assert sure is not None
        there = _overlapping(truth, place[figure.start], place[figure.stop])
        met.update(there)
        same = len(there) == 1 and _equal(truth[there[0]], figure)
        (right if same else wrong).append(sure)
    return Figures(tuple(right), tuple(wrong), len(truth) - len(met))


def _equal(one: Numeral, other: Numeral) -> bool:
    return (one.value, one.decimals) == (other.value, other.decimals)


def _overlapping(truth: list[Numeral], start: int, stop: int) -> range:
    first = bisect_right(truth, start, key=lambda n: n.stop)
    return range(first, max(first, bisect_left(truth, stop, key=lambda n: n.start)))


def _places(text: str, other: str) -> list[int]:
    """The place in the other text of each place of the text, by the shortest way to make one of the other."""
    places = [0] * (len(text) + 1)
    for _, start, stop, there, beyond in Levenshtein.opcodes(text, other):
        for place in range(start, stop):
            places[place] = min(there + place - start, beyond)
    places[-1] = len(other)
    return places


def main(folder: Path, names: list[str]) -> None:
    """Scans, reads and compares; prints a table of each scanner."""
    with DocumentReader() as reader:
        for name in names or SCANNERS:
            found = [
                _measured(source, name, folder, reader) for source in sorted((ROOT / "data/samples").glob("*.txt"))
            ]
            show(name, found)


def _measured(source: Path, name: str, folder: Path, reader: DocumentReader) -> Figures:
    printed, scan = folder / f"{source.stem}.pdf", folder / name / source.with_suffix(".pdf").name
    scan.parent.mkdir(parents=True, exist_ok=True)
    write_pdf(rich(source), printed)
    save_scan(pictures(printed, SCANNERS[name]), scan, SCANNERS[name])
    return figures(reader.read(scan), reader.read(printed))


def show(name: str, found: list[Figures]) -> None:
    """Prints how many figures lie below each bound."""
    right, wrong = ([c for f in found for c in group(f)] for group in (lambda f: f.right, lambda f: f.wrong))
    print(f"{name}: {len(right)} right, {len(wrong)} wrong, {sum(f.missing for f in found)} missing")
    for bound in BOUNDS:
        below = [sum(c < bound for c in group) for group in (right, wrong)]
        print(f"  below {bound / SURE:.2f}: {below[0]} right, {below[1]} wrong")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
