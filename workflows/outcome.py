"""What came of a demo: whether the walks did their part, the company's state, milestones, papers, mails, pulses."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection

from mutualflow.cli import picture
from mutualflow.domain.formation import DateKind, MilestoneDate
from mutualflow.domain.history import History
from mutualflow.domain.keys import Audience, Milestone
from mutualflow.domain.material import say_date
from mutualflow.services import home, looking
from mutualflow.services.dates import MilestoneLine, milestones
from mutualflow.services.home import Home
from mutualflow.services.looking import Look
from mutualflow.storage import documents, events, files, notices
from mutualflow.storage import pulses as pulse_rows
from mutualflow.wiring import living
from mutualflow.wiring.app import App
from workflows.crash import ROW, Crash

DIM = "bright_black"
MOST = 10_000


class DemoFault(Exception):
    """The demo did not show what it should; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is read at the end, in one snapshot."""

    look: Look
    page: Home
    milestones: tuple[MilestoneLine, ...]
    missed: int
    papers: list[documents.Kept]
    pulses: list[dict[str, object]]
    unsent: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sample that has been lived to its end."""

    app: App
    history: History
    crash: Crash
    mark: Path

    def show(self, out: Path, console: Console) -> None:
        """Print what came of it; DemoFault where the walks left no trace."""
        sight = self.app.read(self._sight)
        gaps = list(self.gaps(sight))
        if gaps:
            raise DemoFault(
                f"The demo is not whole: {'; '.join(gaps)}. This is what time does, and the flows do it: without "
                "them nothing of it happens."
            )
        console.print()
        console.print(picture.heading(sight.page))
        console.print()
        console.print(picture.walk(sight.page.stages))
        console.print(picture.section("Milestones", milestone_table(sight)))
        console.print(picture.section(f"Papers in {out}", self._papers(sight, out)))
        console.print(picture.section("What time did", self._pulses(sight)))

    def _sight(self, db: Connection) -> Sight:
        *_, (last, _) = living.days(self.history)
        lead = self.history.person(self.history.people[0].key)
        look = looking.look(db, self.history.case, by=lead, today=last, law=self.app.law)
        told = events.page(db, look.formation.id, tuple(Audience), MOST, MOST)
        return Sight(
            look,
            home.home(look),
            milestones(look),
            sum(1 for one in told if one.kind == "clock_missed" and one.via == "walk"),
            documents.of(db, self.history.case),
            [p for p in pulse_rows.last(db, MOST) if p["flow"] == "walk all"],
            notices.unsent(db)[0],
        )

    def gaps(self, sight: Sight) -> Iterator[str]:
        """What walks should have left and did not, each in words."""
        wanted = sum(1 for _ in living.days(self.history))
        ran = sum(1 for p in sight.pulses if p["run_id"] and p["finished_at"])
        if ran < wanted:
            yield f"{ran} of {wanted} days were walked by a flow run"
        if not self._mails():
            yield "no reminder was written to anybody"
        if not _forecasts(sight):
            yield "no day was ever forecast"
        if not sight.missed:
            yield "nobody noticed that a date of law had passed"
        if any(row.row.get("machine") == ROW for row in self.history.happened) and self.crash.again_on is None:
            yield "no sender was killed, or what it had not written down was never sent again"

    def _mails(self) -> list[Path]:
        return list(self.app.settings.mail_dir.glob("*.eml"))

    def _papers(self, sight: Sight, out: Path) -> Table:
        """Every paper that was put forward or kept, as a file that a person can open."""
        grid = Table.grid(padding=(0, 2, 0, 0))
        names = []
        for kept in sight.papers:
            if kept.pdf_sha256 is None:
                continue
            name = f"{kept.catalogue}-{kept.key}-v{kept.number.rpartition('/')[2]}.pdf"
            (out / name).write_bytes(files.read(self.app.settings.printed_dir, kept.pdf_sha256))
            blanks = f"{kept.blanks} {'blank' if kept.blanks == 1 else 'blanks'}" if kept.blanks else ""
            grid.add_row(name, Text(say_date(kept.kept_on.isoformat()), DIM), Text(blanks, "yellow"))
            names.append(name)
        self.mark.write_text("\n".join(names), encoding="utf-8")
        return grid

    def _pulses(self, sight: Sight) -> Text:
        total: Counter[str] = Counter()
        for pulse in sight.pulses:
            total.update(json.loads(str(pulse["counts"]) or "{}"))
        broken = sum(1 for p in sight.pulses if p["error"])
        kinds = {k.removeprefix("kind."): n for k, n in total.items() if k.startswith("kind.")}
        text = Text()
        text.append(f"{len(sight.pulses)} walks as flow runs of Prefect")
        text.append(f", {broken} broken off and put right by the next" if broken else "")
        text.append(f"\n{total['gathered']} reminders in {total['sent']} mails in {self.app.settings.mail_dir}")
        text.append(f", {sight.unsent} not sent" if sight.unsent else "")
        text.append(f"\n{total['changed']} walks wrote history: law that changed, days that passed")
        text.append(f"\nowed on the day of a walk: {_listed(kinds)}\n", DIM)
        text.append(f"{sight.look.formation.events} events; mutualflow audit verify --replay checks them", DIM)
        return text


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} × {kind.replace('_', ' ')}" for kind, n in sorted(counts.items()))


def _forecasts(sight: Sight) -> dict[Milestone, MilestoneDate]:
    """The last forecast of every milestone, as walks wrote them."""
    return {m: held for (m, kind), held in sight.look.formation.dates.items() if kind is DateKind.FORECAST}


def milestone_table(sight: Sight) -> Table:
    """Planned, forecast last, actual, and how far the actual day is from the first plan."""
    forecasts = _forecasts(sight)
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("Milestone", "Planned", "Last forecast", "Actual", "Slip"):
        grid.add_column(heading, no_wrap=heading == "Milestone")
    for one in sight.milestones:
        forecast = forecasts.get(Milestone(one.milestone))
        if not (one.first_plan or one.actual or forecast):
            continue
        grid.add_row(
            one.title.capitalize(),
            say_date(one.last_plan) if one.last_plan else "–",
            say_date(str(forecast.span)) if forecast else "–",
            Text(say_date(one.actual) if one.actual else "–", "green"),
            _slip(one.slip),
        )
    return grid


def _slip(slip: tuple[int, int] | None) -> Text:
    if slip is None:
        return Text("–", DIM)
    if slip == (0, 0):
        return Text("on the day", "green")
    least, most = slip
    days = str(abs(least)) if least == most else f"{least} to {most}"
    return Text(
        f"{days} days {'late' if least > 0 else 'early' if most < 0 else ''}".strip(), "red" if least > 0 else ""
    )
