"""The house itself: lock, licences, README, docstrings, command line, and the checks that watch over them."""

import ast
import dataclasses
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest

from mutualflow.cli.main import main
from mutualflow.cli.table import ACT, COMMANDS
from mutualflow.domain.moves import ACTS
from tools import check_house, draw_acts

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("mutualflow", "workflows", "tools", "tests", "migrations")
TARGETS = {"setup", "serve", "demo", "test", "check", "bench", "soak", "lock", "clean"}
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


def test_every_entry_point_loads() -> None:
    points = {(point.group, point.name): point for point in distribution("mutualflow").entry_points}
    declared = {("console_scripts", name) for name in PROJECT["project"]["scripts"]}
    declared |= {("mutualflow.commands", name) for name in PROJECT["project"]["entry-points"]["mutualflow.commands"]}
    assert set(points) == declared
    for point in points.values():
        assert callable(point.load()), point
    named = {entry.module.partition(":")[2] for entry in COMMANDS.values() if ":" in entry.module}
    assert {name for group, name in points if group == "mutualflow.commands"} == named


# --- the command line -------------------------------------------------------------------------------------------------

HEAVY = ("prefect", "weasyprint", "fastapi", "sqlalchemy", "typer", "rich", "jinja2", "ruamel", "mutualflow.domain")
ASK_FOR_HELP = """
import contextlib, io, json, sys
from mutualflow.cli.main import main
with contextlib.redirect_stdout(io.StringIO()) as said:
    code = main(["--help"])
print(json.dumps([code, said.getvalue(), sorted(sys.modules)]))
"""


def test_the_first_help_imports_nothing_heavy_and_names_every_command() -> None:
    wide = {**os.environ, "COLUMNS": "110"}
    done = subprocess.run([sys.executable, "-c", ASK_FOR_HELP], capture_output=True, text=True, check=True, env=wide)
    code, said, modules = json.loads(done.stdout)
    assert code == 0
    assert [name for name in modules if name.startswith(HEAVY)] == []
    listed = {line.split()[0]: line.split(maxsplit=1)[1] for line in said.splitlines() if line.startswith("   ")}
    assert listed == {name: entry.help for name, entry in COMMANDS.items()}


def test_every_act_is_a_command_with_its_own_first_line() -> None:
    acting = {entry.name.replace("-", "_"): entry.help for entry in COMMANDS.values() if entry.group == ACT}
    said = {name: (move.act.__doc__ or "").strip().splitlines()[0].rstrip(".") for name, move in ACTS.items()}
    assert acting == said
    assert all(COMMANDS[name.replace("_", "-")].module == "acting" for name in ACTS)


def test_every_command_helps(capsys: pytest.CaptureFixture[str]) -> None:
    for name, entry in COMMANDS.items():
        assert main([name, "--help"]) == 0, name
        said = capsys.readouterr().out
        assert f"mutualflow {name}" in said
        if entry.group == ACT:
            assert f"Who: {ACTS[name.replace('-', '_')].by}." in " ".join(re.sub(r"[│╭╮╰╯]", " ", said).split()), name


def test_the_picture_of_the_acts_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert draw_acts.main(["--check"]) == 0, capsys.readouterr().out


def test_every_act_says_where_it_leads_in_words_that_exist() -> None:
    drawn = [edge for move in ACTS.values() for edge in draw_acts.edges(move)]
    assert {edge.thing for edge in drawn} == set(draw_acts.DRAWN)
    bad = dataclasses.replace(ACTS["submit"], leads="open -> sent away")
    with pytest.raises(ValueError, match="sent_away is no status of Status"):
        list(draw_acts.edges(bad))


# --- the tests --------------------------------------------------------------------------------------------------------

GIVING_UP = re.compile(r"\b(?:skip|skipif|xfail|importorskip|skipTest|unittest\.skip)\b")


def test_no_test_is_skipped() -> None:
    tree = ROOT / "tests"
    here = Path(__file__).resolve()
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(tree.rglob("*.py"))
        if path.resolve() != here
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name)
        and GIVING_UP.fullmatch(getattr(node, "attr", getattr(node, "id", "")))
    ]
    assert calls == []
