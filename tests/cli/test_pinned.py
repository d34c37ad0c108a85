"""Documents from the command line: those of the release that the formation began with, also for programs."""

from pathlib import Path

import pytest

from mutualflow.wiring.app import App
from tests.cli.conftest import Run


def test_a_draft_that_is_printed_for_a_program_is_told_as_json(brook: Run, tmp_path: Path) -> None:
    """Where the file is, and what it lacks."""
    first = brook("documents", "brook", "--as", "ada", "--json").json()["drafts"][0]
    out = tmp_path / "draft.pdf"
    said = brook("documents", "brook", "--as", "ada", "--draft", first["document"], "--out", str(out), "--json").json()
    assert out.read_bytes().startswith(b"%PDF")
    assert (said["file"], said["document"]) == (str(out), first["document"])


def test_drafts_are_those_of_the_release_that_the_formation_began_with(
    brook: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later program that renamed every document still shows the earlier ones."""
    before = brook("documents", "brook", "--as", "ada", "--json").json()["drafts"]
    assert len(before) > 3
    monkeypatch.setattr(App, "templates", {})
    assert brook("documents", "brook", "--as", "ada", "--json").json()["drafts"] == before
