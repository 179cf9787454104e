"""Benchmarks: what sampled stacks (py-spy's raw format) say of the offline run: time by the function that runs, and by all that
called it. ``python -m eval.bench.stacks FILE``."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

OURS = ("pipeline/", "schemas/", "prompts/")
SHOWN = 20
_LINE = re.compile(r":\d+\)$")


@dataclass(frozen=True, slots=True)
class Shares:
    """Samples below a module of ours, and of them those of each function: that ran itself, or that was under way."""

    samples: int
    running: Counter[str]
    under_way: Counter[str]


def shares(lines: Iterable[str]) -> Shares:
    """The shares of stacks, one a line: frames from the outermost to the innermost by semicolons, a space, a count."""
    samples, running, under_way = 0, Counter[str](), Counter[str]()
    for line in lines:
        stack, _, count = line.strip().rpartition(" ")
        frames = [_LINE.sub(")", frame) for frame in stack.split(";")]
        first = next((n for n, frame in enumerate(frames) if "bench/offline.py" in frame), None)
        if first is None or not any(f"({name}" in frame for frame in frames[first:] for name in OURS):
            continue
        samples += int(count)
        running[frames[-1]] += int(count)
        under_way.update(dict.fromkeys((f for f in frames[first:] if any(f"({o}" in f for o in OURS)), int(count)))
    return Shares(samples, running, under_way)


def main() -> None:
    """Prints both."""
    found = shares(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
    print(f"{found.samples} samples")
    for title, counted in (("running", found.running), ("under way", found.under_way)):
        print(f"\n{title}, % of the samples")
        for frame, count in counted.most_common(2 * SHOWN if counted is found.under_way else SHOWN):
            print(f"{100 * count / found.samples:5.1f}  {frame}")


if __name__ == "__main__":
    main()
