"""Extraction (llm): what an endpoint is asked with, and how patiently; the API key is never part of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator


class ReplyMode(StrEnum):
    """How an endpoint is made to answer in JSON: ``json_schema`` gives it the reply's schema, ``strict`` has it decode exactly
    after it (every field in every record, null where it is not printed), ``json`` and ``md_json`` put the schema into the
    prompt, ``tools`` makes a function of it; ``auto`` asks the endpoint which it takes."""

    AUTO = "auto"
    JSON_SCHEMA = "json_schema"
    STRICT = "strict"
    JSON = "json"
    TOOLS = "tools"
    MD_JSON = "md_json"


class LlmSettings(BaseModel):
    """Everything that decides what is sent and how failures are met. Seconds for all times.

    ``temperature`` and ``max_tokens`` are left out of the request where None. ``attempts`` counts the first call;
    ``repairs`` is how often records that do not validate are asked for again; ``splits`` how often a chunk whose reply is
    cut off may be halved; ``breaker`` how many attempts in a row without an answer are an outage, ``outage`` how many
    seconds a run waits for its end; ``batch_poll`` the seconds between two looks at a batch. The rates a minute pace the
    calls where given (tokens as counted by ``tokens.py``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1)
    base_url: str = "https://api.openai.com/v1"
    mode: ReplyMode = ReplyMode.JSON_SCHEMA
    concurrency: int = Field(default=8, ge=1, le=1024)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    max_tokens: int | None = Field(default=8192, ge=1)
    timeout: float = Field(default=600.0, gt=0)
    connect_timeout: float = Field(default=10.0, gt=0)
    attempts: int = Field(default=4, ge=1, le=20)
    wait: float = Field(default=1.0, ge=0)
    wait_cap: float = Field(default=30.0, ge=0)
    retry_after_cap: float = Field(default=60.0, ge=0)
    repairs: int = Field(default=1, ge=0, le=2)
    splits: int = Field(default=3, ge=0, le=8)
    breaker: int = Field(default=8, ge=1)
    outage: float = Field(default=900.0, ge=0)
    batch_poll: float = Field(default=30.0, ge=0)

    @property
    def asked(self) -> dict[str, Any]:
        """What decides the replies and what is made of them, without what decides only how patiently they are waited for."""
        return self.model_dump(
            mode="json",
            include={"model", "base_url", "mode", "temperature", "max_tokens", "repairs", "splits"},
        )

    @field_validator("base_url")
    @classmethod
    def _plain_url(cls, url: str) -> str:
        """An http(s) address that carries no credentials.

        Raises:
            ValueError: another scheme, no host, or a user, password or query in it.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("base_url must be an http or https address such as http://127.0.0.1:8000/v1")
        if parts.username or parts.password or parts.query:
            raise ValueError("base_url must carry no user, password or query; give the API key by itself")
        return url.rstrip("/")
