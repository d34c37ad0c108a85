"""Draws a plan as bars over weeks, months or years: inline SVG with a title, made from data only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from math import ceil

from mutualflow.domain.document import Figure, Task, plain
from mutualflow.domain.material import MONTHS, say_day

WIDTH = 612.0  # CSS pixels: the text width of the page (162 mm)
LABEL = 244.0  # room for the names
ROW = 18.0  # of a name on one line
LINE = 12.0  # what each further line of a name adds
TOP = 34.0
TALLEST = 690.0  # of one picture, so that it stands on a page with its heading; more is drawn as several pictures
SIZE = 10.5
MOST_LINES = 4  # of a name; all of it stands in the text alternative
WEEKS = 3  # months up to which weeks are drawn
_Place = Callable[[date], float]  # day -> distance from the left
INK, BAR, MILE, RULE, ROWS = "#1d2b3a", "#5b7f9f", "#0b3d6b", "#c9d3dc", "#e3e8ec"
WIDTHS = (
    (" iljI.,:;'’|!", 0.26),
    ("ftr()-/", 0.34),
    ("szcxvyŷJ–", 0.48),
    ("mMwWŵŴ@%—", 0.83),
)  # of the house font, in em
EM = {letter: wide for letters, wide in WIDTHS for letter in letters}


@dataclass(frozen=True, slots=True)
class _Bar:
    name: str
    lines: tuple[str, ...]
    start: date
    end: date

    @property
    def height(self) -> float:
        return ROW + LINE * (len(self.lines) - 1)


def drawings(figure: Figure, names: Mapping[str, str], lang: str = "en") -> tuple[str, ...]:
    """SVG pictures of one figure, in order; none where no task has days yet."""
    bars = [_bar(plain(t.runs, names), t) for t in dated(figure)]
    if not bars:
        return ()
    first, last = min(b.start for b in bars), max(b.end for b in bars)
    return tuple(_draw(part, first, last, _title(figure, part, lang), lang) for part in _parts(bars))


def dated(figure: Figure) -> list[Task]:
    """The tasks whose days are known."""
    return [task for task in figure.tasks if task.start and task.end]


def _bar(name: str, task: Task) -> _Bar:
    return _Bar(name, _lines(name), date.fromisoformat(task.start), date.fromisoformat(task.end))


def _parts(bars: list[_Bar]) -> Iterator[list[_Bar]]:
    """As many bars to a picture as a page has room for, shared out evenly over the pictures."""
    room, left = TALLEST - TOP, sum(bar.height for bar in bars)
    part: list[_Bar] = []
    height = 0.0
    for bar in bars:
        share = left / ceil(left / room)
        if part and (height + bar.height / 2 > share or height + bar.height > room):
            yield part
            left -= height
            part, height = [], 0.0
        part.append(bar)
        height += bar.height
    yield part


def _lines(name: str) -> tuple[str, ...]:
    """The name broken into lines that fit beside the bars; a name too long for that ends in an ellipsis."""
    room, lines = LABEL - 12, [""]
    for word in _words(name, room):
        longer = f"{lines[-1]} {word}".strip()
        if _wide(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]
    return tuple(lines)


def _words(name: str, room: float) -> Iterator[str]:
    """Words, those wider than the room in pieces."""
    for word in name.split():
        rest = word
        while _wide(rest) > room:
            fits = next(n for n in range(len(rest), 0, -1) if _wide(rest[:n]) <= room)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _wide(text: str) -> float:
    """About how wide it is printed, rather too wide than too narrow: the house font is not at hand here."""
    return SIZE * sum(EM.get(letter, 0.62 if letter.isupper() else 0.55) for letter in text)


def _title(figure: Figure, bars: list[_Bar], lang: str) -> str:
    """The text alternative: what the author says of the picture, then every bar in words."""
    said = [
        f"{b.name}: {say_day(b.start, lang)}" + (f" to {say_day(b.end, lang)}" if b.end != b.start else "")
        for b in bars
    ]
    return f"{figure.alt.rstrip('.')}. {'; '.join(said)}."


def _draw(bars: list[_Bar], first: date, last: date, title: str, lang: str) -> str:
    begin = first.replace(day=1)
    end = _month_after(last)
    scale = (WIDTH - LABEL) / max(1, (end - begin).days)

    def x(day: date) -> float:
        return LABEL + (day - begin).days * scale

    height = TOP + sum(bar.height for bar in bars) + 4
    grid, heads = _time(begin, end, x, height, lang)
    rules, marks, y = [], [], TOP  # lines only: whatever stands across the page stays readable
    for bar in bars:
        rules.append(f'<path d="M0 {y:.1f}H{WIDTH:.0f}"/>')
        marks.append(_mark(bar, x, y + bar.height / 2))
        base = y + 12.5
        for n, line in enumerate(bar.lines):
            marks.append(f'<text x="4" y="{base + n * LINE:.1f}" font-size="{SIZE}">{escape(line)}</text>')
        y += bar.height
    rules.append(f'<path d="M0 {y:.1f}H{WIDTH:.0f}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH:.0f} {height:.0f}"><title>{escape(title)}</title>'
        f'<g stroke="{ROWS}" stroke-width="0.6">{"".join(rules)}</g>'
        f'<g stroke="{RULE}" stroke-width="0.6">{grid}</g>'
        f'<g font-family="House Sans" fill="{INK}">{heads}{"".join(marks)}</g></svg>'
    )


def _mark(bar: _Bar, x: _Place, middle: float) -> str:
    if bar.start == bar.end:
        at = x(bar.start)
        return (
            f'<path d="M{at:.1f} {middle - 6:.1f}L{at + 6:.1f} {middle:.1f}L{at:.1f} {middle + 6:.1f}'
            f'L{at - 6:.1f} {middle:.1f}Z" fill="{MILE}"/>'
        )
    left, right = x(bar.start), x(bar.end + timedelta(days=1))
    return (
        f'<rect x="{left:.1f}" y="{middle - 5:.1f}" width="{max(2.0, right - left):.1f}" height="10" rx="1.5" '
        f'fill="{BAR}"/>'
    )


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _time(begin: date, end: date, x: _Place, height: float, lang: str) -> tuple[str, str]:
    """Lines and heads: weeks up to three months, every month up to 15, every quarter up to four years, else years."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    names = MONTHS.get(lang, MONTHS["en"])
    if months <= WEEKS:
        return _weeks(begin, end, x, height, names)
    every = 1 if months <= 15 else 3 if months <= 48 else 12
    lines, heads, day, year = [], [], begin, 0
    while day < end:
        if (day.month - 1) % every == 0 or day == begin:
            at = x(day)
            lines.append(_line(at, TOP - 4, height))
            room = x(min(end, _later(day, every))) - at
            if day.year != year and room >= 18:
                heads.append(_head(at, 12, str(day.year), strong=True))
                year = day.year
            if every < 12 and room >= 18:
                heads.append(_head(at, 25, names[day.month - 1][:3]))
        day = _month_after(day)
    lines.append(_line(x(end), TOP - 4, height))
    return "".join(lines), "".join(heads)


def _weeks(begin: date, end: date, x: _Place, height: float, names: Sequence[str]) -> tuple[str, str]:
    """A line for every Monday, headed by its day of the month."""
    lines, heads, day = [_line(x(end), TOP - 4, height)], [], begin
    while day < end:
        heads.append(_head(x(day), 12, f"{names[day.month - 1]} {day.year}", strong=True))
        day = _month_after(day)
    day = begin + timedelta(days=-begin.weekday() % 7)
    while day < end:
        lines.append(_line(x(day), TOP - 4, height))
        heads.append(_head(x(day), 25, str(day.day)))
        day += timedelta(days=7)
    return "".join(lines), "".join(heads)


def _line(at: float, top: float, bottom: float) -> str:
    return f'<path d="M{at:.1f} {top:.1f}V{bottom:.1f}"/>'


def _head(at: float, y: int, words: str, *, strong: bool = False) -> str:
    look = f'font-size="{SIZE}" font-weight="600"' if strong else 'font-size="9.5"'
    return f'<text x="{at + 2:.1f}" y="{y}" {look}>{words}</text>'


def _later(day: date, every: int) -> date:
    """The next month that is drawn."""
    day = _month_after(day)
    while (day.month - 1) % every:
        day = _month_after(day)
    return day
