"""What the bench measures on: formations that honest people made once on SQLite, carried to every place as they are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import Engine, insert, select, text

from bench import synthetic
from bench.clones import clone
from bench.places import Place, Sqlite, settle
from mutualflow.domain import acts
from mutualflow.domain.formation import Formation, Status
from mutualflow.domain.keys import Milestone
from mutualflow.domain.pathway import Pathway, QuestionType
from mutualflow.domain.tri import YES
from mutualflow.services.acting import Acted
from mutualflow.storage import tables as t
from mutualflow.storage.database import open_engine
from tests import stored
from tests.honest import name_of, real_pathway
from tests.stored import Stored

KEY = "riverside"
CAST = 20
"""In a crowd so many formations have the same people: each has work in all of them."""
Make = Callable[[Engine], None]
LATE = Milestone.REGISTRATION
"""How far the long walk goes: nearly everything is answered, nothing is launched."""


@dataclass
class Ground:
    """Addresses of SQLite files that nobody writes to; each is made when it is first asked for."""

    place: Sqlite

    @cached_property
    def begun(self) -> str:
        """The first day of a formation on the shipped pathway: its first step in hand."""
        return self._made(lambda engine: self._real(engine).answer_all("vision", "staff_lead-group-1"))

    @cached_property
    def walked(self) -> str:
        """Shortly before the transfer: hundreds of answers and events; the next step is in hand."""

        def walk(engine: Engine) -> None:
            group = self._real(engine)
            group.walk(LATE)
            key = next_step(group.f, group.pathway)
            group.answer_all(key, name_of(group.pathway.steps[key].owner))

        return self._made(walk)

    def chain(self, length: int) -> str:
        """A made-up chain of steps: three quarters are done, the next is in hand."""

        def walk(engine: Engine) -> None:
            synthetic.start(engine, synthetic.chain(length))
            done = length * 3 // 4
            for n in range(1, done + 2):
                synthetic.work(engine, f"s{n}", forward=n <= done)

        return self._made(walk)

    def beside(self, width: int, leads: int = 1) -> str:
        """Made-up steps beside one another: the first step is done, nothing else is begun."""

        def walk(engine: Engine) -> None:
            synthetic.start(engine, synthetic.beside(width), leads=leads)
            synthetic.work(engine, "first")

        return self._made(walk)

    def _real(self, engine: Engine) -> Stored:
        stored.publish(engine, stored.everybody())
        return Stored(engine, {"recognised_union": "no"}, key=KEY)

    def _made(self, make: Make) -> str:
        url = self.place.fresh()
        engine = open_engine(url)
        make(engine)
        engine.dispose()
        return url


@dataclass
class Crowds:
    """Databases with many formations alike, one for each number, on one place; they are slow to make and shared."""

    place: Place
    made: Ground
    _urls: dict[int, str] = field(default_factory=dict)

    def of(self, count: int) -> str:
        """Address of a database with `count` formations on their first day, `CAST` of them with the same people."""
        if count not in self._urls:
            url = carry(self.made.begun, self.place)
            engine = open_engine(url)
            clone(engine, stored.load(engine).id, count - 1, cast_of=CAST)
            settle(engine)
            engine.dispose()
            self._urls[count] = url
        return self._urls[count]


def carry(url: str, place: Place) -> str:
    """Address of the same rows in a new database of a place."""
    if isinstance(place, Sqlite):
        return place.copy(url)
    target = place.fresh()
    here, there = open_engine(url), open_engine(target)
    with here.connect() as source, there.begin() as sink:
        for table in t.metadata.sorted_tables:
            rows = [dict(row) for row in source.execute(select(table)).mappings()]
            if rows:
                sink.execute(insert(table), rows)
            if "id" in table.c:
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                sink.execute(text(f"SELECT setval({sequence}, coalesce(max(id), 1)) FROM {table.name}"))
    here.dispose()
    there.dispose()
    return target


def next_step(formation: Formation, pathway: Pathway) -> str:
    """The first step that can be worked on and asks something in words."""
    for key, state in formation.steps.items():
        ready = state.status in (Status.OPEN, Status.IN_HAND) and state.applies is YES and not state.waits_for
        if ready and words_of(pathway, key):
            return key
    raise LookupError("no step is open")


def words_of(pathway: Pathway, step: str) -> tuple[str, ...]:
    """Questions of a step that are answered in words and always asked."""
    wanted = (QuestionType.TEXT, QuestionType.LONG_TEXT)
    return tuple(
        a.key
        for a in pathway.steps[step].asks
        if pathway.questions[a.key].type in wanted and not pathway.questions[a.key].for_the_record
    )


@dataclass(frozen=True)
class Answering:
    """Somebody who answers the same question again and again, each time in other words."""

    engine: Engine
    key: str
    fact: str
    by: str
    today: date

    def answer(self, turn: int) -> Acted:
        """One move: load, check, change, event, commit."""
        said = acts.Answer(fact=self.fact, value=words(turn))
        return stored.act(self.engine, self.key, self.by, said, self.today)


def words(turn: int) -> str:
    """An answer of usual length that differs from turn to turn."""
    return f"The group thinks of people who use the service first, and says so in its version {turn}."


def answering(engine: Engine, *, pathway: Pathway | None = None, key: str = KEY) -> Answering:
    """Who can answer what in a formation as it stands."""
    formation = stored.load(engine, key)
    graph = pathway or real_pathway()
    step = next_step(formation, graph)
    owner = synthetic.LEAD if pathway else name_of(graph.steps[step].owner)
    facts = [fact for fact in words_of(graph, step) if (fact, "") in formation.answers]
    today = max([formation.state.since, *(s.on for s in formation.submissions.values())])
    return Answering(engine, key, facts[0], owner, today)
