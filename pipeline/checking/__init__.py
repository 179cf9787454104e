"""Checking: where a report contradicts itself, by interval arithmetic over its printed figures."""

from pipeline.checking.across import Between, Compared, Stated, check_across
from pipeline.checking.run import check

__all__ = ["Between", "Compared", "Stated", "check", "check_across"]
