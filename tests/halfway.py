"""Groups that come to the house half-way: what is behind them is taken over as done before, and then asked about."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy import Connection

from mutualflow.domain import acts, moves
from mutualflow.domain.acts import AdoptedStep
from mutualflow.domain.desk import Moved
from mutualflow.domain.formation import Formation, Kind, Status
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import on
from mutualflow.domain.submitting import open_files
from mutualflow.domain.tri import NO, YES
from mutualflow.services import acting, starting
from mutualflow.services.acting import Acted
from mutualflow.services.starting import Start
from mutualflow.settings import from_environment
from mutualflow.storage import documents, evidence, files, releases
from mutualflow.storage.documents import Kept
from mutualflow.storage.releases import Prescribed
from mutualflow.wiring import papers
from mutualflow.wiring.app import App
from tests.honest import START, Honest, name_of, new_formation, real_pathway
from tests.stored import GUARANTEE, Stored, load, moment, the_law

STAND_INS = Path(__file__).resolve().parent.parent / "samples" / "prescribed"
LEAD = "staff_lead-group-1"


def app_of(url: str, folder: Path) -> App:
    """The application over a database, with its files in a folder."""
    return App(from_environment({"MUTUALFLOW_DATABASE_URL": url, "MUTUALFLOW_DATA_DIR": str(folder)}))


def begin(app: App, key: str, kind: Kind, *, today: date = START) -> Formation:
    """A formation on its first day, with two people in every role."""
    made = new_formation(real_pathway(), law=the_law().thresholds, today=today)
    members = tuple(replace(m, confirmed_by="manager") for m in made.members)
    new = Start(key, key.capitalize(), kind, "england", members, tuple(made.organisations.values()))
    return app.write(lambda db: starting.start(db, new, by="manager", now=moment(today), law=the_law(), today=today))


@cache
def behind(step: str) -> tuple[str, ...]:
    """Every step that lies behind one on the pathway, in the pathway's order."""
    pathway = real_pathway()
    return tuple(key for key in pathway.steps if key in pathway.behind[step] and not pathway.steps[key].puts_right)


