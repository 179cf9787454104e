"""The store's end of the way: one voice for what goes wrong with a database file, always with the remedy."""

from __future__ import annotations

import re
from pathlib import Path

OUT_OF_MEMORY = "there is too little memory for it: raise JIXIAO_STORE_MEMORY, or split the document"


class StoreError(Exception):
    """A database cannot be opened, written or asked; the message names what, where and what to do."""


def cannot_open(path: Path, cause: Exception) -> StoreError:
    """The error for a file that DuckDB refuses to open."""
    text = str(cause)
    if "lock" in text.lower():
        found = re.search(r"PID (\d+)", text)
        holder = f"another process (PID {found[1]})" if found else "another process"
        return StoreError(f"{path} is in use by {holder}: wait for it to end or close it, then try again.")
    if "different configuration" in text:
        return StoreError(f"{path} is already open in this process in another mode: close that Store first.")
    return StoreError(
        f"{path} cannot be opened as a DuckDB file ({first_line(cause)}): check the path, or name a new file."
    )


def first_line(cause: BaseException) -> str:
    """The first line of an error's text, without DuckDB's class prefix."""
    lines = str(cause).strip().splitlines()
    return re.sub(r"^(\w+ )*Error: ", "", lines[0]) if lines else type(cause).__name__
