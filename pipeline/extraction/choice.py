"""Extraction: which extractor a run uses, and why."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Chunk, Document, Extraction, Layout
from pipeline.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pipeline.extraction.llm import LlmExtractor, LlmSettings

DEFAULT_BASE_URL = "https://api.openai.com/v1"


class Extractor(Protocol):
    """Reads a document's chunks; used as an asynchronous context manager for the length of a run."""

    @property
    def name(self) -> str:
        """Its name in the database."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:
        """Everything that it makes of the document."""


@dataclass(frozen=True, slots=True)
class Offline:
    """The offline extractor as a run uses it."""

    name: str = OfflineExtractor.name

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:
        """Everything that it reads."""
        return OfflineExtractor().extract(document, layout, chunks)


class Llm:
    """The model's extractor as a run uses it."""

    name: str = "llm"

    def __init__(self, inner: LlmExtractor) -> None:
        self._inner = inner

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:  # noqa: ARG002
        """Everything that the model reads."""
        return await self._inner.extract(document, chunks)


@dataclass(frozen=True, slots=True)
class Choice:
    """An extractor, how many documents it may have in hand at once, and the sentence that says which it is and why."""

    extractor: Extractor
    in_flight: int
    sentence: str
    model: str | None = None


def llm_settings(settings: Settings) -> LlmSettings:
    """The endpoint's settings.

    Raises:
        SettingsError: no model is named.
    """
    if not settings.model:
        raise SettingsError(
            "the llm extractor needs a model: set JIXIAO_MODEL (and JIXIAO_BASE_URL, JIXIAO_API_KEY) or give --model"
        )
    from pipeline.extraction.llm import LlmSettings, ReplyMode  # noqa: PLC0415 - half a second that offline runs don't pay

    return LlmSettings(
        model=settings.model,
        base_url=settings.base_url or DEFAULT_BASE_URL,
        mode=ReplyMode(settings.mode),
        concurrency=settings.concurrency,
        timeout=settings.timeout,
    )


def choose(settings: Settings) -> Choice:
    """The extractor that the settings ask for; ``auto`` is llm where an endpoint is configured, else offline.

    Raises:
        SettingsError: llm is asked for and no model is named.
    """
    if settings.extractor == "offline" or (settings.extractor == "auto" and not settings.endpoint):
        why = "as asked" if settings.extractor == "offline" else "no model endpoint is configured"
        return Choice(Offline(), 1, f"extractor: offline ({why})")
    from pipeline.extraction.llm import LlmExtractor  # noqa: PLC0415 - as above

    configured = llm_settings(settings)
    return Choice(
        Llm(LlmExtractor(configured, settings.api_key)),
        max(2, configured.concurrency // 2),
        f"extractor: llm ({configured.model} at {configured.base_url})",
        configured.model,
    )
