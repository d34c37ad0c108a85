"""Templates: one environment for all pages, escaped by itself, with GOV.UK Frontend's macros beside ours."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from mutualflow.domain.material import say_date, say_day
from mutualflow.domain.shown import Shown
from mutualflow.services.history import Line
from mutualflow.services.home import StepLine
from mutualflow.services.step_page import StepPage
from mutualflow.web import words
from mutualflow.web.act_words import ON_A_STEP

LONDON = ZoneInfo("Europe/London")
STATIC = Path(__file__).parent / "static"


@cache
def environment() -> jinja2.Environment:
    """Made once. ChainableUndefined: the macros of GOV.UK Frontend rest on it; our own templates name what they get."""
    made = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.ChainableUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("mutualflow.web"),
                jinja2.PrefixLoader({"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "day": say_day,
        "moment": moment,
        "moment_time": moment_time,
        "by_day": by_day,
        "days": days,
        "upper_first": upper_first,
        "said_day": said_day,
        "first_cell": first_cell,
    }
    made.globals |= {
        "about_pages": tuple(words.ABOUT.items()),
        "project_pages": tuple(words.PROJECT.items()),
        "doing": words.DOING,
        "life": words.LIFE,
        "slot_state": words.SLOT,
        "task_state": words.TASK,
        "touched": words.TOUCHED,
        "sides": words.SIDES,
        "nature": words.NATURE,
        "clause_change": words.CLAUSE,
        "act_words": ON_A_STEP,
        "status_tag": status_tag,
    }
    return made


def moment(at: datetime) -> str:
    """A moment as people in Britain say it: 3 March 2025 at 2:05pm."""
    return f"{say_day(at.astimezone(LONDON).date())} at {moment_time(at)}"


def moment_time(at: datetime) -> str:
    """The time of day of a moment: 2:05pm."""
    there = at.astimezone(LONDON)
    return f"{there.hour % 12 or 12}:{there.minute:02}{'am' if there.hour < 12 else 'pm'}"


def by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    """Lines of the history by the day on which they were written down, in their order."""
    days_of = itertools.groupby(lines, key=lambda line: line.recorded_at.astimezone(LONDON).date())
    return [(day, list(found)) for day, found in days_of]


def first_cell(cells: Mapping[str, str]) -> str:
    """What a row of a list is known by: the first of its cells that is filled in."""
    return next((said for said in cells.values() if said), "")


def days(number: int) -> str:
    """A number of days in words."""
    return "today" if number <= 0 else "1 day" if number == 1 else f"{number} days"


def show(
    request: Request, template: str, values: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """One page."""
    state = request.state
    given = {
        "nonce": state.nonce,
        "visit": getattr(state, "visit", None),
        "practice": getattr(request.app.state, "practice", None),
        "path": request.url.path,
        **(values or {}),
    }
    return HTMLResponse(environment().get_template(template).render(given), status_code=status)


def led(to: str) -> Response:
    """Lead the browser to a page of ours by GET."""
    return Response(status_code=303, headers={"location": to})


def said_day(text: str) -> str:
    """A day as it is stored, in words; as it stands where it is none."""
    try:
        return say_date(text)
    except ValueError:
        return text


def upper_first(text: str) -> str:
    """A sentence's first letter as a capital."""
    return text[:1].upper() + text[1:]


def status_tag(step: StepLine | StepPage) -> tuple[str, str]:
    """The word of a step's status and the colour of its tag; '' where it stands as plain words."""
    if step.status is Shown.APPROVED and not step.slots:
        return words.DONE, ""
    return words.STATUS[step.status]