class Halfway(Stored):
    """Honest people who act the way of the product: with `real` papers, words made, kept and printed."""

    def __init__(self, app: App, key: str, facts: Mapping[str, str] | None = None, *, formation: Formation) -> None:
        asked = {**GUARANTEE, **(facts or {})}
        Honest.__init__(self, real_pathway(), asked, law=the_law().thresholds, formation=formation)
        self.app = app
        self.engine = app.engine
        self.compare = False
        self.compared = 0
        self.real = True
        self.together: list[Moved] | None = None

    def do(self, by: str, act_: acts.Act) -> None:
        """Through the product's own way in; or (not `real`) with papers that stand there already; or in memory."""
        if self.together is not None:
            moved = moves.perform(self.desk(by), act_)
            self.together.append(moved)
            self.f = moved.after
        elif self.real:
            self.through(by, act_)
        else:
            super().do(by, act_)

    @contextmanager
    def in_one_go(self) -> Iterator[None]:
        """Acts of the block are done in memory and written as one: a test's short cut, two hundred acts in a breath."""
        before, self.together = self.f, []
        yield
        done, self.together = self.together, None
        moved = Moved(
            before,
            replace(self.f, version=before.version + 1),
            tuple(e for m in done for e in m.events),
            tuple(f for m in done for f in m.facts),
            tuple(n for m in done for n in m.notes),
        )
        self.app.write(lambda db: acting.finish(db, self.pathway, moved, the_law(), self.today))
        self.f = load(self.engine, self.f.key)

    def through(self, by: str, act_: acts.Act) -> Acted:
        """One act with its real papers."""
        if isinstance(act_, acts.Attach):
            self.bytes_of(act_)
        done = papers.act(self.app, self.f.key, act_, by=by, now=moment(self.today), via="test", today=self.today)
        self.f = load(self.engine, self.f.key)
        self.log.append((by, act_))
        return done

    def bytes_of(self, act_: acts.Attach) -> None:
        """The file that is attached lies in the folder, and its bytes are known."""
        data = act_.key.encode()
        files.keep(self.app.settings.evidence_dir, data)
        self.app.write(
            lambda db: evidence.keep(db, act_.sha256, act_.name, "text/plain", len(data), moment(self.today))
        )

    def take_over(self, until: str, day: date | None = None) -> None:
        """Everything behind a step was done before, as far as it may be needed; then its questions are answered."""
        reading = self.desk(LEAD).reading
        steps = [key for key in behind(until) if reading.applies(key) is not NO]
        with self.in_one_go():
            self.do(LEAD, acts.Adopt(steps=tuple(AdoptedStep(key, on(day or self.today)) for key in steps)))
            self.say_all(steps)

    def say_all(self, steps: Iterable[str]) -> None:
        """Answer everything that these steps ask; an answer may bring further questions."""
        said = -1
        while said != len(self.f.answers):
            said = len(self.f.answers)
            for key in steps:
                self.answer_what_is_asked(key)

    def answer_what_is_asked(self, key: str) -> None:
        """The questions and lists of a step that is done, answered by its owner."""
        step, owner = self.pathway.steps[key], name_of(self.pathway.steps[key].owner)
        for asked in step.asks:
            reading = self.desk(owner).reading
            if reading.asked(asked.key) is YES and not reading.answered(asked.key):
                self.do(owner, acts.Answer(fact=asked.key, value=self.value(self.pathway.questions[asked.key])))
        for asked in step.lists:
            reading = self.desk(owner).reading
            if reading.asked(asked.key) is YES and not reading.complete(asked.key):
                self.fill(asked.key, owner)

    def ready(self, key: str) -> str:
        """A step answered and with its files, one act before it is put forward; who does that."""
        owner = name_of(self.pathway.steps[key].owner)
        self.answer_all(key, owner)
        assert self.f.steps[key].status in (Status.OPEN, Status.IN_HAND), self.f.steps[key]
        assert not open_files(self.desk(owner), self.pathway.steps[key], With.SUBMIT)
        return owner

    def put_forward(self, key: str) -> Acted:
        """Put a step forward through the product's own way in."""
        return self.through(name_of(self.pathway.steps[key].owner), acts.Submit(step=key, happened_on=on(self.today)))


def kept(app: App, key: str) -> list[Kept]:
    """Every kept rendering of a formation, oldest first."""
    return app.read(lambda db: documents.of(db, key))


@dataclass(frozen=True, slots=True)
class Text:
    """A prescribed text of the samples."""

    key: str
    text: str
    source: str


def stand_ins() -> tuple[Text, ...]:
    """The invented texts that samples print."""
    said = [YAML(typ="safe").load(path.read_text(encoding="utf-8")) for path in sorted(STAND_INS.glob("*.yaml"))]
    return tuple(Text(s["key"], s["text"], s["official_source"]) for s in said)


def load_texts(app: App, *, sample: bool) -> None:
    """Stand-ins as they ship, or (not `sample`) words that this test calls official."""
    for one in stand_ins():
        words = one.text if sample else f"Wording of {one.key} as this test loads it.\n\nA second paragraph."
        row = Prescribed(
            one.key, words, one.source, "operator", moment(START), hashlib.sha256(words.encode()).hexdigest(), sample
        )
        app.write(_loaded(row))


def _loaded(row: Prescribed) -> Callable[[Connection], bool]:
    return lambda db: releases.load_prescribed(db, row)


def drafted(app: App, key: str, document: str, today: date) -> tuple[papers.Made, bytes]:
    """A draft as of today with its PDF, as `documents --draft` makes it; nothing is kept."""
    snapshot = app.read(lambda db: papers.take(db, app, key))
    assert snapshot is not None
    step, produced = next(
        (step.key, one)
        for step in snapshot.pathway.steps.values()
        for one in step.produces
        if one.document == document and not step.puts_right
    )
    made = papers.make(app, snapshot, step, produced, today, draft=True)
    return made, papers.print_one(app, made.paper, made.row.model.encode(), today)
