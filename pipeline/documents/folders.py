"""Documents: the files that a list of paths names, folders walked."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.documents.errors import DocumentError

SUFFIXES = frozenset(
    {
        ".txt",
        ".html",
        ".htm",
        ".mht",
        ".mhtml",
        ".docx",
        ".xlsx",
        ".xlsm",
        ".xls",
        ".et",
        ".pdf",
        ".md",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
        ".tif",
        ".tiff",
    }
)
"""What a walk of folders picks up; a file named on the command line is read whatever its suffix."""


_NOT_REPORTS = (".", "~$")
"""Hidden files, and those by which office programs mark a file as open."""


def find_files(paths: Iterable[Path]) -> list[Path | DocumentError]:
    """The files to read, folders walked in sorted order without following links, each file once.

    A path that does not exist or cannot be entered stands in the list as its error, so that it is reported and the
    others are read.
    """
    found: list[Path | DocumentError] = []
    seen: set[str] = set()
    for path in paths:
        for candidate in _files_below(path):
            if isinstance(candidate, DocumentError):
                found.append(candidate)
                continue
            resolved = os.path.realpath(candidate)  # Path.resolve raises where links go in a circle
            if resolved not in seen:
                seen.add(resolved)
                found.append(candidate)
    return found


def other_files(paths: Iterable[Path]) -> Counter[str]:
    """How many files of each suffix stand in the folders of some paths and are not picked up, hidden ones aside."""
    found: Counter[str] = Counter()
    for path in paths:
        for folder, subfolders, names in os.walk(path, followlinks=False):
            subfolders[:] = [s for s in subfolders if not s.startswith(".")]
            suffixes = (Path(folder, name).suffix.lower() for name in names if not name.startswith(_NOT_REPORTS))
            found.update(s or "no suffix" for s in suffixes if s not in SUFFIXES)
    return found


def _files_below(path: Path) -> Iterator[Path | DocumentError]:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        yield DocumentError(path, "no such file or folder", "check the path")
        return
    except OSError as fault:
        yield DocumentError(path, f"cannot be read ({fault.strerror})", "check the path")
        return
    if not stat.S_ISDIR(mode):
        yield path
        return
    errors: list[OSError] = []
    for folder, subfolders, names in os.walk(path, onerror=errors.append, followlinks=False):
        subfolders[:] = sorted(s for s in subfolders if not s.startswith("."))
        for name in sorted(names):
            candidate = Path(folder, name)
            if candidate.suffix.lower() in SUFFIXES and not name.startswith(_NOT_REPORTS):
                yield candidate
    for error in errors:
        yield DocumentError(
            Path(error.filename or path), f"cannot enter the folder ({error.strerror})", "check its permissions"
        )
