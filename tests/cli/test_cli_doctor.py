"""``jixiao doctor``: what a run would use, without showing a key or calling anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Jixiao

KEY = "sk-planted-30aa17"


def test_a_fresh_machine_is_well_and_would_run_offline(jixiao: Jixiao) -> None:
    ended = jixiao("doctor")
    assert ended.code == 0
    assert "extractor: offline (no model endpoint is configured)" in ended.out
    for package in ("python", "jixiao", "openai", "instructor", "pydantic", "duckdb"):
        assert package in ended.out
    assert "missing" not in ended.out


def test_a_key_is_said_to_be_set_and_not_shown(jixiao: Jixiao, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_API_KEY", KEY)
    ended = jixiao("doctor")
    assert ended.code == 0
    assert KEY not in ended.out + ended.err
    assert "a key is set but no model: set JIXIAO_MODEL to use it" in ended.out


def test_an_endpoint_of_the_file_is_what_a_run_would_use(jixiao: Jixiao, tmp_path: Path) -> None:
    (tmp_path / "jixiao.toml").write_text('model = "qwen"\nbase_url = "http://127.0.0.1:1/v1"\n', encoding="utf-8")
    ended = jixiao("doctor")
    assert ended.code == 0
    assert "extractor: llm (qwen at http://127.0.0.1:1/v1)" in ended.out
    assert "jixiao.toml" in ended.out


def test_a_setting_that_cannot_be_used_is_2(jixiao: Jixiao, tmp_path: Path) -> None:
    (tmp_path / "jixiao.toml").write_text("concurrency = 0\n", encoding="utf-8")
    ended = jixiao("doctor")
    assert ended.code == 2
    assert "setting concurrency" in ended.out
