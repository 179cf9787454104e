"""``python -m tests.formats FOLDER [REPEAT]``: writes the samples in every format and measures how fast each is read.

Each sample's parts are repeated so often, so that a file is as long as real ones can be. Printed are, per format, the
files, their pages and table cells, seconds of processor time to read them in a process of their own, and that process's
largest memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT
from tests.formats.model import rich
from tests.formats.to_docx import write_docx
from tests.formats.to_html import write_html
from tests.formats.to_pdf import write_pdf
from tests.formats.to_xlsx import write_xlsx

WRITERS: dict[str, Callable[..., None]] = {"html": write_html, "docx": write_docx, "xlsx": write_xlsx, "pdf": write_pdf}
_MEASURED = """
import json, resource, sys, time
from pathlib import Path
from pipeline.documents import read_document
begun = time.process_time()
read = [read_document(Path(p)) for p in sys.argv[1:]]
seconds = time.process_time() - begun
print(json.dumps([sum(len(d.pages) for d in read), sum(len(t.cells) for d in read for t in d.tables),
    sum(len(d.text) for d in read), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
"""


def main(folder: Path, repeat: int) -> None:
    """Writes and measures."""
    folder.mkdir(parents=True, exist_ok=True)
    print("format  files   pages   cells  characters  seconds  memory")
    for suffix, write in WRITERS.items():
        paths = []
        for source in sorted((ROOT / "data" / "samples").glob("*.txt")):
            paths.append(folder / f"{source.stem}.{suffix}")
            write(rich(source) * repeat, paths[-1])
        done = subprocess.run(  # noqa: S603 - this very Python
            [sys.executable, "-c", _MEASURED, *map(str, paths)], capture_output=True, text=True, check=True
        )
        pages, cells, characters, seconds, memory = json.loads(done.stdout)
        print(f"{suffix:6} {len(paths):6} {pages:7} {cells:7} {characters:11} {seconds:8.2f} {memory:4} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
