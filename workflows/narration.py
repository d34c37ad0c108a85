"""Telling who watches what happens: the people's acts of a day, then what the walk made of the day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection

from mutualflow.domain.formation import DateKind
from mutualflow.domain.history import History
from mutualflow.domain.keys import Audience
from mutualflow.domain.material import say_date, say_day
from mutualflow.domain.plan import TARGETS
from mutualflow.services import history as chronicle
from mutualflow.services import looking
from mutualflow.services.history import Line
from mutualflow.services.looking import Look
from mutualflow.storage import events
from mutualflow.wiring.app import App
from mutualflow.wiring.living import Told
from workflows.crash import Crash

DIM = "bright_black"
QUIET = {
    "answer": ("answer", "answers"),
    "add_row": ("row", "rows"),
    "retire_row": ("row taken out", "rows taken out"),
    "complete_list": ("list completed", "lists completed"),
    "attach": ("file", "files"),
}
"""Kinds of which only the number is told, singular and plural, unless the sample has a note on one."""

COUNTED = {
    "told": ("reminder", "reminders"),
    "sent": ("mail", "mails"),
    "unsent": ("mail that did not go", "mails that did not go"),
    "failed": ("formation could not be walked", "formations could not be walked"),
}
"""Counts of a walk that are told, singular and plural."""

SILENT = frozenset({"corrected"})
"""Kinds that say for each step what the line before has said."""


class Narrator:
    """Prints one day after the other; remembers how much of the history it has told."""

    def __init__(self, app: App, history: History, console: Console) -> None:
        self._app, self._history, self._console = app, history, console
        self._told = 0
        self._expected: dict[str, str] = {}

    def acts(self, day: date, told: Sequence[Told]) -> None:
        """What people did on a day, refusals and notes of the sample in their places."""
        lines = {line.number: line for line in self._news(day)}
        quiet = Counter(line.kind for line in lines.values() if line.kind in QUIET)
        head = Text(f"\n{say_day(day)}", style="bold")
        words = [_count(n, QUIET[kind]) for kind, n in quiet.items()]
        head.append(f"  {', '.join(words)}" if words else "", style=f"not bold {DIM}")
        self._say(head)
        for one in told:
            self._row(one, [lines[number] for number in one.events if number in lines])

    def _row(self, told: Told, lines: list[Line]) -> None:
        if told.refused:
            self._say(Text.assemble(("  ✘ ", "red"), (f"{told.words} is refused. ", "red"), told.refused))
        loud = [x for x in lines if x.kind not in SILENT and (told.note or x.kind not in QUIET)]
        for number, line in enumerate(loud):
            if number == 0 and line.kind not in ("approved", "effect_reopened"):
                self._say(Text.assemble(("  · ", DIM), (line.name, "bold"), f" {line.words}", (_own(line), "italic")))
            else:
                self._say(Text.assemble(("    → ", DIM), line.words))
        if told.note:
            self._say(Text(f"    {told.note}", style="cyan"))

    def walk(self, day: date, counts: Mapping[str, int], crash: Crash) -> None:
        """What the walk of a day did: reminders, law and days that passed, what is expected now."""
        look, lines = self._look(day)
        parts = [_count(counts[key], words) for key, words in COUNTED.items() if counts.get(key)]
        if parts:
            self._say(Text(f"  ☾ the walk: {', '.join(parts)}", style="blue"))
        for words in self._walked(lines):
            self._say(Text(f"  ☾ {words}", style="yellow"))
        for words in self._shifts(look):
            self._say(Text(f"  ☾ {words}", style="blue"))
        if crash.killed_on == day:
            self._say(Text("  ✘ the sender was killed after a mail had gone and before that was written down", "red"))
        if crash.again_on == day:
            self._say(Text(f"  ✔ put right: the same mail went again, as {crash.message_id}", "green"))

    def _shifts(self, look: Look) -> Iterable[str]:
        """Days that are expected otherwise than before; milestones that fall together are told together."""
        moved: dict[tuple[str, str], list[str]] = {}
        why = ""
        for milestone in TARGETS:
            forecast = look.formation.dates.get((milestone, DateKind.FORECAST))
            if forecast is None or (milestone, DateKind.ACTUAL) in look.formation.dates:
                continue
            said = str(forecast.span)
            if said != self._expected.get(milestone.value):
                planned = look.formation.dates.get((milestone, DateKind.PLANNED))
                moved.setdefault((said, str(planned.span) if planned else ""), []).append(milestone.value)
                why = why or forecast.why
                self._expected[milestone.value] = said
        for (said, planned_on), names in moved.items():
            wanted = f" (planned {say_date(planned_on)})" if planned_on else ""
            yield f"{' and '.join(names).replace('_', ' ')} expected on {say_date(said)}{wanted}. {why}"

    def _walked(self, lines: Iterable[Line]) -> Iterable[str]:
        """The walk's own events in words; law that changed for several steps is told once."""
        changed: dict[str, list[str]] = {}
        for line in lines:
            if line.kind == "law_changed":
                changed.setdefault(str(line.refs.get("rule", "")), []).append(line.words.rpartition(" for ")[2])
            else:
                yield line.words
        for rule, steps in changed.items():
            yield f"the law has changed: {self._law(rule)}, for {', '.join(dict.fromkeys(steps))}"

    def _law(self, key: str) -> str:
        """What a rule or a source of law is called."""
        book = self._app.law.book
        known = book.rules.get(key) or book.sources.get(key)
        return known.title if known else key.replace("_", " ")

    def _news(self, day: date) -> list[Line]:
        return self._look(day)[1]

    def _look(self, day: date) -> tuple[Look, list[Line]]:
        """The formation, and what has been added to its history since it was asked last."""

        def use_case(db: Connection) -> tuple[Look, list[Line]]:
            lead = self._history.person(self._history.people[0].key)
            look = looking.look(db, self._history.case, by=lead, today=day, law=self._app.law)
            new = look.formation.events - self._told
            found = events.page(db, look.formation.id, tuple(Audience), look.formation.events + 1, new) if new else []
            return look, [chronicle.line(look, one) for one in reversed(found)]

        look, lines = self._app.read(use_case)
        self._told = look.formation.events
        return look, lines

    def _say(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _own(line: Line) -> str:
    """A person's own words on what she did, where they are short enough to be told."""
    own = " ".join(line.text.split())
    return f": {own}" if own and len(own) <= 160 else ""


def _count(n: int, words: tuple[str, str]) -> str:
    return f"{n} {words[n != 1]}"
