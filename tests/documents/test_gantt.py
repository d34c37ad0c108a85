"""The picture of a plan: whole names, one page to a picture, a scale that fits the time it shows."""

import re
from datetime import date, timedelta

import pytest

from mutualflow.documents.gantt import LABEL, TALLEST, WIDTH, drawings
from mutualflow.domain.document import Drawing, Figure, Task, Text

LONG = "Register with the care or children's services regulator, and tell the commissioner when the answer is there"


def figure(*tasks: tuple[str, str, str]) -> Figure:
    """A plan of (name, from, to)."""
    rows = tuple(Task((Text(name),), start, end) for name, start, end in tasks)
    return Figure("gantt", "Work", "Bars for each piece of work.", Drawing.GANTT, rows)


def words(svg: str) -> list[str]:
    """What is written in the picture, in order."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_long_name_is_written_whole_over_several_lines() -> None:
    (svg,) = drawings(figure((LONG, "2024-08-05", "2024-11-04"), ("Open", "2025-04-01", "2025-04-01")), {})
    written = [one for one in words(svg) if not re.fullmatch(r"\d{4}|[A-Z][a-z]{2}", one)]
    assert " ".join(written[:-1]) == LONG.replace("'", "&#x27;")
    assert len(written) > 2
    assert "…" not in svg


def test_a_name_without_end_is_cut_in_the_picture_and_whole_in_its_words() -> None:
    name = "ŵ" * 55 + " goes on " * 60
    (svg,) = drawings(figure((name, "2024-08-05", "2024-11-04")), {})
    assert words(svg)[-1].endswith("…")
    assert name.strip() in svg


@pytest.mark.parametrize("name", ["Open", LONG])
def test_three_hundred_pieces_of_work_are_drawn_once_each_on_pictures_that_fit_a_page(name: str) -> None:
    first = date(2024, 1, 1)
    tasks = [(f"{n} {name}", str(first + timedelta(n)), str(first + timedelta(n + 30))) for n in range(300)]
    pictures = drawings(figure(*tasks), {})
    assert len(pictures) > 8
    heights = [float(re.findall(r' height="(\d+)"', svg)[0]) for svg in pictures]
    assert max(heights) <= TALLEST + 4
    assert sum(svg.count("<rect") for svg in pictures) == 300


def test_a_plan_of_weeks_shows_its_mondays() -> None:
    (svg,) = drawings(
        figure(("Find that all is ready", "2025-03-24", "2025-03-31"), ("Open", "2025-04-01", "2025-04-07")), {}
    )
    heads = words(svg)
    assert {"March 2025", "April 2025", "3", "24", "31", "7"} <= set(heads)


def test_bars_stay_right_of_the_names_and_inside_the_picture() -> None:
    (svg,) = drawings(figure((LONG, "2024-01-01", "2029-12-31"), ("Day", "2024-01-01", "2024-01-01")), {})
    for left, wide in re.findall(r'<rect x="([\d.]+)"[^>]* width="([\d.]+)"', svg):
        assert float(left) >= LABEL
        assert float(left) + float(wide) <= WIDTH + 0.1
