"""Review: the page's own files, each under a name that holds the hash of its content; no other file is ever served."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath

_FILES = {"htmx": "htmx-2.0.11.min.js", "script": "review.js", "style": "review.css", "icon": "icon.svg"}
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page in memory: the name that it is served under, its type and its bytes."""

    name: str
    media_type: str
    content: bytes


def load_assets() -> dict[str, Asset]:
    """The page's files by what they are for."""
    folder = files("pipeline.review").joinpath("assets")
    return {purpose: _asset(name, folder.joinpath(name).read_bytes()) for purpose, name in _FILES.items()}


def _asset(name: str, content: bytes) -> Asset:
    path = PurePosixPath(name)
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Asset(f"{path.stem}-{digest}{path.suffix}", _TYPES[path.suffix], content)
