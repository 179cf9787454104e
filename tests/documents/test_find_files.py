"""Paths to files: folders walked in order, each file once, nothing hidden, no circle, every wrong path named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.documents import DocumentError, find_files, other_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files at three depths."""
    for name in (
        "b.txt",
        "a.txt",
        "C.TXT",
        "notes.log",
        ".hidden.txt",
        "~$d.docx",
        "sub/d.txt",
        "sub/deep/e.txt",
        ".git/f.txt",
    ):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path / "in"


def found(folder: Path, *names: str) -> list[str]:
    """What is found, as paths below the folder."""
    return [
        str(f) if isinstance(f, DocumentError) else f.relative_to(folder).as_posix()
        for f in find_files([folder / n for n in names])
    ]


def test_a_folder_is_walked_in_sorted_order_and_gives_its_text_files(folder: Path) -> None:
    assert found(folder, ".") == ["C.TXT", "a.txt", "b.txt", "sub/d.txt", "sub/deep/e.txt"]


def test_a_named_file_is_taken_whatever_it_is_called(folder: Path) -> None:
    assert found(folder, "notes.log", ".hidden.txt") == ["notes.log", ".hidden.txt"]


def test_a_file_that_several_paths_name_is_taken_once(folder: Path) -> None:
    (folder / "link.txt").symlink_to("a.txt")
    assert found(folder, "b.txt", "sub", ".", "sub/../b.txt", "sub") == [
        "b.txt", "sub/d.txt", "sub/deep/e.txt", "C.TXT", "a.txt",
    ]  # fmt: skip


def test_links_to_folders_are_not_followed_so_that_a_circle_ends(folder: Path) -> None:
    (folder / "sub" / "back").symlink_to(folder, target_is_directory=True)
    assert found(folder, ".") == ["C.TXT", "a.txt", "b.txt", "sub/d.txt", "sub/deep/e.txt"]


def test_a_link_that_leads_to_itself_costs_no_other_file(folder: Path) -> None:
    (folder / "aa.txt").symlink_to("aa.txt")
    assert found(folder, ".") == ["C.TXT", "a.txt", "aa.txt", "b.txt", "sub/d.txt", "sub/deep/e.txt"]
    assert found(folder, "aa.txt") == [
        f"{folder / 'aa.txt'}: cannot be read (Too many levels of symbolic links); check the path"
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone", "no such file or folder"),
        ("a.txt/below", "no such file or folder"),
        ("nul\0.txt", "no such file or folder"),
        ("x" * 300, "cannot be read (File name too long)"),
    ],
)
def test_a_wrong_path_stands_in_the_list_as_its_error(folder: Path, name: str, reason: str) -> None:
    assert found(folder, "a.txt", name, "b.txt") == ["a.txt", f"{folder / name}: {reason}; check the path", "b.txt"]


def test_a_folder_that_cannot_be_entered_is_named_and_the_rest_is_walked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def refusing(path: Any) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert found(folder, ".") == [
        "C.TXT", "a.txt", "b.txt",
        f"{folder / 'sub'}: cannot enter the folder (Permission denied); check its permissions",
    ]  # fmt: skip


def test_what_is_not_picked_up_is_counted(folder: Path) -> None:
    for name in ("a.zip", "sub/b.ZIP", "README", ".cache", "~$d.docx"):
        (folder / name).write_bytes(b"")
    assert other_files([folder, folder / "a.txt"]) == {".log": 1, ".zip": 2, "no suffix": 1}


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert find_files([tmp_path]) == []
    assert find_files([]) == []
