"""The rules that ship, and every fault of a file told with its line."""

import hashlib
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mutualflow.domain.errors import FileFault
from mutualflow.domain.rulebook import RuleKind
from mutualflow.pathways import proving
from mutualflow.rules import from_json, load, to_json
from tests.pathways import real

ROOT = Path(__file__).parents[2]
PATHWAYS = ROOT / "mutualflow" / "pathways"

SOURCES = """sources:
  ACT:
    title: An Act
    kind: law
    place: in print
"""
RULE = """rules:
  a_wait:
    kind: clock
    title: A wait
    counts_from: {milestone: go_live}
    met_by: {step: go_live, act: approved}
    versions:
      - from: 2020-01-01
        length: {calendar_days: 5}
        source: ACT
        verified: yes
"""


def folder(place: Path, rules: str = RULE, sources: str = SOURCES) -> Path:
    (place / "sources.yaml").write_text(sources, encoding="utf-8")
    (place / "some.yaml").write_text(rules, encoding="utf-8")
    return place


def faults(place: Path) -> list[str]:
    with pytest.raises(FileFault) as raised:
        load(place)
    return [str(fault) for fault in raised.value.faults]


def test_the_rules_that_ship_load_and_come_back_from_their_json() -> None:
    book = load()
    text = to_json(book)
    assert from_json(text) == book
    assert to_json(from_json(text)) == text
    assert book.sha256 == hashlib.sha256(text).hexdigest()
    assert book.rules["cic_registration_fee"].versions[0].value == Decimal("65.00")


def test_the_json_is_canonical_and_has_no_floats() -> None:
    text = to_json(load()).decode()
    said = json.loads(text, parse_float=lambda number: pytest.fail(f"a float: {number}"))
    assert json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 2"):
        from_json(b'{"format":2,"rules":{},"sources":{}}')


def test_the_hash_depends_on_what_is_said_and_not_on_where(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    one = load(folder(tmp_path / "a"))
    commented = load(folder(tmp_path / "b", "# a word\n" + RULE))
    changed = load(folder(tmp_path / "c", RULE.replace("calendar_days: 5", "calendar_days: 6")))
    assert one.sha256 == commented.sha256
    assert one.sha256 != changed.sha256


def test_every_clock_of_a_step_is_a_clock() -> None:
    """That a pathway names only rules and sources that there are is the compiler's to tell (plants.yaml)."""
    book = load()
    for step in real.whole().pathway.steps.values():
        assert {book.rules[key].kind for key in step.clocks} <= {RuleKind.CLOCK}, step.key


def test_every_source_that_a_document_names_is_there() -> None:
    book = load()
    abouts = sorted((ROOT / "document_templates").glob("*/about.yaml"))
    assert abouts
    for path in abouts:
        about = YAML(typ="safe").load(path)
        assert set(about.get("sources") or {}) <= set(book.sources), path.parent.name


def test_every_step_and_question_that_a_rule_names_is_there() -> None:
    steps, questions = set[str](), set[str]()
    for path in (PATHWAYS / "stages").glob("*.yaml"):
        steps |= set(YAML(typ="safe").load(path)["steps"])
    for path in (PATHWAYS / "facts").glob("*.yaml"):
        questions |= set(YAML(typ="safe").load(path)["facts"])
    for rule in load().rules.values():
        if rule.counts_from_step:
            assert rule.counts_from_step in (steps if rule.counts_from_act else questions), rule.key
        if rule.version_by:
            assert rule.version_by in questions, rule.key
        if rule.met_by_step:
            assert rule.met_by_step in steps, rule.key


def test_no_rule_lies_on_file_unused() -> None:
    """A clock stands at a step; a fee is charged, a number is compared with, or either is told with the law; a regime
    is told too, or is the beginning and end of an answer (possible.yaml: the fact and its choice)."""
    pathway = real.whole().pathway
    clocks_, told = set[str](), set(proving.rules_read(pathway))
    for step in pathway.steps.values():
        clocks_ |= set(step.clocks)
        told |= {rule for entry in step.law for rule in entry.rules}
        told |= {step.files.fee_rule} if step.files else set()
    answers = {f"{q.key}_{choice}" for q in pathway.questions.values() for choice in q.choices}
    for key, rule in load().rules.items():
        match rule.kind:
            case RuleKind.CLOCK:
                assert key in clocks_, key
            case RuleKind.REGIME:
                assert key in told | answers, key
            case _:
                assert key in told, key


def test_what_is_told_with_the_law_is_no_clock() -> None:
    book = load()
    for step in real.whole().pathway.steps.values():
        for entry in step.law:
            assert RuleKind.CLOCK not in {book.rules[name].kind for name in entry.rules}, step.key


def test_a_small_folder_loads(tmp_path: Path) -> None:
    book = load(folder(tmp_path))
    assert list(book.rules) == ["a_wait"]
    assert book.rules["a_wait"].versions[0].key == "a_wait@2020-01-01"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("kind: clock", "kind: clok", 3, "did you mean clock?"),
        ("kind: clock", "kinds: clock", 3, "did you mean kind?"),
        ("title: A wait", "title:", 4, "title: is missing"),
        ("{milestone: go_live}", "{milestone: go_life}", 5, "did you mean go_live?"),
        ("{milestone: go_live}", "{milestone: go_live, answer: x}", 5, "says one way of counting"),
        ("{milestone: go_live}", "{step: go_live}", 5, "gives an act with a step"),
        ("{milestone: go_live}", "go_live", 5, "has to be a mapping"),
        ("    met_by:", "    version_by: {milestone: go_live}\n    met_by:", 6, "there is no such key"),
        ("    met_by:", "    version_by: {answer: }\n    met_by:", 6, "answer: is missing"),
        ("act: approved}", "act: aproved}", 6, "did you mean approved?"),
        ("from: 2020-01-01", "from: 2020-02-30", 8, "is no day"),
        ("from: 2020-01-01", "from: 2020-01-01\n        to: 2019-01-01", 9, "is before the first day"),
        ("{calendar_days: 5}", "{calendar_days: five}", 9, "is no whole number"),
        ("{calendar_days: 5}", "{days: 5}", 9, "there is no such key"),
        ("        length: {calendar_days: 5}\n", "", 8, "a clock gives a length"),
        ("{calendar_days: 5}", "{calendar_days: 5}\n        value: '06-30'", 10, "not both"),
        ("length: {calendar_days: 5}", "value: 30 June", 9, "is no day of the year"),
        ("length: {calendar_days: 5}", "value: '02-29'", 9, "is no day of the year"),
        ("{step: go_live, act: approved}", "go_live", 6, "has to be a mapping"),
        ("    counts_from: {milestone: go_live}\n", "", 2, "counts_from: is missing"),
        ("source: ACT\n", "source: ACT\n        key: one\n        from: 2021-01-01\n", 12, "duplicate key"),
        (
            "length: {calendar_days: 5}",
            "length: {calendar_days: 5}\n        never: yes",
            10,
            "neither a length nor a value",
        ),
        ("source: ACT", "source: ACTS", 10, "did you mean ACT?"),
        ("verified: yes", "verified: true", 11, "Allowed: yes, no."),
        ("  a_wait:", "  A-wait:", 2, "is no key"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in RULE
    told = faults(folder(tmp_path, RULE.replace(old, new, 1)))
    assert any(one.startswith(f"some.yaml:{line}: ") and says in one for one in told), told


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("fee", "65", "is no amount in pounds"),
        ("threshold", "ten", "is no whole number"),
        ("regime", "", "value: is missing"),
    ],
)
def test_each_kind_takes_its_own_values(tmp_path: Path, kind: str, value: str, says: str) -> None:
    row = f"value: {value}" if value else "note: nothing"
    rules = RULE.replace("kind: clock", f"kind: {kind}").replace("length: {calendar_days: 5}", row)
    assert any(says in one for one in faults(folder(tmp_path, rules)))


