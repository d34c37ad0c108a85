"""docs/architecture.md is true of the code as far as names go: every file and function that it names is there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/.-]+(?:/|\.(?:py|yaml|md|json|xml|txt)))(?::\s+([\w.]+))?`")


def names_in(module: Path) -> Iterator[str]:
    """Everything that a module defines at its top, and the methods of its classes as Class.method."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            inside = node.body if isinstance(node, ast.ClassDef) else []
            yield from (f"{node.name}.{one.name}" for one in inside if isinstance(one, ast.FunctionDef))
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            if isinstance(target, ast.Name):
                yield target.id


def untrue(text: str) -> list[str]:
    """Files and functions named in backticks, from the root or from mutualflow/, that are not there."""
    found = []
    for path, name in NAMED.findall(text):
        place = next((p for p in (ROOT / path, ROOT / "mutualflow" / path) if p.exists()), None)
        if place is None or (name and name not in set(names_in(place))):
            found.append(f"{path}: {name}" if name else path)
    return found


def test_every_file_and_function_of_the_guide_is_there() -> None:
    assert sum(1 for _, name in NAMED.findall(GUIDE) if name) > 60
    assert untrue(GUIDE) == []


def test_a_name_that_is_not_there_is_found() -> None:
    text = (
        "`domain/moves.py: ACTS`, `domain/moves.py: gone`, `domain/gone.py`, `pathways/gone/`, `cli/gone.py:\n   run`"
    )
    assert untrue(text) == ["domain/moves.py: gone", "domain/gone.py", "pathways/gone/", "cli/gone.py: run"]
