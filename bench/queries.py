"""How many statements a move and each reading service send; the tests hold the same figures."""

from collections.abc import Callable, Iterator

from bench import ground
from bench.ground import Crowds
from bench.row import Row
from bench.yardstick import watched
from mutualflow.domain import acts
from mutualflow.services import dates, history, home, looking, rounds, step_page, why, work
from mutualflow.services import people as roles
from mutualflow.services.looking import Look
from mutualflow.storage.database import open_engine, reading
from tests import stored

PAGES: dict[str, Callable[[Look], object]] = {
    "home": home.home,
    "a step": lambda look: step_page.step_page(look, "vision"),
    "the rounds of a step": lambda look: rounds.of(look, "vision"),
    "what changed since the last round": lambda look: rounds.difference(look, "vision"),
    "why": lambda look: why.why(look, "vision"),
    "tasks": step_page.tasks,
    "dates and plan": lambda look: (dates.clocks(look), dates.plan(look), dates.milestones(look)),
    "people": roles.people,
    "a page of history": history.page,
}


def rows(crowds: Crowds) -> Iterator[Row]:
    """Counts, begin and commit left out."""
    engine = open_engine(ground.carry(crowds.made.walked, crowds.place))
    lead = ground.answering(engine)
    name = crowds.place.name
    with watched(engine) as seen:
        stored.load(engine)
    yield Row(f"{name}: queries of a load", seen.statements, "queries")
    for words, act in (
        ("an answer", acts.Answer(fact=lead.fact, value="Other words.")),
        ("a note", acts.Note(step="vision", text="A word.")),
    ):
        with watched(engine) as seen:
            stored.act(engine, lead.key, lead.by, act, lead.today)
        yield Row(f"{name}: statements of {words}, load and all", seen.statements, "queries")
    with reading(engine) as db:
        with watched(engine) as seen:
            look = looking.look(db, lead.key, by=lead.by, today=lead.today, law=stored.the_law())
        yield Row(f"{name}: queries of a look at a formation", seen.statements, "queries")
        for words, page in PAGES.items():
            with watched(engine) as seen:
                page(look)
            yield Row(f"{name}: queries of {words}, beyond the look", seen.statements, "queries")
        with watched(engine) as seen:
            work.mine(db, lead.by, lead.today)
        yield Row(f"{name}: queries of my work", seen.statements, "queries")
    engine.dispose()
