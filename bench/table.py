"""What the bench found: a table for the eye, a file for the next comparison."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.row import Row

OUT = Path("out") / "bench.json"
UNSEEN_WIDTH = 140  # columns of a table that goes to a file


def show(rows: Sequence[Row]) -> None:
    """Figures, ratios, and whether they meet their targets."""
    console = Console(width=None if sys.stdout.isatty() else UNSEEN_WIDTH)
    table = Table("what", "figure", "beside", "ratio", "at most", "met", title="bench", title_style="bold")
    for column in table.columns[1:5]:
        column.justify = "right"
    for row in rows:
        table.add_row(
            row.name,
            f"{_said(row.value)} {row.unit}",
            _said(row.baseline),
            _said(row.ratio),
            _said(row.target),
            {True: "[green]yes[/green]", False: "[bold red]no[/bold red]", None: ""}[row.met],
        )
    console.print(table)


def _said(figure: float | None) -> str:
    if figure is None:
        return ""
    return f"{figure:.0f}" if float(figure).is_integer() else f"{figure:.2f}"


def keep(rows: Sequence[Row], path: Path = OUT) -> None:
    """Write the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n", encoding="utf-8")
