"""House rules that no linter knows: lock, licences, paths and hosts in the tree, dependency audit."""

import json
import re
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FREE = re.compile(
    r"\b(MIT|MIT-0|BSD|0BSD|Apache|ISC|ISCL|PSF|PSFL|Python Software Foundation|Python-2\.0|OFL|MPL|"
    r"Mozilla Public License|Unlicense|ZPL|HPND|CNRI|Zlib|CC0|WTFPL|Public Domain)\b",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"[AL]?GPL|GNU\b", re.IGNORECASE)
REVIEWED = {
    "psycopg": "LGPL, optional extra, unmodified",
    "psycopg-binary": "LGPL, optional extra, unmodified",
    "pyphen": "offers MPL among others: taken",
    "text-unidecode": "offers the Artistic License: taken",
}
BAD_PLACES = re.compile(
    r"files\.pythonhosted|pypi\.org/simple|registry\.npmjs|"
    r"(?<![\w.])/(?:tmp|root|work|opt|mnt)/|/home/[a-z]"
)
PLACES_ALLOWED = {"tools/check_house.py", "tests/house/test_house.py"}


def lock_faults(text: str) -> list[str]:
    """What is wrong with a lock: every entry names one version with hashes, and no line names a host."""
    wrong = [line for line in text.splitlines() if line.startswith("-") or "://" in line or " @ " in line]
    blocks = re.split(r"\n(?=\S)", text.strip())
    wrong += [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block or "==" not in block]
    return [f"requirements.lock: {one}" for one in wrong]


def licence_fault(name: str, said: str) -> str:
    """Why a distribution that says this about its licence may not be used; '' where it may.

    A copyleft licence among several is never waved through: the choice is made by a person, in REVIEWED.
    """
    if name in REVIEWED or (FREE.search(said) and not COPYLEFT.search(said)):
        return ""
    return f"licence of {name}: {said[:120] or 'not said'}"


def licence_of(one: Distribution) -> str:
    """All that a distribution's metadata says about its licence, on one line."""
    fields = one.metadata
    said = [fields[key] for key in ("License-Expression",) if key in fields]
    said += [fields[key][:200] for key in ("License",) if key in fields]
    said += [line for line in fields.get_all("Classifier") or [] if line.startswith("License")]
    return " ".join(" ".join(said).split())


def place_faults(name: str, text: str) -> list[str]:
    """Lines of a file that name a machine path or a download host."""
    lines = enumerate(text.splitlines(), 1)
    return [f"{name}:{number}: {line.strip()[:80]}" for number, line in lines if BAD_PLACES.search(line)]


def tracked() -> list[Path]:
    """Every file that git follows and that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def lock() -> list[str]:
    """Faults of the lock file."""
    return lock_faults((ROOT / "requirements.lock").read_text(encoding="utf-8"))


def licences() -> list[str]:
    """Faults of the licences of all that is installed here."""
    named = {(one.metadata["Name"] or "").lower(): licence_of(one) for one in distributions()}
    return [fault for name, said in sorted(named.items()) if (fault := licence_fault(name, said))]


def places() -> list[str]:
    """Machine paths and download hosts in the tree."""
    found = []
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if name not in PLACES_ALLOWED:
            found += place_faults(name, path.read_bytes().decode("utf-8", errors="replace"))
    return found


def audit_outcome(report: str) -> tuple[str, list[str]]:
    """What a report of pip-audit (its JSON) says: a sentence, and the known weaknesses.

    pip-audit ends well, and says "no known vulnerabilities", when it could look up nothing at all: what it skipped is
    counted here and said, so that an audit that did not happen is never reported as a clean one.
    """
    try:
        entries = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return "dependency audit: NOT DONE, its data could not be reached from here", []
    looked_up = [entry for entry in entries if "skip_reason" not in entry]
    if not looked_up:
        return "dependency audit: NOT DONE, its data could not be reached from here", []
    found = [
        f"{entry['name']} {entry['version']}: {weakness['id']}"
        for entry in looked_up
        for weakness in entry.get("vulns", [])
    ]
    skipped = len(entries) - len(looked_up)
    tail = f", {skipped} could not be looked up" if skipped else ""
    return f"dependency audit: {len(looked_up)} looked up, {len(found)} known weaknesses{tail}", found


def audit() -> list[str]:
    """Known weaknesses of what the lock names, where the data can be reached; where it cannot, that is said."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--timeout", "5"]
    command += ["--progress-spinner", "off", "--format", "json", "-r", str(ROOT / "requirements.lock")]
    try:
        report = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False).stdout
    except subprocess.TimeoutExpired:
        report = ""
    sentence, found = audit_outcome(report)
    print(sentence)
    return found


def main() -> int:
    """0 when every rule holds."""
    found = [*lock(), *licences(), *places(), *audit()]
    for one in found:
        print(one)
    print("house rules hold" if not found else f"{len(found)} house rules broken")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
