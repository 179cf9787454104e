"""Settings: the command line before the environment before jixiao.toml; a key from the environment alone, never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.extraction.choice import choose
from pipeline.settings import Settings, SettingsError, load_settings

KEY = "sk-planted-4c1e7d"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder and no setting in the environment."""
    for name in list(os.environ):
        if name.startswith("JIXIAO_") or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str) -> None:
    Path("jixiao.toml").write_text(text, encoding="utf-8")


def test_without_any_setting_the_run_is_offline() -> None:
    found = load_settings()
    assert (found.extractor, found.model, found.base_url, found.endpoint) == ("auto", None, None, False)
    assert choose(found).sentence == "extractor: offline (no model endpoint is configured)"


def test_the_command_line_outweighs_the_environment_and_that_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('model = "of-file"\nconcurrency = 2\nbase_url = "http://127.0.0.1:1/v1"\n')
    monkeypatch.setenv("JIXIAO_MODEL", "of-environment")
    monkeypatch.setenv("JIXIAO_CONCURRENCY", "3")
    found = load_settings(concurrency=4, base_url=None)
    assert (found.model, found.concurrency, found.base_url) == ("of-environment", 4, "http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("JIXIAO_BUDGT", "the environment sets JIXIAO_BUDGT, which is no setting: .* did you mean JIXIAO_BUDGET\\?"),
        ("JIXIAO_APIKEY", "the environment sets JIXIAO_APIKEY, which is no setting: .* did you mean JIXIAO_API_KEY\\?"),
        ("jixiao_colour", "the environment sets jixiao_colour, which is no setting: .* see “Settings” in the README"),
        ("JIXIAO_", "the environment sets JIXIAO_, which is no setting"),
    ],
)
def test_a_variable_that_is_no_setting_is_named_and_its_value_is_not(
    variable: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, KEY)
    with pytest.raises(SettingsError, match=told) as caught:
        load_settings()
    assert KEY not in str(caught.value)


def test_every_setting_may_be_a_variable_in_small_letters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("jixiao_concurrency", "3")
    assert load_settings().concurrency == 3


def test_an_endpoint_is_a_model_with_an_address_or_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings(model="m").endpoint
    assert load_settings(model="m", base_url="http://127.0.0.1:1/v1").endpoint
    monkeypatch.setenv("JIXIAO_API_KEY", KEY)
    assert load_settings(model="m").endpoint
    assert not load_settings().endpoint


@pytest.mark.parametrize(
    ("given", "sentence", "name"),
    [
        ({"extractor": "offline", "model": "m", "base_url": "http://h/v1"}, "extractor: offline (as asked)", "offline"),
        ({"model": "m", "base_url": "http://h/v1"}, "extractor: llm (m at http://h/v1)", "llm"),
        ({"extractor": "llm", "model": "m"}, "extractor: llm (m at https://api.openai.com/v1)", "llm"),
    ],
)
def test_which_extractor_a_run_uses_and_why(given: dict[str, str], sentence: str, name: str) -> None:
    chosen = choose(load_settings(**given))
    assert (chosen.sentence, chosen.name) == (sentence, name)


def test_llm_without_a_model_names_the_remedy() -> None:
    with pytest.raises(SettingsError, match=r"needs a model: set JIXIAO_MODEL .* or give --model"):
        choose(load_settings(extractor="llm"))


def test_openai_s_own_variable_is_the_key_where_ours_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    assert load_settings().api_key.get_secret_value() == "sk-of-openai"
    monkeypatch.setenv("JIXIAO_API_KEY", KEY)
    assert load_settings().api_key.get_secret_value() == KEY


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_API_KEY", KEY)
    found = load_settings(model="m")
    shown = [repr(found), str(found), str(found.model_dump()), found.model_dump_json(), repr(choose(found))]
    assert not any(KEY in text for text in shown)


@pytest.mark.parametrize("text", [f'api_key = "{KEY}"\n', f'model = "m"\napi_key = "{KEY}"\n', 'api_key = ""\n'])
def test_a_key_in_the_file_is_refused_without_being_repeated(text: str) -> None:
    write(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "jixiao.toml holds an api_key: remove it and set JIXIAO_API_KEY in the environment, or use the keyring"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model = \n", "jixiao.toml is not valid TOML"),
        ('modell = "m"\n', "setting modell: Extra inputs are not permitted"),
        ("concurrency = 0\n", "setting concurrency: Input should be greater than or equal to 1"),
        ('extractor = "magic"\n', "setting extractor: Input should be 'auto'"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(text: str, message: str) -> None:
    write(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://host/v1", "setting base_url: an http or https address is needed, such as http://127.0.0.1:8000/v1"),
        ("host:8000", "setting base_url: an http or https address is needed"),
        ("http://[host/v1", "setting base_url: "),
        ("http://user:sk-planted-4c1e7d@host/v1", "setting base_url: an address carries no user, password or query"),
        ("http://host/v1?key=sk-planted-4c1e7d", "setting base_url: an address carries no user, password or query"),
    ],
)
def test_an_address_that_cannot_be_used_is_named_and_no_secret_in_it_repeated(url: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(model="m", base_url=url)
    assert str(caught.value).startswith(message)
    assert KEY not in str(caught.value)


def test_a_file_that_is_no_utf_8_is_named() -> None:
    Path("jixiao.toml").write_bytes('model = "模型"\n'.encode("gb18030"))
    with pytest.raises(SettingsError, match="is not valid TOML"):
        load_settings()


def test_a_wrong_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_CONCURRENCY", KEY)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "setting concurrency" in str(caught.value)
    assert KEY not in str(caught.value)


def test_only_known_settings_can_be_given() -> None:
    with pytest.raises(SettingsError, match="setting colour"):
        load_settings(colour="red")


def test_every_setting_has_a_variable_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "extractor": "offline", "model": "m", "base_url": "http://h/v1", "api_key": KEY, "mode": "json", "concurrency": "5",
        "timeout": "90.0", "jobs": "3", "engine": "ray", "address": "h:6379",
        "max_bytes": "7", "max_expanded_bytes": "9", "max_cells": "11", "max_pages": "13",
        "max_read_seconds": "17.0", "max_read_memory": "19", "store_memory": "200000000", "min_ocr_confidence": "0.9",
        "vocabulary": "w.toml",
        "keyring": "k.toml", "budget": "20", "prices": "{}", "chunk": "2400", "max_tokens": "4096", "splits": "2",
        "requests_per_minute": "60", "tokens_per_minute": "90000", "outage": "30.0", "batch_poll": "5.0",
    }  # fmt: skip
    for name, value in values.items():
        monkeypatch.setenv(f"JIXIAO_{name.upper()}", value)
    found = load_settings()
    shown = {name: getattr(found, name) for name in Settings.model_fields}
    shown["api_key"] = found.api_key.get_secret_value()
    assert {name: str(value) for name, value in shown.items()} == values
