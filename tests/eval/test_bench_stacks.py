"""The profile: shares of sampled stacks."""

from __future__ import annotations

from eval.bench.stacks import shares

BENCH = "<module> (<string>);run (eval/bench/offline.py:40)"
STACKS = f"""\
<module> (<string>);load (importlib:1) 50
{BENCH} 5
{BENCH};prepare (pipeline/job.py:66);lay_out (pipeline/layout/assemble.py:40) 3
{BENCH};prepare (pipeline/job.py:67);lay_out (pipeline/layout/assemble.py:44);sub (re/__init__.py:9) 1
{BENCH};walk (pipeline/walk.py:1);walk (pipeline/walk.py:2) 6
"""


def test_a_function_s_share_is_that_of_its_samples_whichever_line_ran() -> None:
    found = shares(STACKS.splitlines())
    assert found.samples == 10
    assert found.running["lay_out (pipeline/layout/assemble.py)"] == 3
    assert found.running["sub (re/__init__.py)"] == 1
    assert found.under_way["lay_out (pipeline/layout/assemble.py)"] == 4
    assert found.under_way["prepare (pipeline/job.py)"] == 4


def test_a_function_that_calls_itself_counts_once() -> None:
    assert shares(STACKS.splitlines()).under_way["walk (pipeline/walk.py)"] == 6
