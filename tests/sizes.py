"""``python -m tests.sizes FOLDER``: what ``pip install jixiao`` without extras fetches and unpacks, package by package.

The wheels are built and fetched into the folder, at the versions of constraints.txt.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import ROOT

MOST_FETCHED = 150_000_000
"""Bytes of wheels: issue 7's bound."""
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package's wheel: its bytes, and those of its files when unpacked."""

    package: str
    fetched: int
    unpacked: int


def wheels(folder: Path) -> list[Wheel]:
    """The wheels of jixiao and of all that it needs without extras, the largest first."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--disable-pip-version-check",
        "--wheel-dir",
        str(folder),
    ]
    subprocess.run([*command, "-c", str(ROOT / "constraints.txt"), str(ROOT)], check=True)  # noqa: S603 - this very Python
    return sorted(map(_wheel, folder.glob("*.whl")), key=lambda w: -w.unpacked)


def _wheel(path: Path) -> Wheel:
    with ZipFile(path) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    return Wheel(path.name.split("-")[0], path.stat().st_size, unpacked)


def show(found: Iterable[Wheel]) -> None:
    """Prints a line a package, and the sums."""
    total = Wheel("all", 0, 0)
    print(f"{'MB fetched':>10} {'unpacked':>8}")
    for wheel in found:
        total = Wheel("all", total.fetched + wheel.fetched, total.unpacked + wheel.unpacked)
        print(f"{wheel.fetched / _MB:10.1f} {wheel.unpacked / _MB:8.1f}  {wheel.package}")
    print(f"{total.fetched / _MB:10.1f} {total.unpacked / _MB:8.1f}  {total.package}")


if __name__ == "__main__":
    show(wheels(Path(sys.argv[1])))
