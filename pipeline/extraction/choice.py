"""Extraction: which extractor a run uses, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from pydantic import ValidationError

from pipeline.chunking import TARGET
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Chunk, Document, Extraction, Layout
from pipeline.prices import Prices
from pipeline.settings import CONFIG_FILE, DEFAULT_BASE_URL, Settings, SettingsError

if TYPE_CHECKING:
    from pipeline.extraction.llm import Asker, BatchLog, Journal, LlmExtractor, LlmSettings, Question, Tell


class Extractor(Protocol):
    """Reads a document's chunks; used as an asynchronous context manager for the length of a run."""

    @property
    def name(self) -> str:
        """Its name in the database."""

    @property
    def model(self) -> LlmExtractor | None:
        """What asks a model, None where none is asked."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:
        """Everything that it makes of the document."""

    def questions(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Iterable[Question]:
        """What it would ask a model first."""

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Has questions answered ahead of the reading.

        Raises:
            BatchError: the endpoint takes no batches, or cannot be reached.
        """


@dataclass(frozen=True, slots=True)
class Offline:
    """The offline extractor as a run uses it."""

    name: str = OfflineExtractor.name
    model: None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:
        """Everything that it reads."""
        return OfflineExtractor().extract(document, layout, chunks)

    def questions(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Iterable[Question]:  # noqa: ARG002
        """It asks nothing."""
        return ()

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """It asks nothing."""


class Llm:
    """The model's extractor as a run uses it."""

    name: str = "llm"

    def __init__(self, model: LlmExtractor) -> None:
        self.model = model

    async def __aenter__(self) -> Self:
        await self.model.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.model.__aexit__(kind, error, trace)

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:
        """Everything that the model reads."""
        return await self.model.read_twice(document, layout, chunks)

    def questions(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Iterable[Question]:  # noqa: ARG002
        """What it asks first: each chunk."""
        return self.model.questions(document, chunks)

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Has questions answered ahead of the reading, by the endpoint's batch API.

        Raises:
            BatchError: the endpoint takes no batches, or cannot be reached.
        """
        await self.model.ask_in_batches(questions, log, tell)


@dataclass(frozen=True, slots=True)
class Choice:
    """An extractor that a run may open: its name, how many documents it may have in hand at once, and the sentence that
    says which it is and why. ``settings`` are what decides its results; they hold no secret. ``target`` is what chunks are
    filled up to, in characters."""

    name: str
    in_flight: int
    sentence: str
    open: Callable[[Journal], Extractor]
    model: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    target: int = TARGET


HYBRID = "hybrid"
OFFLINE = Choice("offline", 1, "extractor: offline", lambda _: Offline())


def llm_settings(settings: Settings) -> LlmSettings:
    """The endpoint's settings.

    Raises:
        SettingsError: no model is named.
    """
    if not settings.model:
        raise SettingsError(
            f"the {settings.extractor} extractor needs a model: "
            "set JIXIAO_MODEL (and JIXIAO_BASE_URL, JIXIAO_API_KEY) or give --model"
        )
    from pipeline.extraction.llm import LlmSettings, ReplyMode  # noqa: PLC0415 - half a second that offline runs don't pay

    return LlmSettings(
        model=settings.model,
        base_url=settings.base_url or DEFAULT_BASE_URL,
        mode=ReplyMode(settings.mode),
        concurrency=settings.concurrency,
        max_tokens=settings.max_tokens,
        splits=settings.splits,
        timeout=settings.timeout,
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        outage=settings.outage,
        batch_poll=settings.batch_poll,
    )


def prices_of(settings: Settings) -> Prices | None:
    """The prices of the model that is asked, None where the settings state none.

    Raises:
        SettingsError: a budget is set, and no prices that it could be counted by.
    """
    found = settings.prices.get(settings.model or "")
    if found is None and settings.budget is not None:
        raise SettingsError(
            f"a budget needs prices: state those of {settings.model} in {CONFIG_FILE}, a million tokens each: "
            f'[prices."{settings.model}"] prompt = "…", completion = "…", currency = "…"'
        )
    return found


def choose(settings: Settings) -> Choice:
    """The extractor that the settings ask for; ``auto`` is llm where an endpoint is configured, else offline.

    Raises:
        SettingsError: llm is asked for and no model is named.
    """
    if settings.extractor == "offline" or (settings.extractor == "auto" and not settings.endpoint):
        why = "as asked" if settings.extractor == "offline" else "no model endpoint is configured"
        return replace(OFFLINE, sentence=f"{OFFLINE.sentence} ({why})")
    from pipeline.extraction.llm import LlmExtractor, Money, prompts_version  # noqa: PLC0415 - as above

    configured = llm_settings(settings)
    prices = prices_of(settings)
    name = HYBRID if settings.extractor == HYBRID else LlmExtractor.name

    def opened(journal: Journal) -> Extractor:
        money = Money(prices, settings.budget)
        return _reader(LlmExtractor.live(configured, settings.api_key, journal, money=money), name)

    return Choice(
        name=name,
        in_flight=max(2, configured.concurrency // 2),
        sentence=f"extractor: {name} ({configured.model} at {configured.base_url})",
        open=opened,
        model=configured.model,
        settings={**configured.asked, "prompts": prompts_version(), "chunk": settings.chunk},
        target=settings.chunk,
    )


def _reader(model: LlmExtractor, name: str) -> Extractor:
    """The extractor of a name that asks a model."""
    if name != HYBRID:
        return Llm(model)
    from pipeline.extraction.hybrid import HybridExtractor  # noqa: PLC0415 - as above

    return HybridExtractor(model)


def asking_through(extractor: str, configured: LlmSettings, asker: Asker) -> Extractor:
    """An extractor that asks a model through an asker of the caller's."""
    from pipeline.extraction.llm import LlmExtractor  # noqa: PLC0415 - as above

    return _reader(LlmExtractor(configured, asker), extractor)


def asking(extractor: str, configured: LlmSettings) -> Extractor:
    """An extractor that can say what it would ask, and asks nothing."""
    from pipeline.extraction.llm import MemoryJournal, Recorded  # noqa: PLC0415 - as above

    return asking_through(extractor, configured, Recorded(MemoryJournal()))


def recorded(extractor: str, settings: Mapping[str, Any], journal: Journal) -> Extractor:
    """The extractor of an earlier run, with the settings that the run stored, answered from the journal alone.

    Raises:
        SettingsError: the settings are not those of a run of this extractor.
    """
    if extractor == OFFLINE.name:
        return Offline()
    from pipeline.extraction.llm import LlmExtractor, LlmSettings, Recorded  # noqa: PLC0415 - as above

    asked = {name: value for name, value in settings.items() if name in LlmSettings.model_fields}
    try:
        return _reader(LlmExtractor(LlmSettings.model_validate(asked), Recorded(journal)), extractor)
    except ValidationError as error:
        raise SettingsError(f"the settings of a stored run cannot be used ({error.errors()[0]['msg']})") from error
