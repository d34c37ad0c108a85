"""The practice site: a sample lived half-way, people whom anybody may be, and a calendar that a button moves on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

from mutualflow.domain.desk import role_words
from mutualflow.domain.history import History
from mutualflow.web.calendar import PracticeCalendar
from mutualflow.wiring import histories, living, pulses, replaying, samples
from mutualflow.wiring.app import App
from mutualflow.wiring.publishing import ship

SAMPLE = "homeless-health.yaml"
UNTIL = date(2024, 6, 3)
"""The business case is approved by the group's advisers and lies before the host board."""

MOST_MAILS = 40


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the sample whom a visitor may be."""

    key: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that the practice site wrote instead of sending it."""

    to: str
    subject: str
    text: str


def load() -> History:
    """The sample."""
    return histories.load(samples.folder() / SAMPLE)


def prepare(app: App, history: History, told: Callable[[date], None]) -> PracticeCalendar:
    """Live the sample up to the day on which the visitor takes over, each day with its walk; `told` of each day."""
    replaying.begin(app, history, ship(app))
    last = UNTIL
    for day, rows in living.days(history):
        if day > UNTIL:
            break
        last = day
        told(day)
        for row in rows:
            living.live(app, history, row)
        pulses.sweep_plainly(app, today=day, now=living.moment(day))
    return PracticeCalendar(last)


def move_on(app: App, calendar: PracticeCalendar, days: int) -> None:
    """Move the calendar on, walking each day on the way."""
    for _ in range(days):
        calendar.move_to(calendar.today() + timedelta(days=1))
        pulses.sweep_plainly(app, today=calendar.today(), now=calendar.moment())


def players(history: History) -> tuple[Player, ...]:
    """Everybody of the sample, as the file orders them."""
    return tuple(
        Player(history.person(p.key), p.name, tuple(dict.fromkeys(role_words(r.role, r.side) for r in p.roles)))
        for p in history.people
    )


def mails(folder: Path) -> Iterator[Mail]:
    """The mails written last, the newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    for file in files[:MOST_MAILS]:
        mail = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        plain = mail.get_body(("plain",))
        yield Mail(str(mail["To"]), str(mail["Subject"]), plain.get_content() if plain else "")
