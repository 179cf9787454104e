"""Eval (local model): the command line of jixiao with a longer deadline per call, for a model on two processor cores.

A call is given up after two minutes otherwise, which hosted models never need and a small machine may. All else is
as users have it.
"""

from __future__ import annotations

from unittest.mock import patch

from pipeline.cli import main
from pipeline.extraction import choice
from pipeline.extraction.llm import LlmSettings
from pipeline.settings import Settings

SECONDS = 900.0

_as_configured = choice.llm_settings


def _patient(settings: Settings) -> LlmSettings:
    """The endpoint's settings with the longer deadline."""
    return _as_configured(settings).model_copy(update={"timeout": SECONDS})


if __name__ == "__main__":
    with patch.object(choice, "llm_settings", _patient):
        main()
