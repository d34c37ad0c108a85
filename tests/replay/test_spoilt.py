"""The rich sample spoilt in every way that its own rows allow: each is refused or reported as computed beforehand."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from mutualflow.domain.errors import Refused
from mutualflow.domain.replay import replay
from mutualflow.domain.replayed import Replayed
from mutualflow.pathways.yamlfile import Notes
from mutualflow.pathways.yamlfile import load as load_yaml
from mutualflow.wiring import histories
from tests.honest import real_pathway
from tests.replay.memory import Memory, Moment, Unrefused, law, sample
from tests.replay.spoilers import Spoiler, Spoilt
from tests.replay.thin import SAMPLES

LEAST = 40
THIN = ("spiral-health", "suffolk-libraries", "york-gardens-library")
OTHER_DAYS = ("1990-01-01", "2011-12-15", "2035-01-01", "unknown")


@pytest.fixture(scope="module")
def memory() -> Memory:
    """The sample, lived in memory."""
    return Memory(sample())


@pytest.fixture(scope="module")
def moments(memory: Memory) -> list[Moment]:
    """The moment before each of its rows, and the last one."""
    return memory.moments()


def test_the_sample_as_written_is_accepted(memory: Memory, moments: list[Moment]) -> None:
    shown = memory.judged(moments[-1])
    assert shown.refused == ()
    assert shown.reported == ()
    assert shown.assumed == ()
    assert shown.missing_evidence == ()
    assert shown.outcome == "first_year_complete"
    assert shown.form == "cic_guarantee"
    assert {m.key: m.slip for m in shown.milestones if m.first_plan} == {"staff_transfer": (0, 0), "go_live": (0, 0)}
    assert [c.rule for c in shown.missed_clocks] == ["confirmation_statement"]


def test_every_spoilt_sample_is_refused_or_reported_as_computed(memory: Memory, moments: list[Moment]) -> None:
    kinds = Spoiler(memory, moments).every()
    assert [kind for kind, spoilt in kinds.items() if not spoilt] == [], "the sample has no row for them"
    every = [one for spoilt in kinds.values() for one in spoilt]
    assert len(every) >= LEAST
    silent = [f"{one.name}: {found}" for one in every if (found := unlike(memory, moments, one))]
    assert silent == []


def unlike(memory: Memory, moments: list[Moment], one: Spoilt) -> str:
    """What came of a spoilt file where that is not what was computed; '' where it is."""
    try:
        shown = memory.judged(memory.run(moments[one.at], one.rows))
    except Refused as refused:
        return "" if refused.code is one.refused else f"{refused.code.value}, not {one.refused}: {refused.sentence}"
    except Unrefused as unrefused:
        return f"was not refused at {unrefused}"
    codes = [no.code for no in shown.refused]
    if one.refused is not None:
        return "" if one.refused in codes else f"{codes}, not {one.refused}"
    if codes:
        return f"refused: {shown.refused[0].sentence}"
    told = {*(r.about for r in shown.reported), *(c.rule for c in shown.missed_clocks)}
    return "" if (one.reported or one.missed) in told else f"told only {sorted(told)}"


def test_spoilt_thin_histories_are_refused_reported_or_silent_and_never_break() -> None:
    counts: Counter[str] = Counter()
    for name in THIN:
        text = (SAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
        said = json.loads(json.dumps(load_yaml(text, name, Notes()).data))
        plain = told(said)
        for spoilt in thin_ways(said):
            shown = told(spoilt)
            kind = "refused" if shown.refused else "silent" if figures(shown) == figures(plain) else "shown"
            counts[kind] += 1
    assert counts.total() >= LEAST
    assert counts["refused"] > counts["silent"]
    assert counts["shown"]


def told(said: Mapping[str, object]) -> Replayed:
    """The replay of a file's data."""
    return replay(histories.read(json.dumps(said), "thin.yaml"), real_pathway(), law())


def figures(shown: Replayed) -> tuple[object, ...]:
    """All that a person would notice of a result."""
    return (shown.states, shown.milestones, shown.late, shown.reported, shown.cannot_say, shown.assumed)


def thin_ways(said: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Every day of a thin history moved, every row of it taken out, and every other form."""
    for part, words in (("milestones", ("actual", "planned")), ("states", ("date",))):
        rows = said.get(part)
        assert isinstance(rows, list)
        for n, row in enumerate(rows):
            yield {**said, part: rows[:n] + rows[n + 1 :]}
            for word in words:
                for day in OTHER_DAYS if word in row else ():
                    yield {**said, part: [*rows[:n], {**row, word: day}, *rows[n + 1 :]]}
    for form in ("none", "undecided", "unknown", "cio", "llp", "cic_guarantee"):
        yield {**said, "form": form}
