"""The keyring: API keys in a file that nobody but its owner can read."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

from pydantic import SecretStr

NAME = "keyring.toml"


class KeyringError(Exception):
    """A keyring that cannot be used: what, where, what to do."""


def default_path() -> Path:
    """Where the keyring lies if no other place is named: ``jixiao/keyring.toml`` in the user's folder of settings."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "jixiao" / NAME


def key_for(base_url: str, path: Path) -> SecretStr:
    """The key that a keyring holds for an endpoint, empty where it holds none or there is no such file.

    The file is TOML: ``[keys]``, then the endpoint's address and its key on each line.

    Raises:
        KeyringError: others can read the file, or it is no such TOML.
    """
    try:
        status = path.stat()
    except OSError:
        return SecretStr("")
    if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.getuid():
        raise KeyringError(f"{path} holds keys and others may read it: chmod 600 {path}")
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8")).get("keys", {})
        found = {str(url).rstrip("/"): key for url, key in keys.items()}.get(base_url.rstrip("/"), "")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError):
        raise KeyringError(
            f'{path} is not read: it must be TOML with a section [keys] of lines "address" = "key"'
        ) from None
    if not isinstance(found, str):
        raise KeyringError(f"{path}: the key for {base_url} must be a text in quotation marks")
    return SecretStr(found)
