"""Settings: from the environment (JIXIAO_…) and a jixiao.toml, the environment first; keys from the environment
or the keyring."""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from pipeline.chunking import LARGE, TARGET
from pipeline.documents import DEFAULT_LIMITS, Limits
from pipeline.keyring import KeyringError, default_path, key_for
from pipeline.prices import Prices
from schemas.word_files import WordsError, read_own_words, use_own_words

DEFAULT_BASE_URL = "https://api.openai.com/v1"
CONFIG_FILE = "jixiao.toml"
PREFIX = "JIXIAO_"
"""What the environment variables of all settings begin with."""
STORE_MEMORY = 256_000_000
"""Bytes that the database may take in a run. Without a bound it keeps what it once read or wrote."""
ExtractorName = Literal["auto", "offline", "llm", "hybrid"]


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class SettingsError(Exception):
    """A setting that cannot be used: what, where, what to do."""


class Settings(BaseSettings):
    """What a run needs to know. ``api_key`` is read from JIXIAO_API_KEY or OPENAI_API_KEY, else from the keyring, and
    never shown."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file=CONFIG_FILE, extra="forbid")

    extractor: ExtractorName = "auto"
    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr = Field(default=SecretStr(""))
    mode: Literal["auto", "json_schema", "strict", "json", "tools", "md_json"] = "json_schema"
    chunk: int = Field(default=LARGE, ge=TARGET, le=20_000)
    max_tokens: int = Field(default=8192, ge=1)
    splits: int = Field(default=3, ge=0, le=8)
    concurrency: int = Field(default=8, ge=1, le=1024)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    outage: float = Field(default=900, ge=0, le=86_400)
    batch_poll: float = Field(default=30, ge=0, le=3_600)
    timeout: float = Field(default=600, gt=0, le=86_400)
    engine: Literal["local", "ray"] = "local"
    address: str | None = None
    jobs: int = Field(default_factory=_processors, ge=1, le=1024)
    max_bytes: int = Field(default=DEFAULT_LIMITS.bytes, ge=1)
    max_expanded_bytes: int = Field(default=DEFAULT_LIMITS.expanded, ge=1)
    max_cells: int = Field(default=DEFAULT_LIMITS.cells, ge=1)
    max_pages: int = Field(default=DEFAULT_LIMITS.pages, ge=1)
    max_read_seconds: float = Field(default=DEFAULT_LIMITS.seconds, gt=0)
    max_read_memory: int = Field(default=DEFAULT_LIMITS.memory, ge=1)
    min_ocr_confidence: float = Field(default=DEFAULT_LIMITS.sure, ge=0, le=1)
    store_memory: int = Field(default=STORE_MEMORY, ge=128_000_000)
    vocabulary: Path | None = None
    keyring: Path | None = None
    prices: dict[str, Prices] = Field(default_factory=dict)
    budget: Decimal | None = Field(default=None, gt=0)

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, url: str | None) -> str | None:
        """An http(s) address without credentials, told here so that no message of a later station repeats a password.

        Raises:
            ValueError: another scheme, no host, or a user, password or query in it.
        """
        parts = urlsplit(url or "http://none")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("an http or https address is needed, such as http://127.0.0.1:8000/v1")
        if parts.username or parts.password or parts.query:
            raise ValueError("an address carries no user, password or query: set JIXIAO_API_KEY instead")
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings calls by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then jixiao.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def limits(self) -> Limits:
        """How much of a file is read."""
        return Limits(
            bytes=self.max_bytes,
            expanded=self.max_expanded_bytes,
            cells=self.max_cells,
            pages=self.max_pages,
            seconds=self.max_read_seconds,
            memory=self.max_read_memory,
            sure=self.min_ocr_confidence,
        )

    @property
    def endpoint(self) -> bool:
        """Whether a model's endpoint is configured: a model, and an address or a key for it."""
        return bool(self.model) and bool(self.base_url or self.api_key.get_secret_value())


def load_settings(**given: object) -> Settings:
    """The settings, those given on the command line first.

    Raises:
        SettingsError: a setting or a JIXIAO_… variable is unknown or of the wrong sort, or jixiao.toml is broken or holds a key.
    """
    path = Path(CONFIG_FILE)
    if path.is_file():
        try:
            stored = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} is not valid TOML ({error}): mend or remove it") from error
        if "api_key" in stored:
            raise SettingsError(
                f"{path} holds an api_key: remove it and set JIXIAO_API_KEY in the environment, or use the keyring"
            )
    _need_known_variables()
    chosen = {name: value for name, value in given.items() if value is not None}
    if not os.environ.get("JIXIAO_API_KEY") and os.environ.get("OPENAI_API_KEY"):
        chosen["api_key"] = SecretStr(os.environ["OPENAI_API_KEY"])
    try:
        settings = Settings(**chosen)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(x) for x in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"setting {name}: {message}; see “Settings” in the README") from error
    if not settings.model or settings.api_key.get_secret_value():
        return settings
    try:
        found = key_for(settings.base_url or DEFAULT_BASE_URL, settings.keyring or default_path())
    except KeyringError as error:
        raise SettingsError(str(error)) from error
    return settings.model_copy(update={"api_key": found})


def _need_known_variables() -> None:
    """Checks that every JIXIAO_… variable is a setting's: a misspelt JIXIAO_BUDGET must not be no budget.

    Raises:
        SettingsError: one is none; its value is not told, as it may be a key.
    """
    for variable in sorted(os.environ):
        name = variable.lower().removeprefix(PREFIX.lower())
        if variable.upper().startswith(PREFIX) and name not in Settings.model_fields:
            meant = get_close_matches(name, Settings.model_fields, n=1)
            hint = f"did you mean {PREFIX}{meant[0].upper()}?" if meant else "see “Settings” in the README"
            raise SettingsError(f"the environment sets {variable}, which is no setting: correct it or unset it; {hint}")


def use_vocabulary(settings: Settings) -> dict[str, str]:
    """Reads with the words of the settings' vocabulary file added; gives what a run records of it, nothing without one.

    Raises:
        SettingsError: the file cannot be used as it is.
    """
    try:
        own = read_own_words(settings.vocabulary) if settings.vocabulary else None
    except WordsError as error:
        raise SettingsError(str(error)) from error
    use_own_words(own)
    return {"vocabulary": str(own.path), "vocabulary_sha256": own.sha256} if own else {}
