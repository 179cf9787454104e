"""Benchmarks: how fast files are read, by their format, in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents import DocumentError, find_files

_MEASURED = """
import json, resource, sys, time
from pathlib import Path
from pipeline.documents import read_document
begun, processor = time.perf_counter(), time.process_time()
read = [read_document(Path(p)) for p in sys.argv[1:]]
seconds, processor = time.perf_counter() - begun, time.process_time() - processor
status = Path("/proc/self/status")  # Linux counts the memory of the process that started this one into ru_maxrss
peak = next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) if status.exists() else (
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(json.dumps([sum(len(d.pages) for d in read), sum(len(t.cells) for d in read for t in d.tables),
    sum(len(d.text) for d in read), seconds, processor, peak // 1024]))
"""


@dataclass(frozen=True, slots=True)
class Read:
    """What reading the files of one suffix took: seconds by the clock and of the processor, and the largest memory of the
    process in MB."""

    suffix: str
    files: int
    pages: int
    cells: int
    characters: int
    seconds: float
    processor: float
    memory: int


def run(paths: Sequence[Path]) -> Iterator[Read]:
    """Reads the files of each suffix in a process of their own, without the layout.

    Raises:
        DocumentError: a file cannot be read.
        ValueError: there are none.
    """
    by_suffix: defaultdict[str, list[Path]] = defaultdict(list)
    for found in find_files(paths):
        if isinstance(found, DocumentError):
            raise found
        by_suffix[found.suffix.lower().lstrip(".")].append(found)
    if not by_suffix:
        raise ValueError("no files to read: name files, or folders of them")
    for suffix, files in sorted(by_suffix.items()):
        done = subprocess.run(  # noqa: S603 - this very Python and a program of ours
            [sys.executable, "-c", _MEASURED, *map(str, files)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ValueError((done.stderr.strip().splitlines() or ["the reader gave no answer"])[-1])
        yield Read(suffix, len(files), *json.loads(done.stdout))
