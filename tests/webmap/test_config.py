"""Are settings read from one table, and refused with a reason?"""

import subprocess
import sys
from pathlib import Path

import pytest

from webmap.config import ROOT, SETTINGS, SettingFaults, as_markdown, check_names, read_settings


def test_defaults_are_usable() -> None:
    settings = read_settings({})
    assert set(settings) == {setting.name for setting in SETTINGS}
    assert settings["LIMITROPHE_DATA"] == ROOT / "data"
    assert settings["LIMITROPHE_TRUSTED_HOSTS"] == ()


def test_values_are_parsed_from_text_or_from_values(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "LIMITROPHE_DATA": tmp_path,
            "LIMITROPHE_TRUSTED_PROXIES": 2,
            "LIMITROPHE_TRUSTED_HOSTS": "atlas.example, .ville.example",
            "PATH": "another program's",
        }
    )
    assert settings["LIMITROPHE_DATA"] == tmp_path
    assert settings["LIMITROPHE_TRUSTED_PROXIES"] == 2
    assert settings["LIMITROPHE_TRUSTED_HOSTS"] == ("atlas.example", ".ville.example")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LIMITROPHE_DATA", "no/such/folder"),
        ("LIMITROPHE_BASEMAP", "mars"),
        ("LIMITROPHE_TRUSTED_PROXIES", "-1"),
        ("LIMITROPHE_TRUSTED_PROXIES", "yes"),
        ("LIMITROPHE_TRUSTED_HOSTS", "https://atlas.example"),
        ("LIMITROPHE_MAX_AGE", "1.5"),
        ("LIMITROPHE_CACHE_MB", "٣"),
    ],
)
def test_a_bad_value_says_what_came_and_what_is_allowed(name: str, text: str) -> None:
    with pytest.raises(SettingFaults) as caught:
        read_settings({name: text})
    (fault,) = caught.value.faults
    assert fault.startswith(f"{name}: got {text!r}; allowed: ")


def test_every_bad_value_is_told_at_once() -> None:
    with pytest.raises(SettingFaults) as caught:
        read_settings({"LIMITROPHE_MAX_AGE": "x", "LIMITROPHE_CACHE_MB": "y"})
    assert len(caught.value.faults) == 2


def test_a_slip_in_a_name_is_told_with_the_nearest_name() -> None:
    with pytest.raises(SettingFaults, match="did you mean LIMITROPHE_DATA"):
        check_names({"LIMITROPHE_DTA": "data"})


def test_the_table_is_printed_for_the_documentation() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "webmap.config"], capture_output=True, text=True, cwd=ROOT
    )
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.strip() == as_markdown()
    for setting in SETTINGS:
        assert f"`{setting.name}`" in printed.stdout
