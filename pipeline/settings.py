"""Settings: from the environment (JIXIAO_…) and a jixiao.toml, the environment first; keys from the environment alone."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

CONFIG_FILE = "jixiao.toml"
ExtractorName = Literal["auto", "offline", "llm"]


class SettingsError(Exception):
    """A setting that cannot be used: what, where, what to do."""


class Settings(BaseSettings):
    """What a run needs to know. ``api_key`` is read from JIXIAO_API_KEY or OPENAI_API_KEY and never shown."""

    model_config = SettingsConfigDict(env_prefix="JIXIAO_", toml_file=CONFIG_FILE, extra="forbid")

    extractor: ExtractorName = "auto"
    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr = Field(default=SecretStr(""))
    mode: Literal["json_schema", "json", "tools", "md_json"] = "json_schema"
    concurrency: int = Field(default=8, ge=1, le=1024)
    max_bytes: int = Field(default=50_000_000, ge=1)

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
    def endpoint(self) -> bool:
        """Whether a model's endpoint is configured: a model, and an address or a key for it."""
        return bool(self.model) and bool(self.base_url or self.api_key.get_secret_value())


def load_settings(**given: object) -> Settings:
    """The settings, those given on the command line first.

    Raises:
        SettingsError: a setting is unknown or of the wrong sort, or jixiao.toml is broken or holds a key.
    """
    path = Path(CONFIG_FILE)
    if path.is_file():
        try:
            stored = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} is not valid TOML ({error}): mend or remove it") from error
        if "api_key" in stored:
            raise SettingsError(f"{path} holds an api_key: remove it and set JIXIAO_API_KEY in the environment instead")
    chosen = {name: value for name, value in given.items() if value is not None}
    if not os.environ.get("JIXIAO_API_KEY") and os.environ.get("OPENAI_API_KEY"):
        chosen["api_key"] = SecretStr(os.environ["OPENAI_API_KEY"])
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(x) for x in first["loc"])
        raise SettingsError(f"setting {name}: {first['msg']}; see “Settings” in the README") from error
