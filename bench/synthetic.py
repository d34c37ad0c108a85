"""Pathways of any length and width, made up for the bench: a chain of steps, or steps side by side."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.formation import Formation, Kind, Membership
from mutualflow.domain.keys import Role, Side
from mutualflow.domain.pathway import After, Asked, Party, Pathway, Question, QuestionType, Stage, Step
from mutualflow.pathways import release
from mutualflow.services import starting
from mutualflow.services.starting import Start
from mutualflow.storage import people, releases
from mutualflow.storage.database import write
from mutualflow.storage.people import Person
from tests import stored
from tests.honest import START

ASKS = 6
"""Questions of each step."""
LEAD = "lead"
KEY = "made-up"


def chain(length: int) -> Pathway:
    """Steps one after the other: s1, s2, ..."""
    return _pathway((_key(n), (_key(n - 1),) if n > 1 else ()) for n in range(1, length + 1))


def beside(width: int) -> Pathway:
    """`first`, then so many steps beside one another (s1, s2, ...), then `last`, which waits for all of them."""
    middle = [_key(n) for n in range(1, width + 1)]
    return _pathway([("first", ()), *((key, ("first",)) for key in middle), ("last", tuple(middle))])


def _key(number: int) -> str:
    return f"s{number}"


def _pathway(steps: Iterable[tuple[str, tuple[str, ...]]]) -> Pathway:
    made = {key: _step(key, after) for key, after in steps}
    asked = [a.key for step in made.values() for a in step.asks]
    said = {"en": "Made up for the bench"}
    return Pathway(
        stages=(Stage("work", said, said, tuple(made)),),
        steps=made,
        questions={key: Question(key, QuestionType.TEXT, said, said) for key in asked},
        lists={},
        terms={},
        impossible=(),
        never=(),
        forms={},
        document_facts={},
    )


def _step(key: str, after: tuple[str, ...]) -> Step:
    said = {"en": f"Step {key}"}
    return Step(
        key=key,
        stage="work",
        title=said,
        why=said,
        how=said,
        goes_wrong=said,
        owner=Party(Role.STAFF_LEAD, Side.GROUP),
        after=tuple(After(one) for one in after),
        asks=tuple(Asked(question(key, n)) for n in range(1, ASKS + 1)),
    )


def question(step: str, number: int) -> str:
    """The key of a step's n-th question, from 1."""
    return f"{step}_q{number}"


def start(engine: Engine, pathway: Pathway, key: str = KEY, leads: int = 1) -> Formation:
    """Publish a pathway in a fresh database and start a formation on it, with so many staff leads."""
    body = release.to_json(pathway).decode()
    now = stored.moment(START)
    names = [LEAD, *(f"{LEAD}-{n}" for n in range(2, leads + 1))]
    members = tuple(Membership(name, Role.STAFF_LEAD, Side.GROUP, START, confirmed_by=LEAD) for name in names)
    write(engine, lambda db: releases.publish(db, release.sha256(body.encode()), body, now))
    for name in names:
        write(engine, partial(people.keep, one=Person(name, name)))
    new = Start(key, "Made up", Kind.LIVED, "england", members)
    return write(engine, lambda db: starting.start(db, new, by=LEAD, now=now, law=stored.the_law(), today=START))


def work(engine: Engine, step: str, *, key: str = KEY, forward: bool = True) -> None:
    """Answer a step's questions, and put it forward: without an approver that finishes it."""
    for number in range(1, ASKS + 1):
        said = acts.Answer(fact=question(step, number), value=f"Words that answer question {number} of {step}.")
        stored.act(engine, key, LEAD, said, START)
    if forward:
        stored.act(engine, key, LEAD, acts.Submit(step=step), START)
