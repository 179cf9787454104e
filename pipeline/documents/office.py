"""Documents: formats that only an office program reads (old Word and WPS, RTF, OpenDocument), through LibreOffice."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.documents.canonical import Canonical
from pipeline.documents.docx import read_docx
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits

_SHARE = 0.9
"""Share of the time limit that the conversion may take, so that it is ended before its reader is."""


def read_by_office(path: Path, data: bytes, limits: Limits) -> Canonical:
    """The canonical text of a file that LibreOffice converts to DOCX, in a folder that is removed, without a network
    where the system allows that, and with a profile of its own.

    Raises:
        DocumentError: LibreOffice is not installed, takes too long, or cannot read the file.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise DocumentError(
            path,
            "is an old Word, WPS, RTF or OpenDocument file, which needs LibreOffice, and that is not installed",
            "install it (apt-get install libreoffice-writer), or save the file as DOCX or PDF",
        )
    with TemporaryDirectory(prefix="jixiao-") as made:
        folder = Path(made)
        source = folder / "report.doc"  # LibreOffice tells the format by content
        source.write_bytes(data)
        command = [
            *_without_network(), program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to", "docx", "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        _convert(path, command, folder, limits.seconds * _SHARE)
        result = folder / "out" / "report.docx"
        if not result.is_file() or result.stat().st_size > limits.expanded:
            raise DocumentError(path, "cannot be read by LibreOffice", "open it and save it as DOCX or PDF")
        return read_docx(path, result.read_bytes(), limits)


def _convert(path: Path, command: list[str], folder: Path, seconds: float) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 - the program is LibreOffice and every argument is ours
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as converting:
        try:
            converting.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise DocumentError(
                path, f"takes LibreOffice longer than {seconds:g} seconds", "save it as DOCX, or raise max_read_seconds"
            ) from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(converting.pid, signal.SIGKILL)


@cache
def _without_network() -> tuple[str, ...]:
    """What to put before a command so that it has no network; nothing where the system does not allow it."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    prefix = (program, "--map-root-user", "--net")
    allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False)  # noqa: S603 - as above
    return prefix if allowed.returncode == 0 else ()
