"""The vocabulary's files (schemas/vocabulary/*.toml), and the file of an analyst's own that adds to them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

FILES = ("checks", "columns", "headings", "labels", "measures", "orders", "routing", "units")
_OPEN = {("units", "money")}
"""Tables that may gain keys; all others hold the keys that the program asks for."""


class WordsError(Exception):
    """A file of own words that cannot be used: which, where in it, what to do."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a file adds to the vocabulary: per shipped file a table of the same shape. ``sha256`` is of its bytes."""

    path: Path
    sha256: str
    added: dict[str, dict[str, Any]]


class _InUse:
    """What this process reads with: one vocabulary from its first word to its last."""

    own: OwnWords | None = None
    read = False


def read_own_words(path: Path) -> OwnWords:
    """A file of own words, every entry checked against the shipped vocabulary.

    Raises:
        WordsError: the file is missing or no TOML, has a table that the vocabulary has not, or an entry of another
            sort, or a pattern that is none.
    """
    try:
        raw = path.read_bytes()
        data = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise WordsError(f"vocabulary {path}: {error.strerror}; name a file that can be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordsError(f"vocabulary {path} is not valid TOML ({error}): mend it") from error
    for name, added in data.items():
        if name not in FILES:
            raise WordsError(
                f"vocabulary {path}: [{name}] is no part of the vocabulary; its parts are {', '.join(FILES)}"
            )
        _check(path, (name,), _shipped(name), added)
    return OwnWords(path, hashlib.sha256(raw).hexdigest(), data)


def use_own_words(own: OwnWords | None) -> None:
    """Reads all vocabulary of this process with a file's words added.

    Raises:
        RuntimeError: another vocabulary is in use already; what was compiled from it would go on being used.
    """
    if _InUse.read and (own and own.sha256) != (_InUse.own and _InUse.own.sha256):
        raise RuntimeError("the vocabulary is in use already: choose it before anything is read")
    _InUse.own = own


def own_words() -> OwnWords | None:
    """The words of one's own that this process reads with, None where it reads with the shipped ones alone."""
    return _InUse.own


def is_as_shipped(name: str) -> bool:
    """Whether a file of one's own adds nothing to this file of the vocabulary."""
    return not (_InUse.own and name in _InUse.own.added)


def load_vocabulary(name: str) -> dict[str, Any]:
    """A file of the vocabulary as a dictionary, with the words of one's own in front of the shipped ones."""
    _InUse.read = True
    own = _InUse.own.added.get(name, {}) if _InUse.own else {}
    return _merged(_shipped(name), own) if own else _shipped(name)


@cache
def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(files("schemas").joinpath("vocabulary", f"{name}.toml").read_text(encoding="utf-8"))


def _merged(shipped: Any, own: Any) -> Any:
    """Tables are merged, a list's entries stand in front of the shipped ones, any other value replaces the shipped one."""
    if isinstance(shipped, dict):
        return {**shipped, **{key: _merged(shipped.get(key), value) for key, value in own.items()}}
    return own + shipped if isinstance(shipped, list) else own


def _check(path: Path, keys: tuple[str, ...], shipped: Any, own: Any) -> None:
    place = f"vocabulary {path}: {'.'.join(keys)}"
    if type(own) is not type(shipped):
        raise WordsError(f"{place} must be {_sort(shipped)}, as in schemas/vocabulary/{keys[0]}.toml")
    if isinstance(own, dict):
        for key, value in own.items():
            if key not in shipped and keys not in _OPEN:
                raise WordsError(f"{place} has no {key}; what it has is {', '.join(shipped)}")
            _check(path, (*keys, key), shipped.get(key, next(iter(shipped.values()))), value)
    elif isinstance(own, list):
        for entry in own:
            like = shipped[0] if shipped else ""
            if isinstance(entry, dict) and isinstance(like, dict):
                _check_entry(path, keys, shipped, entry)
            else:
                _check(path, keys, like, entry)
    elif isinstance(own, str) and keys[0] != "units":
        try:
            re.compile(own)
        except re.error as error:
            raise WordsError(
                f"{place}: {own} is no pattern ({error}); put \\ before a sign that means itself"
            ) from error


def _check_entry(path: Path, keys: tuple[str, ...], shipped: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """A table of a list of tables has the keys of one of the shipped ones."""
    like = next((known for known in shipped if known.keys() == entry.keys()), None)
    if like is None:
        raise WordsError(f"vocabulary {path}: an entry of {'.'.join(keys)} needs {', '.join(shipped[0])}")
    for key, value in entry.items():
        _check(path, (*keys, key), like[key], value)


def _sort(value: Any) -> str:
    names = {dict: "a table", list: "a list", str: "a text in quotes", int: "a whole number", bool: "true or false"}
    return names[type(value)]
