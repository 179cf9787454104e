"""Keys from a file that its owner alone can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.keyring import KeyringError, default_path, key_for
from pipeline.settings import SettingsError, load_settings

KEY = "sk-planted-77aa10"
URL = "https://api.deepseek.com/v1"


def keyring(path: Path, text: str = f'[keys]\n"{URL}" = "{KEY}"\n', mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_the_key_of_an_address_is_found_and_not_shown(tmp_path: Path) -> None:
    path = keyring(tmp_path / "k.toml")
    found = key_for(URL + "/", path)
    assert found.get_secret_value() == KEY
    assert KEY not in repr(found)
    assert key_for("https://other/v1", path).get_secret_value() == ""
    assert key_for(URL, tmp_path / "none.toml").get_secret_value() == ""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = keyring(tmp_path / "k.toml", mode=mode)
    with pytest.raises(KeyringError, match="others may read it: chmod 600 ") as error:
        key_for(URL, path)
    assert KEY not in str(error.value)


@pytest.mark.parametrize("text", [f"[keys\n{KEY}", f'keys = "{KEY}"', f'[keys]\n"{URL}" = ["{KEY}"]'])
def test_a_broken_file_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyringError) as error:
        key_for(URL, keyring(tmp_path / "k.toml", text))
    assert KEY not in str(error.value)
    assert error.value.__cause__ is None


def test_the_environment_comes_before_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JIXIAO_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    keyring(default_path())
    assert load_settings(model="m", base_url=URL).api_key.get_secret_value() == KEY
    assert load_settings(base_url=URL).api_key.get_secret_value() == ""
    monkeypatch.setenv("JIXIAO_API_KEY", "sk-of-environment")
    assert load_settings(model="m", base_url=URL).api_key.get_secret_value() == "sk-of-environment"
    monkeypatch.delenv("JIXIAO_API_KEY")
    default_path().chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(model="m", base_url=URL)
