"""The house itself: lock, licences, README, docstrings, wheel, and the checks that watch over them."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from mutualflow.cli.table import COMMANDS
from tools import check_house

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("mutualflow", "workflows", "tools", "tests", "migrations")
TARGETS = {"setup", "demo", "test", "check", "bench", "soak", "lock", "clean"}
MODULES = sorted(path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENTRY = "one==1.0 \\\n    --hash=sha256:00\n"


def targets() -> set[str]:
    """Names that the Makefile declares."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert found
    return set(found[1].split())


def test_the_makefile_has_the_targets_of_the_house() -> None:
    assert targets() == TARGETS


def test_the_readme_names_only_targets_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", readme, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets()


def test_the_readme_names_only_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^mutualflow ([a-z][a-z-]*)", readme, re.MULTILINE)) - {"walks"}
    assert named
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_says_what_it_is(module: Path) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(source))
    assert said or not source.strip()  # an empty __init__.py has nothing to say


def test_the_lock_names_versions_and_hashes_and_no_host() -> None:
    assert check_house.lock() == []


@pytest.mark.parametrize(
    "bad",
    [
        "one==1.0\n",
        "one>=1.0 \\\n    --hash=sha256:00\n",
        "--index-url https://example.org\n" + ENTRY,
        "one @ file:x\n",
    ],
)
def test_a_loose_lock_is_found(bad: str) -> None:
    assert check_house.lock_faults(ENTRY) == []
    assert check_house.lock_faults(bad)


def test_the_lock_holds_everything_that_is_asked_for() -> None:
    locked = set(
        re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    )
    project = PROJECT["project"]
    asked = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    asked += [line for extra in project["optional-dependencies"].values() for line in extra]
    asked += (ROOT / "requirements.in").read_text(encoding="utf-8").split("\n")
    names = {
        re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace(".", "-").replace("_", "-") for line in asked if line
    }
    assert names <= {name.replace(".", "-").replace("_", "-") for name in locked}


def test_every_installed_licence_may_be_used() -> None:
    assert check_house.licences() == []


@pytest.mark.parametrize(
    "said", ["AGPL-3.0", "GPL-3.0-or-later AND MIT", "LGPL-2.1", "License :: OSI Approved :: GNU GPL", ""]
)
def test_a_licence_that_may_not_be_used_is_found(said: str) -> None:
    assert check_house.licence_fault("somebody", said)


def test_no_machine_path_or_download_host_stands_in_the_tree() -> None:
    assert check_house.places() == []
    assert check_house.place_faults("x", "open('/root/secret')") == ["x:1: open('/root/secret')"]


def test_an_audit_that_looked_nothing_up_is_not_called_clean() -> None:
    skipped = {"name": "one", "skip_reason": "not found"}
    clean = {"name": "two", "version": "1", "vulns": []}
    weak = {"name": "three", "version": "2", "vulns": [{"id": "CVE-0"}]}

    def report(*entries: object) -> str:
        return json.dumps({"dependencies": entries})

    for nothing in ("", "{}", report(), report(skipped)):
        sentence, found = check_house.audit_outcome(nothing)
        assert "NOT DONE" in sentence
        assert found == []
    sentence, found = check_house.audit_outcome(report(skipped, clean, weak))
    assert sentence == "dependency audit: 2 looked up, 1 known weaknesses, 1 could not be looked up"
    assert found == ["three 2: CVE-0"]


def test_the_wheel_carries_its_data_and_both_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("mutualflow-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("document_templates", "migrations", "samples"):
        held = {f"mutualflow/_data/{path.relative_to(ROOT)}" for path in files_of(folder)}
        assert held
        assert held <= names
    for package in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert {str(path.relative_to(ROOT)) for path in files_of(package)} <= names
    assert not [name for name in names if name.startswith(("tests/", "tools/")) or name.endswith(".pyc")]


def files_of(folder: str) -> list[Path]:
    """Files that git follows in a folder."""
    return [path for path in check_house.tracked() if path.is_relative_to(ROOT / folder)]


def test_every_entry_point_leads_somewhere() -> None:
    points = [*PROJECT["project"]["scripts"].values()]
    points += PROJECT["project"]["entry-points"]["mutualflow.commands"].values()
    for point in points:
        module, name = point.split(":")
        path = ROOT / (module.replace(".", "/") + ".py")
        assert path.is_file(), point
        defined = {
            node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
        }
        assert name in defined, point
