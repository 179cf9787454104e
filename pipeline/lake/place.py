"""The lake's place: a folder, or an address that fsspec knows. A file appears under its name complete or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.store import StoreError


class LakeError(StoreError):
    """The lake cannot be written or read; the sentence says why and what to do."""


class Place:
    """A lake's root.

    Args:
        root: a folder, or an address such as ``s3://bucket/lake``.

    Raises:
        LakeError: fsspec is not installed, or knows no such address.
    """

    def __init__(self, root: str) -> None:
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise LakeError("a lake needs fsspec: pip install 'jixiao[lake]'") from error
        try:
            fs, path = url_to_fs(root)
        except (ImportError, ValueError, OSError) as error:
            raise LakeError(
                f"{root} cannot be reached ({error}): name a folder, or an address that fsspec knows"
            ) from error
        self.root = root
        self._fs: Any = fs
        self._path = str(path).rstrip("/")
        self.is_local = "file" in ([fs.protocol] if isinstance(fs.protocol, str) else fs.protocol)

    @property
    def address(self) -> str:
        """The root as DuckDB names the files in it, and as a file may keep it."""
        if self.is_local:
            return str(Path(self._path).resolve())
        return str(self._fs.unstrip_protocol(self._path))

    def files(self, names: Iterable[str]) -> list[str]:
        """Files as DuckDB names them."""
        return [f"{self.address}/{name}" for name in names]

    def holds(self, name: str) -> bool:
        """Whether there is such a file."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(f"{self._path}/{name}"))

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        return bytes(self._fs.cat_file(f"{self._path}/{name}"))

    def write(self, name: str, data: bytes) -> None:
        """Writes a file.

        Raises:
            LakeError: it cannot be written.
        """
        with self._told(name):
            self._make_folder(name)
            if self.is_local:
                draft = Path(f"{self._path}/{name}.{secrets.token_hex(4)}.part")
                draft.write_bytes(data)
                draft.replace(f"{self._path}/{name}")
            else:
                self._fs.pipe_file(f"{self._path}/{name}", data)

    def put(self, source: Path, name: str) -> None:
        """Copies a file of this machine into the lake.

        Raises:
            LakeError: it cannot be written.
        """
        with self._told(name):
            self._make_folder(name)
            if self.is_local:
                draft = f"{self._path}/{name}.{secrets.token_hex(4)}.part"
                self._fs.put_file(str(source), draft)
                Path(draft).replace(f"{self._path}/{name}")
            else:
                self._fs.put_file(str(source), f"{self._path}/{name}")

    def list(self, folder: str = "") -> list[str]:
        """The names of all files at or below a folder."""
        below = f"{self._path}/{folder}" if folder else self._path
        if not self._fs.exists(below):
            return []
        self._fs.invalidate_cache()
        return sorted(str(found)[len(self._path) + 1 :] for found in self._fs.find(below))

    def remove(self, names: Iterable[str]) -> None:
        """Removes files; one that is gone already is no fault."""
        for name in names:
            try:
                self._fs.rm_file(f"{self._path}/{name}")
            except FileNotFoundError:
                continue

    def _make_folder(self, name: str) -> None:
        self._fs.makedirs(f"{self._path}/{name}".rpartition("/")[0], exist_ok=True)

    def _told(self, name: str) -> _Told:
        return _Told(self.root, name)


class _Told:
    """Tells what could not be written in a sentence."""

    def __init__(self, root: str, name: str) -> None:
        self._what = f"{root}/{name}"

    def __enter__(self) -> None:
        """Nothing is told yet."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, OSError):
            raise LakeError(
                f"{self._what} cannot be written ({error.strerror or error}): name another place"
            ) from error
