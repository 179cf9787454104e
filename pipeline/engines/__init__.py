"""Engines: where a run reads its documents, in processes of this machine or on a cluster. The database is the same."""

from pipeline.engines.local import LocalEngine
from pipeline.engines.reading import Reads

__all__ = ["LocalEngine", "Reads"]
