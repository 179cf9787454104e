"""Checking: where a report contradicts itself, by interval arithmetic over its printed figures."""

from pipeline.checking.run import check

__all__ = ["check"]
