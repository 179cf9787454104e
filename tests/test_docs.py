"""What the pages show is what the commands print."""

from __future__ import annotations

import re

import pytest

from tests import cli_reference
from tests.doc_blocks import ROOT, Step, files, run, steps

PAGES = sorted(p.relative_to(ROOT).as_posix() for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
STEPS = [
    pytest.param(step, id=f"{page}: {step.command[:60]}")
    for page in PAGES
    for step in steps((ROOT / page).read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("step", STEPS)
def test_a_page_shows_what_its_commands_print(step: Step) -> None:
    assert run(step.command) == step.output


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", text)
    missing = [t for t in targets if not ((ROOT / page).parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_files_as_they_are(page: str) -> None:
    shown = list(files((ROOT / page).read_text(encoding="utf-8")))
    assert shown == [(path, (ROOT / path).read_text(encoding="utf-8")) for path, _ in shown]


def test_the_cookbook_answers_twenty_questions_each_with_its_sql() -> None:
    page = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    asked = re.findall(r"^### (\d+)\. (.+)$", page, re.MULTILINE)
    assert [int(number) for number, _ in asked] == list(range(1, 21))
    assert [f"-- {question}" for _, question in asked] == [text.splitlines()[0] for _, text in files(page)]
    assert [path for path, _ in files(page)] == [
        s.command.rpartition(" ")[2] for s in steps(page) if "--file" in s.command
    ]


def test_the_reference_of_the_commands_is_up_to_date() -> None:
    page = cli_reference.PAGE.read_text(encoding="utf-8")
    assert page == cli_reference.page(), "docs/cli.md is stale: python -m tests.cli_reference"


def test_every_command_and_option_is_explained() -> None:
    for name, command in cli_reference.commands():
        assert command.help, name
        assert [p.name for p in cli_reference.parameters(command) if not p.help] == [], name
