"""Benchmarks: the prompts that LangExtract makes of texts, written down instead of being answered; run by the Python of an
environment that has it. Reads a job as JSON, prints one prompt a line as JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import langextract
from langextract.core.base_model import BaseLanguageModel
from langextract.core.types import ScoredOutput
from langextract_examples import examples_of


class Silent(BaseLanguageModel):  # type: ignore[misc] # the package is in another environment
    """A model that prints each prompt and finds nothing."""

    def infer(self, batch_prompts: Sequence[str], **_: Any) -> Iterator[Sequence[ScoredOutput]]:
        """Nothing, for each prompt."""
        for prompt in batch_prompts:
            print(json.dumps(prompt), flush=True)
            yield [ScoredOutput(score=1.0, output='{"extractions": []}')]


def main() -> None:
    """Has every text of the job read."""
    logging.disable(logging.CRITICAL)
    job = json.load(sys.stdin)
    examples = examples_of(job)
    for text in job["texts"]:
        langextract.extract(
            text,
            prompt_description=job["description"],
            examples=examples,
            model=Silent(),
            fence_output=False,
            use_schema_constraints=False,
            show_progress=False,
            prompt_validation_level=langextract.prompt_validation.PromptValidationLevel.OFF,
        )


if __name__ == "__main__":
    main()
