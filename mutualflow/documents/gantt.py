"""Draws a plan as bars over months: inline SVG with a title, made from data only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from mutualflow.domain.document import Figure, Task, plain
from mutualflow.domain.material import MONTHS, say_day

WIDTH = 612.0  # CSS pixels: the text width of the page (162 mm)
LABEL = 212.0  # room for the names
ROW = 20.0
TOP = 34.0
MOST_ROWS = 36  # bars on one page; more are drawn as several pictures
LETTERS = 38  # of a name, at the size used
_Place = Callable[[date], float]  # day -> distance from the left
INK, BAR, MILE, RULE, BAND = "#1d2b3a", "#5b7f9f", "#0b3d6b", "#c9d3dc", "#f2f5f8"


@dataclass(frozen=True, slots=True)
class _Bar:
    name: str
    start: date
    end: date


def drawings(figure: Figure, names: Mapping[str, str], lang: str = "en") -> tuple[str, ...]:
    """SVG pictures of one figure, in order; none where no task has days yet."""
    bars = [_Bar(plain(t.runs, names), date.fromisoformat(t.start), date.fromisoformat(t.end)) for t in dated(figure)]
    if not bars:
        return ()
    first, last = min(b.start for b in bars), max(b.end for b in bars)
    parts = [bars[at : at + MOST_ROWS] for at in range(0, len(bars), MOST_ROWS)]
    return tuple(_draw(part, first, last, _title(figure, part, lang), lang) for part in parts)


def dated(figure: Figure) -> list[Task]:
    """The tasks whose days are known."""
    return [task for task in figure.tasks if task.start and task.end]


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

    height = TOP + ROW * len(bars) + 4
    grid, heads = _time(begin, end, x, height, lang)
    bands, marks = [], []  # bands are painted first, then the grid, then bars and names
    for i, bar in enumerate(bars):
        y = TOP + i * ROW
        if i % 2 == 0:
            bands.append(f'<rect x="0" y="{y:.1f}" width="{WIDTH:.0f}" height="{ROW:.0f}" fill="{BAND}"/>')
        marks.append(_mark(bar, x, y))
        marks.append(f'<text x="4" y="{y + 13.5:.1f}" font-size="10.5">{escape(_short(bar.name))}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH:.0f} {height:.0f}"><title>{escape(title)}</title>{"".join(bands)}'
        f'<g stroke="{RULE}" stroke-width="0.6">{grid}</g>'
        f'<g font-family="House Sans" fill="{INK}">{heads}{"".join(marks)}</g></svg>'
    )


def _mark(bar: _Bar, x: _Place, y: float) -> str:
    middle = y + ROW / 2
    if bar.start == bar.end:
        at = x(bar.start)
        return (
            f'<path d="M{at:.1f} {middle - 6:.1f}L{at + 6:.1f} {middle:.1f}L{at:.1f} {middle + 6:.1f}'
            f'L{at - 6:.1f} {middle:.1f}Z" fill="{MILE}"/>'
        )
    left, right = x(bar.start), x(bar.end + timedelta(days=1))
    return (
        f'<rect x="{left:.1f}" y="{y + 5:.1f}" width="{max(2.0, right - left):.1f}" height="10" rx="1.5" fill="{BAR}"/>'
    )


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _time(begin: date, end: date, x: _Place, height: float, lang: str) -> tuple[str, str]:
    """Lines and heads: every month up to 15 months, every quarter up to four years, else every year."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    every = 1 if months <= 15 else 3 if months <= 48 else 12
    names = MONTHS.get(lang, MONTHS["en"])
    lines, heads, day, year = [], [], begin, 0
    while day < end:
        if (day.month - 1) % every == 0 or day == begin:
            at = x(day)
            lines.append(f'<path d="M{at:.1f} {TOP - 4:.1f}V{height:.1f}"/>')
            room = x(min(end, _later(day, every))) - at
            if day.year != year and room >= 18:
                heads.append(f'<text x="{at + 2:.1f}" y="12" font-size="10.5" font-weight="600">{day.year}</text>')
                year = day.year
            if every < 12 and room >= 18:
                heads.append(f'<text x="{at + 2:.1f}" y="25" font-size="9.5">{names[day.month - 1][:3]}</text>')
        day = _month_after(day)
    lines.append(f'<path d="M{x(end):.1f} {TOP - 4:.1f}V{height:.1f}"/>')
    return "".join(lines), "".join(heads)


def _later(day: date, every: int) -> date:
    """The next month that is drawn."""
    day = _month_after(day)
    while (day.month - 1) % every:
        day = _month_after(day)
    return day


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else name[: LETTERS - 1].rstrip() + "…"
