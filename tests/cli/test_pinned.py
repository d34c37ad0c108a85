"""A formation stays with the documents that it began with, whatever this program ships by now."""

import pytest

from mutualflow.wiring.app import App
from tests.cli.conftest import Run


def test_drafts_are_those_of_the_release_that_the_formation_began_with(
    brook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later program that renamed every document still shows the earlier ones."""
    before = brook("documents", "brook", "--as", "ada", "--json").json()["drafts"]
    assert len(before) > 3
    monkeypatch.setattr(App, "templates", {})
    assert brook("documents", "brook", "--as", "ada", "--json").json()["drafts"] == before
