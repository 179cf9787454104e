"""Ray for the tests that need it: they are skipped where the extra is not installed, which never is so in CI."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

import pytest


def ray_or_skip() -> Any:
    """The library."""
    if os.environ.get("CI") and find_spec("ray") is None:
        pytest.fail("CI has no Ray: make test installs it with the extra dev", pytrace=False)
    return pytest.importorskip("ray", reason="the extra ray is not installed")
