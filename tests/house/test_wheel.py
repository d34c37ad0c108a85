"""The wheel, installed in an empty environment outside the checkout, does what the checkout does."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pikepdf
from packaging.requirements import Requirement

from tools import check_house

ROOT = check_house.ROOT
DATA = ("document_templates", "migrations", "samples")
PACKAGES = ("mutualflow", "workflows")
EXTRAS = ("workflows", "postgres", "web")


def said_by(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a program says; its whole story where it fails."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MUTUALFLOW", "PREFECT"))}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env={**env, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def clean_copy(folder: Path) -> Path:
    """What git follows, as it lies here, and nothing else."""
    for path in check_house.tracked():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder


def built(folder: Path) -> Path:
    """The wheel of a clean copy; its one build requirement is in the lock and installed."""
    copy = clean_copy(folder / "copy")
    said_by(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=copy)
    (wheel,) = folder.glob("mutualflow-*.whl")
    return wheel


def check_contents(wheel: Path) -> None:
    """Data and both packages are inside, and nothing that belongs to the checkout."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in check_house.tracked():
        name = path.relative_to(ROOT)
        if name.parts[0] in DATA:
            assert f"mutualflow/_data/{name}" in names
        elif name.parts[0] in PACKAGES:
            assert str(name) in names
    assert {f"mutualflow/_data/document_templates/_house/{css}" for css in ("house.css", "house_model.css")} <= names
    assert {f"mutualflow/web/static/{name}" for name in ("app.css", "app.js", "govuk-frontend.js")} <= names
    assert not [name for name in names if re.search(r"crest|woff|node_modules", name)]
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert not [name for name in names if name.endswith((".pyc", ".db"))]


def asked_for(wheel: Path) -> set[str]:
    """Names of all that the wheel asks for with its extras, and all that those ask for, as installed here."""
    archive = zipfile.ZipFile(wheel)
    metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    wanted = [
        (line, EXTRAS) for line in Parser().parsestr(archive.read(metadata).decode()).get_all("Requires-Dist", [])
    ]
    found: set[str] = set()
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while wanted:
        line, extras = wanted.pop()
        one = Requirement(line)
        if one.marker and not any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            continue
        name, inner = re.sub(r"[-_.]+", "-", one.name).lower(), tuple(sorted(one.extras))
        if (name, inner) in seen:
            continue
        seen.add((name, inner))
        found.add(name)
        try:
            wanted += [(more, inner) for more in requires(one.name) or []]
        except PackageNotFoundError:
            raise AssertionError(f"{line} is asked for and not installed: is it in requirements.lock?") from None
    return found


def narrowed(names: set[str]) -> str:
    """The entries of the lock with these names, with their hashes."""
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8").strip())
    by_name = {re.sub(r"[-_.]+", "-", block.partition("==")[0]).lower(): block for block in blocks}
    assert names <= set(by_name), names - set(by_name)
    return "\n".join(by_name[name] for name in sorted(names)) + "\n"


def installed(wheel: Path, folder: Path) -> Path:
    """An environment with the wheel and what it asks for, from the lock, and nothing else; its folder of programs."""
    uv, env = Path(sys.executable).parent / "uv", folder / "environment"
    said_by(uv, "venv", "--quiet", "--python", sys.executable, env, cwd=folder)
    python = env / "bin" / "python"
    lock = folder / "runtime.lock"
    lock.write_text(narrowed(asked_for(wheel)), encoding="utf-8")
    said_by(uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", lock, cwd=folder)
    said_by(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--offline", wheel, cwd=folder)
    said_by(uv, "pip", "check", "--quiet", "--python", python, cwd=folder)
    return env / "bin"


def test_the_wheel_walks_the_demo_outside_the_checkout(tmp_path: Path) -> None:
    """One test, because the environment is made once: contents, help, set-up, pathways, and the whole demo."""
    wheel = built(tmp_path)
    check_contents(wheel)
    programs = installed(wheel, tmp_path)
    shutil.rmtree(tmp_path / "copy")
    away = tmp_path / "away"
    away.mkdir()
    mutualflow = programs / "mutualflow"

    assert "Usage: mutualflow COMMAND" in said_by(mutualflow, "--help", cwd=away)
    where = said_by(programs / "python", "-c", "import mutualflow, workflows; print(mutualflow.__file__)", cwd=away)
    assert Path(where.strip()).is_relative_to(programs.parent)
    assert "The database is ready" in said_by(mutualflow, "init", cwd=away)
    assert (away / "data" / "mutualflow.db").is_file()
    assert said_by(mutualflow, "pathways", "check", cwd=away)
    assert "Open the site" in said_by(mutualflow, "serve", "--help", cwd=away)
    said_by(mutualflow, "demo", "--out", "out", cwd=away)
    papers = sorted((away / "out").glob("*.pdf"))
    assert len(papers) >= 7
    for path in papers:
        with pikepdf.open(path) as pdf:
            assert "model.json" in pdf.attachments
