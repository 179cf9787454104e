"""Benchmarks: any number of reports made of a few, each of a place of its own and with figures of its own."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

_PLACE = re.compile(r"[\u4e00-\u9fff]{2}(?=[省市州县区][\u4e00-\u9fff]{1,8}局)")
_FIGURE = re.compile(r"\d+\.\d+(?=万元)")
_SYLLABLES = "安北昌川东丰高光海和河恒湖华江金康凌龙明南宁平青清泉荣山石松泰天文武西新兴阳永云长中"
ALTERED = 2
"""Amounts that are altered in each report: few, so that what the checks find stays like it is in the reports."""


def make_reports(samples: list[Path], folder: Path, count: int, seed: int = 1) -> Iterator[Path]:
    """Writes reports into a folder; the same for the same seed.

    Each is a copy of a sample in turn under a new name, with another place for the one that names its department, and
    the first digit of some amounts altered.

    Raises:
        ValueError: there is no sample.
    """
    if not samples:
        raise ValueError("there is no report to copy: name a folder of them")
    texts = [path.read_text(encoding="utf-8") for path in samples]
    chance = random.Random(seed)
    for number in range(count):
        path = folder / f"{samples[number % len(samples)].stem}-{number:06d}.txt"
        path.write_text(_altered(texts[number % len(texts)], number, chance), encoding="utf-8")
        yield path


def _altered(text: str, number: int, chance: random.Random) -> str:
    found = _PLACE.search(text)
    if found:
        text = text.replace(found[0], _place(number))
    figures = list(_FIGURE.finditer(text))
    for figure in chance.sample(figures, min(ALTERED, len(figures))):
        digit = str(chance.randrange(1, 10))
        text = f"{text[: figure.start()]}{digit}{text[figure.start() + 1 :]}"
    return f"{text}\n编号：{number}\n"


def _place(number: int) -> str:
    """A name of a place for a number; two syllables each up to two thousand, then three and more."""
    name = ""
    while number or len(name) < 2:
        number, syllable = divmod(number, len(_SYLLABLES))
        name += _SYLLABLES[syllable]
    return name
