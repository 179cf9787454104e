"""Benchmarks: chunks read by LangExtract, asked of a stand-in endpoint; run by the Python of an environment that has it. Reads a
job as JSON, prints what it took and how each extraction was aligned as JSON."""

from __future__ import annotations

import gc
import http.client
import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import langextract
from langextract.core.base_model import BaseLanguageModel
from langextract.core.tokenizer import RegexTokenizer, UnicodeTokenizer
from langextract.core.types import ScoredOutput
from langextract_examples import examples_of

TOKENIZERS = {"regex": RegexTokenizer, "unicode": UnicodeTokenizer}


class Endpoint(BaseLanguageModel):  # type: ignore[misc] # the package is in another environment
    """A model behind an endpoint, over one connection that is kept."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._connection = http.client.HTTPConnection(address)
        self.model = ""
        self.prompts = 0

    def infer(self, batch_prompts: Sequence[str], **_: Any) -> Iterator[Sequence[ScoredOutput]]:
        """What the endpoint says to each prompt."""
        for prompt in batch_prompts:
            self.prompts += 1
            body = {"model": self.model, "messages": [{"role": "user", "content": prompt}]}
            headers = {"Content-Type": "application/json"}
            self._connection.request("POST", "/v1/chat/completions", json.dumps(body).encode(), headers)
            said = json.loads(self._connection.getresponse().read())
            yield [ScoredOutput(score=1.0, output=said["choices"][0]["message"]["content"])]


def main() -> None:
    """Has every document of the job read, the first one once before, to warm up."""
    logging.disable(logging.CRITICAL)
    job = json.load(sys.stdin)
    model = Endpoint(job["address"])
    examples = examples_of(job)

    def read(document: dict[str, Any]) -> list[list[tuple[str, str | None]]]:
        model.model = document["model"]
        found = langextract.extract(
            [langextract.data.Document(text, document_id=str(n)) for n, text in enumerate(document["chunks"])],
            prompt_description=job["description"],
            examples=examples,
            model=model,
            max_char_buffer=job["longest"],
            fence_output=False,
            use_schema_constraints=False,
            show_progress=False,
            tokenizer=TOKENIZERS[job["tokenizer"]](),
            resolver_params={"suppress_parse_errors": False, **job["resolver"]},
            prompt_validation_level=langextract.prompt_validation.PromptValidationLevel.OFF,
        )
        return [[_aligned(extraction) for extraction in one.extractions] for one in found]

    read(job["documents"][0])
    model.prompts = 0
    gc.collect()
    gc.freeze()  # so that garbage is looked for in what is made from here on
    started, processor = time.perf_counter(), time.process_time()
    read_ones = [read(document) for document in job["documents"]]
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    json.dump({"seconds": seconds, "processor": processor, "prompts": model.prompts, "read": read_ones}, sys.stdout)


def _aligned(extraction: Any) -> tuple[str, str | None]:
    """Number and alignment of an extraction, None for the latter where it has no place."""
    number = (extraction.attributes or {}).get("no", "")
    return number, extraction.alignment_status.value if extraction.char_interval is not None else None


if __name__ == "__main__":
    main()
