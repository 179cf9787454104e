"""The report page as a browser shows it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser_cases import WIDTHS, grave, too_wide

from pipeline.report import Chosen, Language, gather, render
from pipeline.store import Store
from tests.browser.conftest import Opened
from tests.conftest import ROOT
from tests.database_cases import fill


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report on the samples in each language."""
    folder = tmp_path_factory.mktemp("report")
    for path in (ROOT / "data" / "samples").glob("*.txt"):
        shutil.copy(path, folder)
    with Store.open(fill(folder, folder / "a.duckdb")[1], read_only=True) as store:
        contents = gather(store, Chosen())
    for language in Language:
        (folder / f"{language}.html").write_text(render(contents, language), encoding="utf-8")
    return {str(language): folder / f"{language}.html" for language in Language}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_fits_its_window_and_everybody_can_read_it(
    pages: dict[str, Path], open_page: Opened, language: str, width: int
) -> None:
    page = open_page(pages[language], width)
    assert page.locator("main section").count() > 5
    assert page.locator("mark").first.is_visible()
    assert page.locator("svg").first.is_visible()
    assert too_wide(page) == 0
    assert grave(page) == []


def test_the_report_runs_nothing(pages: dict[str, Path], open_page: Opened) -> None:
    page = open_page(pages["zh"])
    assert page.locator("script").count() == 0
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
