"""Documents: the files that a list of paths names, folders walked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.documents.errors import DocumentError

SUFFIXES = frozenset({".txt"})
"""What a walk of folders picks up; a file named on the command line is read whatever its suffix."""


def find_files(paths: Iterable[Path]) -> list[Path | DocumentError]:
    """The files to read, folders walked in sorted order without following links, each file once.

    A path that does not exist or cannot be entered stands in the list as its error, so that it is reported and the
    others are read.
    """
    found: list[Path | DocumentError] = []
    seen: set[Path] = set()
    for path in paths:
        for candidate in _files_below(path):
            if isinstance(candidate, DocumentError):
                found.append(candidate)
                continue
            resolved = candidate.resolve()
            if resolved not in seen:
                seen.add(resolved)
                found.append(candidate)
    return found


def _files_below(path: Path) -> Iterator[Path | DocumentError]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        yield DocumentError(path, "no such file or folder", "check the path")
        return
    errors: list[OSError] = []
    for folder, subfolders, names in os.walk(path, onerror=errors.append, followlinks=False):
        subfolders[:] = sorted(s for s in subfolders if not s.startswith("."))
        for name in sorted(names):
            candidate = Path(folder, name)
            if candidate.suffix.lower() in SUFFIXES and not name.startswith("."):
                yield candidate
    for error in errors:
        yield DocumentError(
            Path(error.filename or path), f"cannot enter the folder ({error.strerror})", "check its permissions"
        )
