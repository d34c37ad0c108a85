"""House rules that no linter knows: lock, licences, paths and hosts in the tree, dependency audit."""

import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FREE = re.compile(
    r"\b(MIT|MIT-0|BSD|BSD-2-Clause|BSD-3-Clause|0BSD|Apache|Apache-2.0|ISC|PSF|PSF-2.0|Python Software Foundation|Python-2.0|"
    r"OFL|OFL-1.1|MPL|MPL-2.0|Mozilla Public License|Unlicense|ZPL|HPND|CNRI|Zlib|CC0|WTFPL|Public Domain)\b",
    re.I,
)
REVIEWED = {
    "psycopg": "LGPL, optional extra, unmodified",
    "psycopg-binary": "LGPL, optional extra, unmodified",
    "pyphen": "offers MPL among others: taken",
    "text-unidecode": "offers the Artistic License: taken",
    "mutualflow": "our own",
}
BAD_PLACES = re.compile(r"files\.pythonhosted|pypi\.org/simple|registry\.npmjs|(?<![\w.])/(?:tmp|root|work)/|/home/[a-z]")
PLACES_ALLOWED = {"tools/check_house.py"}


def lock() -> list[str]:
    """Every line of the lock names a version with hashes, and no host."""
    text = (ROOT / "requirements.lock").read_text()
    wrong = [line for line in text.splitlines() if line.startswith("--") or "://" in line]
    blocks = re.split(r"\n(?=\S)", text.strip())
    wrong += [b.split()[0] for b in blocks if "--hash=sha256:" not in b or "==" not in b]
    return [f"requirements.lock: {w}" for w in wrong]


def licences() -> list[str]:
    """Every installed distribution has a licence that may be used."""
    found = []
    for one in distributions():
        name = (one.metadata["Name"] or "").lower()
        said = " ".join(
            [one.metadata.get("License-Expression") or "", (one.metadata.get("License") or "")[:200]]
            + [c for c in one.metadata.get_all("Classifier") or [] if c.startswith("License")]
        )
        if name in REVIEWED:
            continue
        copyleft = re.search(r"\bA?GPL|GNU (Affero )?General", said) and not FREE.search(said)
        if copyleft or not FREE.search(said):
            found.append(f"licence of {name}: {said.strip()[:120] or 'not said'}")
    return found


def places() -> list[str]:
    """No machine path and no download host stands in the tree."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    found = []
    for name in files:
        path = ROOT / name
        if name in PLACES_ALLOWED or name.startswith("tests/") or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{n}: {line.strip()[:80]}" for n, line in enumerate(text.splitlines(), 1) if BAD_PLACES.search(line)]
    return found


def audit() -> None:
    """Known vulnerabilities, where the data can be reached; where it cannot, that is said and nothing more."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--disable-pip", "--require-hashes",
             "-r", str(ROOT / "requirements.lock"), "--timeout", "5"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        print("dependency audit: its data could not be reached from here")
        return
    if done.returncode == 0:
        print("dependency audit: nothing known")
    elif "Connection" in done.stderr or "resolve" in done.stderr or "Max retries" in done.stderr or "Error" in done.stderr:
        print("dependency audit: its data could not be reached from here")
    else:
        print(done.stdout[-4000:])


def main() -> int:
    """0 when every rule holds."""
    found = [*lock(), *licences(), *places()]
    for one in found:
        print(one)
    audit()
    print("house rules hold" if not found else f"{len(found)} house rules broken")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
