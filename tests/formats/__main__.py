"""``python -m tests.formats FOLDER [REPEAT]``: writes the samples in every format, for ``jixiao bench read FOLDER``.

Each sample's parts are repeated so often, so that a file is as long as real ones can be, and one is made into a PDF of more
than 300 pages. Scans are written once: their pages take seconds each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT
from tests.formats.model import rich
from tests.formats.to_docx import write_docx
from tests.formats.to_html import write_html
from tests.formats.to_pdf import write_pdf
from tests.formats.to_scan import write_scan
from tests.formats.to_xls import write_xls
from tests.formats.to_xlsx import write_xlsx

WRITERS: dict[str, Callable[..., None]] = {
    "html": write_html, "docx": write_docx, "xlsx": write_xlsx, "xls": write_xls, "pdf": write_pdf,
}  # fmt: skip
LONG, TIMES = "health-2022", 80
"""The sample that a PDF of more than 300 pages is made of, and how often it is repeated."""


def main(folder: Path, repeat: int) -> None:
    """Writes the files; scans and the long PDF into folders of their own."""
    for below in ("scans", "long"):
        (folder / below).mkdir(parents=True, exist_ok=True)
    write_pdf(rich(ROOT / "data" / "samples" / f"{LONG}.txt") * TIMES, folder / "long" / f"{LONG}.pdf")
    for source in sorted((ROOT / "data" / "samples").glob("*.txt")):
        (folder / source.name).write_text(source.read_text(encoding="utf-8") * repeat, encoding="utf-8")
        for suffix, write in WRITERS.items():
            write(rich(source) * repeat, folder / f"{source.stem}.{suffix}")
        write_scan(rich(source), folder / "scans" / f"{source.stem}.pdf")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
