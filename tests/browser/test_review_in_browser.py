"""The review page as a person uses it: by keyboard, in a window and on a phone, before and after reports are read again."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser_cases import WIDTHS, grave, small_targets, too_wide
from playwright.sync_api import Page, expect

from pipeline.store import Store
from tests.browser.conftest import Opened
from tests.conftest import ROOT

COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]


def jixiao(*arguments: str | Path) -> None:
    """Runs a command to its end."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr


@contextmanager
def reviewing(db: Path, *options: str) -> Iterator[str]:
    """`jixiao review` as a process of its own: the address that it prints."""
    with subprocess.Popen(  # noqa: S603
        [*COMMAND, "review", "--db", str(db), "--reviewer", "li", "--lang", "en", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), process.stderr and process.stderr.read()
            yield address
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, and a database that they were read into."""
    found = tmp_path_factory.mktemp("browser")
    (found / "reports").mkdir()
    for name in ("water-2022.txt", "agriculture-2021.txt"):
        shutil.copy(ROOT / "data" / "samples" / name, found / "reports")
    jixiao("run", found / "reports", "--db", found / "a.duckdb", "--extractor", "offline")
    return found


@pytest.fixture
def db(folder: Path, tmp_path: Path) -> Path:
    shutil.copy(folder / "a.duckdb", tmp_path / "a.duckdb")
    return tmp_path / "a.duckdb"


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def numbers(page: Page) -> tuple[int, int]:
    """How many records are open, of how many."""
    found = re.fullmatch(r"(\d+) of (\d+) open", page.locator("#count").inner_text())
    assert found
    return int(found[1]), int(found[2])


def test_three_records_are_reviewed_by_keyboard_and_the_decisions_outlive_a_new_reading(
    folder: Path, db: Path, open_page: Opened
) -> None:
    with reviewing(db) as address:
        page = open_page(address)
        assert "token" not in page.url
        open_before, every = numbers(page)
        assert open_before == every > 3

        first = heading(page)
        page.keyboard.press("j")
        expect(page.locator("h1")).not_to_have_text(first)
        page.keyboard.press("k")
        expect(page.locator("h1")).to_have_text(first)

        page.keyboard.press("a")
        expect(page.get_by_role("status")).to_contain_text("Accepted")
        expect(page.locator("#count")).to_have_text(f"{every - 1} of {every} open")
        page.keyboard.press("u")
        expect(page.locator("#count")).to_have_text(f"{every} of {every} open")
        expect(page.locator("h1")).to_contain_text(first.removeprefix("flagged").strip())
        page.keyboard.press("a")
        expect(page.locator("#count")).to_have_text(f"{every - 1} of {every} open")

        page.keyboard.press("r")
        expect(page.locator("#reject-reason")).to_be_focused()
        page.keyboard.type("just a heading")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Rejected")
        expect(page.locator("#count")).to_have_text(f"{every - 2} of {every} open")

        page.keyboard.press("c")
        expect(page.locator("fieldset.doubted input").first).to_be_focused()
        entered = page.locator("fieldset.doubted input").first.input_value()
        page.keyboard.press("End")
        page.keyboard.type("7")
        page.locator("#correct-reason").fill("misread")
        page.locator("#correct-reason").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("does not stand in the")
        expect(page.locator("fieldset.doubted input").first).to_have_value(f"{entered}7")
        page.locator("fieldset.doubted input").first.fill(entered)
        page.locator("[name='f.year']").fill("")
        page.locator("#correct-reason").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Corrected")
        assert numbers(page) == (every - 3, every)

    jixiao("run", folder / "reports", "--db", db, "--extractor", "offline", "--fresh")

    with reviewing(db) as address:
        page = open_page(address)
        assert numbers(page) == (every - 3, every)
        page.goto(f"{page.url.partition('/item')[0]}/?show=decided")
        badges = page.locator(".items .badge.decided").all_inner_texts()
        assert sorted(badges) == ["accepted", "corrected", "rejected"]
    with Store.open(db, read_only=True) as store:
        decided = store.query("SELECT decision, state, reviewer, reason FROM v_reviews ORDER BY reviewed_at").rows
    assert decided == (
        ("accept", "undone", "li", None),
        ("undo", "undo", "li", None),
        ("accept", "in force", "li", None),
        ("reject", "in force", "li", "just a heading"),
        ("correct", "in force", "li", "misread"),
    )


def test_the_figure_is_in_sight_and_the_record_in_focus_after_each_step(db: Path, open_page: Opened) -> None:
    with reviewing(db) as address:
        page = open_page(address)
        for _ in range(8):
            before = heading(page)
            expect(page.locator("#text mark.figure").first).to_be_in_viewport()
            number = page.locator(".step span").inner_text()
            page.keyboard.press("j")
            expect(page.locator(".step span")).not_to_have_text(number)
            expect(page.locator("#record")).to_be_focused()
            assert before


def test_typing_in_a_field_is_no_command(db: Path, open_page: Opened) -> None:
    with reviewing(db) as address:
        page = open_page(address)
        before = numbers(page)
        page.locator("#accept-reason").click()
        page.keyboard.type("juxakr")
        assert page.locator("#accept-reason").input_value() == "juxakr"
        page.keyboard.press("Escape")
        expect(page.locator("#accept-reason")).not_to_be_focused()
        assert numbers(page) == before


def test_two_windows_on_one_record_the_second_is_told(db: Path, open_page: Opened) -> None:
    with reviewing(db) as address:
        one, two = open_page(address), open_page(address)
        one.keyboard.press("a")
        expect(one.get_by_role("status")).to_contain_text("Accepted")
        two.locator("#reject-reason").fill("none")
        two.locator("#reject-reason").press("Enter")
        expect(two.get_by_role("alert")).to_contain_text("li decided about it meanwhile (accept)")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_window_and_everybody_can_use_it(db: Path, open_page: Opened, width: int) -> None:
    with reviewing(db) as address:
        page = open_page(address, width)
        for step in ("start", "correction", "decided"):
            if step == "correction":
                page.locator("#correct summary").click()
            elif step == "decided":
                page.locator("#reject-reason").fill("none")
                page.locator("#reject-reason").press("Enter")
                expect(page.get_by_role("status")).to_contain_text("Rejected")
            assert too_wide(page) == 0, step
            assert small_targets(page) == [], step
            assert grave(page) == [], step


def test_the_page_works_without_scripts(db: Path, browser: object, open_page: Opened) -> None:
    with reviewing(db) as address:
        context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
        page = context.new_page()
        page.goto(address)
        every = numbers(page)[1]
        page.locator("form[action$='/accept'] button").click()
        assert numbers(page) == (every - 1, every)
        context.close()


def test_nothing_is_loaded_from_elsewhere(db: Path, open_page: Opened) -> None:
    with reviewing(db) as address:
        page = open_page(address)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        page.keyboard.press("j")
        expect(page.locator(".step span")).to_contain_text("2 of")
        origin = page.url.partition("/item")[0]
        assert asked and all(url.startswith(origin) for url in asked)