def test_a_fee_has_no_length(tmp_path: Path) -> None:
    assert any("a fee has no length" in one for one in faults(folder(tmp_path, RULE.replace("clock", "fee"))))


@pytest.mark.parametrize(("begins", "key"), [("2020-12-31", ""), ("2021-01-02", "")])
def test_versions_neither_overlap_nor_leave_days_between(tmp_path: Path, begins: str, key: str) -> None:
    first = RULE.replace("from: 2020-01-01", "from: 2020-01-01\n        to: 2020-12-31")
    second = f"      - {{from: {begins}, length: {{calendar_days: 6}}, source: ACT, verified: yes}}\n"
    (told,) = faults(folder(tmp_path, first + second))
    assert told.startswith("some.yaml:7: a_wait.versions: ")
    assert "overlap, or leave days between" in told


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    rules = RULE.replace("kind: clock", "kind: clok").replace("source: ACT", "source: NONE")
    told = faults(folder(tmp_path, rules, SOURCES.replace("kind: law", "kind: lore")))
    assert [one.split(": ")[0] for one in told] == ["some.yaml:3", "some.yaml:10", "sources.yaml:4"]


def test_a_rule_in_two_files_is_a_fault(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "twice.yaml").write_text(RULE, encoding="utf-8")
    assert any("stands in two files" in one for one in faults(tmp_path))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: [", "some.yaml:1"),
        ("rules:\n  a: 1\n  a: 2\n", "some.yaml:3"),
        ("- a\n- b\n", "has to be a mapping"),
        ("rules: words\n", "some.yaml:1: rules: has to be a mapping"),
        (
            "rules:\n  a_wait: {kind: clock, title: t, counts_from: {milestone: idea}, versions: [x]}\n",
            "row 1 has to be",
        ),
        ("rules:\n  a_wait: {kind: clock, title: t, counts_from: {milestone: idea}}\n", "at least one row"),
        ("rules:\n  a_wait: {kind: clock, title: [t], versions: []}\n", "has to be words"),
    ],
)
def test_what_is_no_file_of_rules_is_told_and_does_not_fall_over(tmp_path: Path, text: str, says: str) -> None:
    assert any(says in one for one in faults(folder(tmp_path, text)))


def test_bytes_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "some.yaml").write_bytes(b"rules: \xff\xfe")
    assert any(one.startswith("some.yaml: file: ") for one in faults(tmp_path))


def test_a_folder_without_sources_says_so(tmp_path: Path) -> None:
    assert any(one.startswith("sources.yaml: file: is missing") for one in faults(tmp_path))


def test_no_law_stands_under_two_keys() -> None:
    """One law, one key: neither its place nor its name without its number comes twice."""
    laws = [s for s in load().sources.values() if s.kind == "law"]
    assert len(laws) > 20
    assert [key for key, count in Counter(s.place.removesuffix("/made") for s in laws).items() if count > 1] == []
    names = Counter(re.sub(r" \(SI [^)]*\)", "", s.title).partition(", ")[0] for s in laws)
    assert [name for name, count in names.items() if count > 1] == []
