"""Eval (local model): serves a model file until standard input closes; runs in the runtime's own environment.

Usage: python server.py MODEL_FILE PORT THREADS. Imports nothing of this project, which that environment does not have.
"""

import os
import sys

import xllamacpp  # type: ignore[import-not-found]

AT_ONCE = 4
"""Questions that are answered at once: a word for each costs little more than a word for one."""

CONTEXT = 8192 * AT_ONCE
"""Tokens of all prompts and replies together; the longest prompts of the samples take about 5000, a reply 2048."""


def main() -> None:
    """Serves, with lower priority than what people do on the machine."""
    os.nice(10)
    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.port = int(sys.argv[2])
    params.n_ctx = CONTEXT
    params.n_parallel = AT_ONCE
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = int(sys.argv[3])
    server = xllamacpp.Server(params)
    sys.stdin.read()  # ends when whoever started this ends, however that happens
    del server
    os._exit(0)


if __name__ == "__main__":
    main()
