"""Commands run in this process, on a database of their own."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mutualflow.cli.main import main


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it said to a program."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line; the environment points to a folder of this test."""
    monkeypatch.setenv("MUTUALFLOW_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MUTUALFLOW_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "140")

    def command(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(list(arguments))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return command


@pytest.fixture(scope="session")
def begun_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a formation on its first day, made once by the commands themselves."""
    folder = tmp_path_factory.mktemp("begun") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MUTUALFLOW_DATA_DIR", str(folder))
        patch.delenv("MUTUALFLOW_DATABASE_URL", raising=False)
        for line in (
            ["init", "--json"],
            ["person", "ada", "--name", "Ada Lead", "--email", "ada@example.org", "--json"],
            ["person", "sam", "--name", "Sam Sponsor", "--email", "sam@example.org", "--json"],
            ["person", "kit", "--name", "Kit Colleague", "--json"],
            [
                "start", "brook", "--as", "ada", "--name", "Brook Street", "--sample", "--on", "2023-09-04",
                "--host", "trust|Host Trust|nhs_body", "--member", "sam|host_sponsor|host|trust",
                "--member", "kit|staff_member|group", "--json",
            ],
        ):  # fmt: skip
            assert main(line) == 0, line
    return folder


@pytest.fixture
def brook(run: Run, begun_template: Path, tmp_path: Path) -> Run:
    """Commands on a formation that has just begun."""
    shutil.copytree(begun_template, tmp_path / "data")
    return run
