"""Tables for a terminal: columns where they fit, and a paragraph for every row where they do not."""

from collections.abc import Collection, Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 2  # signs between two columns
LONGEST_WORD = 32  # signs; what is longer is broken even in a column
ROOM = 2  # how many lines a usual cell may take before rows become paragraphs


class Rows:
    """A table with a heading row. `whole`: columns whose cells stay on one line. Empty columns are left out."""

    def __init__(self, *columns: str, title: str = "", whole: Collection[str] = ()) -> None:
        self.columns = columns
        self.title = title
        self.whole = frozenset(whole)
        self.rows: list[tuple[Text, ...]] = []

    def add_row(self, *cells: Text | str) -> None:
        """One row; a word may carry the terminal's markup."""
        self.rows.append(tuple(cell if isinstance(cell, Text) else Text.from_markup(cell) for cell in cells))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.title:
            yield Text(self.title, style="bold")
        shown = [n for n in range(len(self.columns)) if any(row[n].plain for row in self.rows)]
        least = {n: self._least(n) for n in shown}
        gaps = GAP * (len(shown) - 1)
        natural = sum(max(_longest_line(row[n]) for row in self.rows) for n in shown)
        if sum(least.values()) + gaps <= options.max_width and natural <= ROOM * options.max_width:
            yield self._table(shown, self._widths(least, options.max_width - gaps))
        else:
            yield from self._paragraphs(shown)

    def _least(self, column: int) -> int:
        cells = [Text(self.columns[column]), *(row[column] for row in self.rows)]
        if self.columns[column] in self.whole:
            return max(map(_longest_line, cells))
        return min(LONGEST_WORD, max(len(word) for cell in cells for word in (cell.plain.split() or [""])))

    def _widths(self, least: dict[int, int], room: int) -> dict[int, int]:
        """What is left over goes to the columns that would use it, each by what it lacks."""
        wanted = {n: max(len(self.columns[n]), *(_longest_line(row[n]) for row in self.rows)) for n in least}
        lacks = {n: wanted[n] - least[n] for n in least}
        left = min(room - sum(least.values()), sum(lacks.values()))
        whole = max(1, sum(lacks.values()))
        return {n: least[n] + left * lacks[n] // whole for n in least}

    def _table(self, shown: list[int], widths: dict[int, int]) -> Table:
        made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
        for n in shown:
            made.add_column(self.columns[n], overflow="fold", width=widths[n])
        for row in self.rows:
            made.add_row(*(row[n] for n in shown))
        return made

    def _paragraphs(self, shown: list[int]) -> Iterator[Table | Padding]:
        """The sign and the first cell, and under them every other cell after its column's name."""
        signs = [n for n in shown if not self.columns[n]][:1] if not self.columns[0] else []
        first, *others = [n for n in shown if n not in signs]
        for row in self.rows:
            head = Table.grid(padding=(0, 1, 0, 0))
            if signs:
                head.add_column(width=1)
            head.add_column(overflow="fold")
            head.add_row(*(row[n] for n in (*signs, first)))
            yield head
            below = Text(" · ", style="bright_black").join(self._named(row, n) for n in others if row[n].plain.strip())
            if below.plain:
                yield Padding(below, (0, 0, 0, 4))

    def _named(self, row: tuple[Text, ...], column: int) -> Text:
        name = self.columns[column]
        text = Text(f"{name}: " if name else "", style="bright_black")
        text.append_text(Text(" ", style="default").join(row[column].split("\n")))
        return text


def _longest_line(cell: Text) -> int:
    return max((len(line) for line in cell.plain.splitlines()), default=0)
