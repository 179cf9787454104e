"""Benchmarks: the checks over documents of more and more records."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.bench.large_documents import large
from pipeline.checking import check


@dataclass(frozen=True, slots=True)
class Checked:
    """A document's records, what was found, and the seconds of processor time that its checks took."""

    records: int
    findings: int
    seconds: float


def run(sizes: Sequence[int]) -> Iterator[Checked]:
    """Checks one document of each number of records."""
    for size in sizes:
        document, layout, records = large(size)
        begun = time.process_time()
        findings = check(document, layout, records)
        yield Checked(len(records), len(findings), time.process_time() - begun)
