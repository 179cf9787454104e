"""The samples as the files that departments publish are read as well as their text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from eval.gold import GoldDocument, load_gold
from tests.conftest import ROOT
from tests.formats.model import RichTable, rich
from tests.formats.score import micro_f1, score
from tests.formats.to_docx import write_docx
from tests.formats.to_html import write_html
from tests.formats.to_pdf import write_pdf
from tests.formats.to_scan import write_scan
from tests.formats.to_xls import write_xls
from tests.formats.to_xlsx import write_xlsx

GOLD = sorted((ROOT / "data" / "gold").glob("*.json"))
WRITERS = {"docx": write_docx, "html": write_html, "xlsx": write_xlsx, "xls": write_xls, "pdf": write_pdf}


@pytest.fixture(scope="module", params=GOLD, ids=[path.stem for path in GOLD])
def sample(request: pytest.FixtureRequest) -> tuple[GoldDocument, list[str | RichTable], Fraction]:
    gold = load_gold(request.param, ROOT / "data" / "samples")
    return gold, rich(gold.report_path), micro_f1(score(gold, gold.report_path))


@pytest.mark.parametrize("suffix", WRITERS)
def test_each_format_is_read_as_well_as_the_text(
    sample: tuple[GoldDocument, list[str | RichTable], Fraction], suffix: str, tmp_path: Path
) -> None:
    gold, parts, as_text = sample
    path = tmp_path / f"{gold.name}.{suffix}"
    write: Callable[[Sequence[str | RichTable], Path], None] = WRITERS[suffix]
    write(parts, path)
    assert micro_f1(score(gold, path)) >= as_text


SHORTEST = "health-2022"
WITHIN = Fraction(1, 10)
"""What a scan may lose: issue 7's bound."""


@pytest.mark.parametrize(
    "name",
    [n if n == SHORTEST else pytest.param(n, marks=pytest.mark.slow) for n in (path.stem for path in GOLD)],
)
def test_a_scan_is_read_nearly_as_well_as_the_text(name: str, tmp_path: Path) -> None:
    gold = load_gold(ROOT / "data" / "gold" / f"{name}.json", ROOT / "data" / "samples")
    path = tmp_path / f"{name}.pdf"
    write_scan(rich(gold.report_path), path)
    assert micro_f1(score(gold, path)) >= micro_f1(score(gold, gold.report_path)) - WITHIN
