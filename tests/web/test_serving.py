"""Serving the real thing: what is missing is named, and a database of another form is refused."""

import pytest

from mutualflow.settings import WEB, SettingFault, web_from_environment

WHOLE = {
    "MUTUALFLOW_PUBLIC_ADDRESS": "https://mutuals.example.org/",
    "MUTUALFLOW_SECRET_KEY": "k" * 32,
    "MUTUALFLOW_MAIL_SENDER": "mutuals@example.org",
    "MUTUALFLOW_OPERATOR": "The programme",
    "MUTUALFLOW_CONTACT": "help@example.org",
}


@pytest.mark.parametrize("name", WEB)
def test_a_missing_setting_is_named_with_what_it_is_for(name: str) -> None:
    with pytest.raises(SettingFault) as fault:
        web_from_environment({key: value for key, value in WHOLE.items() if key != name})
    assert str(fault.value) == f"Missing: {name} ({WEB[name]})."


@pytest.mark.parametrize(
    "address", ["http://mutuals.example.org", "https://mutuals.example.org/path", "mutuals.example.org", "https://"]
)
def test_an_address_that_would_not_be_safe_is_refused(address: str) -> None:
    with pytest.raises(SettingFault, match="MUTUALFLOW_PUBLIC_ADDRESS"):
        web_from_environment({**WHOLE, "MUTUALFLOW_PUBLIC_ADDRESS": address})


def test_a_short_secret_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingFault) as fault:
        web_from_environment({**WHOLE, "MUTUALFLOW_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(fault.value)


def test_whole_settings_are_taken() -> None:
    assert web_from_environment(WHOLE).address == "https://mutuals.example.org"
