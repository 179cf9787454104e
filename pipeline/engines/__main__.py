"""Engines: starts a process that reads files for a run, so that it runs nothing of the program that asks.

``python -m pipeline.engines`` takes the number of its end of a pipe and the terms of the run as JSON.
"""

import sys
from multiprocessing.connection import Connection

from pipeline.engines.worker import READS, serve

serve(Connection(int(sys.argv[1])), READS.validate_json(sys.argv[2]))
