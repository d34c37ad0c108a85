"""Files that are wrong in a way that the schema can see: each fault with its line, and what is allowed."""

import json
from pathlib import Path

import pytest

from mutualflow.domain.errors import FileFault
from mutualflow.domain.formation import Kind
from mutualflow.domain.keys import Role, Side
from mutualflow.domain.spans import UNKNOWN_DAY
from mutualflow.wiring import histories, history_schema
from tests.replay.thin import PLAIN, SAMPLES, written

HEAD = "case: x\nkind: history\nform: unknown\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("kind: history\nform: unknown\n", 1, "case: is missing"),
        ("case: x\nkind: histori\nform: unknown\n", 2, "did you mean history?"),
        (HEAD + "colour: red\n", 4, "there is no such key"),
        (HEAD + "milestone: []\n", 4, "did you mean milestones?"),
        (HEAD + "known_until: 2012-13\n", 4, "no day of the calendar"),
        (HEAD + "milestones:\n  - {key: go_live, actual: 2012-02-30}\n", 5, "no day of the calendar"),
        (HEAD + "milestones:\n  - {key: go_live, actual: soon}\n", 5, "'soon' is not a date"),
        (HEAD + "milestones:\n  - {key: go_live, actual: 2013..2012}\n", 5, "ends before it begins"),
        (HEAD + "milestones:\n  - {key: go_live}\n", 5, "planned, actual"),
        (HEAD + "milestones:\n  - {key: going_live, actual: 2012}\n", 5, "did you mean go_live?"),
        (HEAD + "states:\n  - {date: 2012, state: flying}\n", 5, "forming, paused, launched, ended"),
        (HEAD + "happened:\n  - date: 2012\n    step: vision\n    movee: submit\n", 7, "did you mean move?"),
        (HEAD + "happened:\n  - {date: 2012, step: vision, move: sumbit}\n", 5, "did you mean submit?"),
        (HEAD + "happened:\n  - {date: 2012, filing: fca, answer: yes}\n", 5, "registered, refused"),
        (HEAD + "facts:\n  - {key: sector}\n", 5, "value: is missing"),
        (HEAD + "facts:\n  - {key: sector, value: {from: 3}}\n", 5, "is not allowed"),
        (HEAD + "people:\n  - {key: a, role: boss}\n", 5, "is not allowed"),
        (HEAD + "prescribed: [x]\n", 4, "does not belong"),
        (HEAD + "case: y\n", 4, "stands there twice"),
        (HEAD + "facts:\n  - {key: recognised_union, value: true}\n", 5, "the words yes and no"),
        ("case: x\nkind: history\nform: mutual_trust\n", 3, "cic_guarantee"),
        ("case: x\nkind: history\nform: {one_of: [cio]}\n", 3, "is not allowed"),
        ("case: X Y\nkind: history\nform: cio\n", 1, "not of the right kind"),
        ("case: x\nkind: sample\nform: undecided\n", 1, "nation: is missing"),
        ("case: [x\n", 2, "file:"),
        ("", 1, "kind: is missing"),
    ],
)
def test_a_fault_names_its_line_and_what_is_allowed(text: str, line: int, says: str) -> None:
    with pytest.raises(FileFault) as caught:
        histories.read(text, "x.yaml")
    said = [str(fault) for fault in caught.value.faults]
    assert any(says in one for one in said), said
    assert line in {fault.line for fault in caught.value.faults}, said


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(FileFault) as caught:
        histories.read(HEAD + "colour: red\nmilestones:\n  - {key: x, actual: 2012}\n  - {key: y, actual: 2012}\n", "x")
    assert len(caught.value.faults) == 3


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="cannot be read"):
        histories.load(tmp_path / "nothing.yaml")
    other = tmp_path / "latin.yaml"
    other.write_bytes("case: caf\xe9".encode("latin-1"))
    with pytest.raises(FileFault, match="is not UTF-8"):
        histories.load(other)


def test_the_published_schema_is_the_one_in_use() -> None:
    assert history_schema.FILE.read_text(encoding="utf-8") == history_schema.to_json()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_sample_that_ships_is_read(path: Path) -> None:
    history = histories.load(path)
    assert history.case == path.stem
    if history.kind is Kind.HISTORY:
        sources = {s.key for s in history.sources}
        assert sources
        assert {m.source for m in history.milestones} | {s.source for s in history.states} <= sources


def test_what_a_thin_history_leaves_out_has_a_plain_meaning() -> None:
    history = histories.read(HEAD, "x.yaml")
    assert (history.title, history.nation, history.route) == ("X", "", "")
    assert history.known_until == UNKNOWN_DAY
    people = {p.key: p.roles for p in written().people}
    assert [(r.role, r.side, r.side_said) for r in people["lead1"]] == [(Role.STAFF_LEAD, Side.GROUP, True)]
    assert [(r.role, r.side_said) for r in people["finance1"]] == [(Role.FINANCE_ADVISER, False)]


def test_a_file_may_be_written_as_json() -> None:
    assert histories.read(json.dumps(PLAIN), "x.json") == written()
