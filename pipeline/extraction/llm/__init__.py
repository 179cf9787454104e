"""Extraction (llm): a language model reads each chunk; nothing it says is trusted before grounding."""

from pipeline.extraction.llm.asking import Answer, Asker, BatchLog, Question, Recorded, Tell
from pipeline.extraction.llm.batching import BatchError
from pipeline.extraction.llm.budget import Money
from pipeline.extraction.llm.extractor import LlmExtractor, request_for
from pipeline.extraction.llm.faults import CallError
from pipeline.extraction.llm.journal import Journal, MemoryJournal
from pipeline.extraction.llm.prompting import prompts_version, render_messages
from pipeline.extraction.llm.requests import Request
from pipeline.extraction.llm.settings import LlmSettings, ReplyMode

__all__ = [
    "Answer",
    "Asker",
    "BatchError",
    "BatchLog",
    "CallError",
    "Journal",
    "LlmExtractor",
    "LlmSettings",
    "MemoryJournal",
    "Money",
    "Question",
    "Recorded",
    "ReplyMode",
    "Request",
    "Tell",
    "prompts_version",
    "render_messages",
    "request_for",
]
