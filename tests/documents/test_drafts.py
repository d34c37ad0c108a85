"""The drafted papers: headings asked for stand in order with words of their own, and what is printed was asked."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mutualflow.documents import checks, library, page, source
from mutualflow.documents.press import Press
from mutualflow.domain.document import Clause, Kind, Table, Text, clauses, missing, plain, runs_of, to_json, walk
from mutualflow.domain.keys import Audience
from mutualflow.domain.numbering import number
from tests.documents.drafts import (
    PATHWAYS,
    SUPPLIED,
    asked_in,
    bare_document,
    behind,
    blanks,
    choices,
    headings,
    lists,
    mapping,
    material,
    own_words,
    producers,
    questions,
    read_yaml,
    rows,
    sample,
    shipped,
    versions,
)

FEWEST_WORDS = 8
STRENGTHS = ("must", "should", "practice")
# law is cited in source notes and named in about.yaml, never argued in the text
# (articles take the meaning of words from an Act, so they have to name it)
LAW = re.compile(r"\b(Act|Acts|[Rr]egulations?|[Ss]tatutory|[Ss]tatute|s\. ?\d+|[Rr]eg\.? \d+|[Ss]ection \d+)\b")

DRAWN_FROM_SAMPLE = {  # document -> the invented formation that prints it here; the others have tests of their own
    "expression_of_interest": "homeless_health",
    "right_to_challenge": "right_to_challenge",
    "business_case": "homeless_health",
    "host_decision_paper": "homeless_health",
    "implementation_plan": "homeless_health",
}

TABLE = headings()
SHIPPED = shipped()
DRAFTS = [(key, step) for key in TABLE for step in versions(SHIPPED[key])]
SAMPLED = [one for one in DRAFTS if one[0] in DRAWN_FROM_SAMPLE]
PRINTED = [(key, step) for key in TABLE for step in producers().get(key, ())]


def asked_rows(key: str, step: str) -> list[tuple[str, str]]:
    """(strength, words) of the headings asked of that version, in order."""
    out = []
    for row in map(mapping, rows(TABLE[key]["rows"])):
        if row.get("only_in", step) == step:
            strength = next(s for s in STRENGTHS if s in row)
            out.append((strength, str(row[strength])))
    return out


@pytest.mark.parametrize(("key", "step"), DRAFTS)
def test_headings_asked_for_stand_in_order_with_words_of_their_own(key: str, step: str) -> None:
    document = bare_document(SHIPPED[key], step)
    place = {clause.id: (n, clause) for n, clause in enumerate(clauses(document))}
    fewest = int(str(TABLE[key].get("fewest_words", FEWEST_WORDS)))
    before: dict[str, int] = {}
    for strength, words in asked_rows(key, step):
        at = [h.at for h in SHIPPED[key].about.headings if (h.strength, h.words) == (strength, words) and h.at in place]
        assert len(at) == 1, f"{strength} heading {words!r} is met by {at or 'no clause'} in {key} {step}"
        n, clause = place[at[0]]
        assert n > before.get(strength, -1), f"{words!r} at {at[0]!r} shares its clause or stands before an earlier one"
        assert clause.title or any(c.title for c in clauses(document) if clause in c.body), f"{at[0]!r} has no title"
        assert own_words(clause) >= fewest, f"{words!r} at {at[0]!r} says {own_words(clause)} words of its own"
        before[strength] = n


@pytest.mark.parametrize("key", TABLE)
def test_what_about_adds_to_the_headings_asked_for_is_called_practice(key: str) -> None:
    asked = {pair for step in versions(SHIPPED[key]) for pair in asked_rows(key, step)}
    claimed = {(h.strength, h.words) for h in SHIPPED[key].about.headings}
    assert asked <= claimed
    assert {strength for strength, _ in claimed - asked} <= {"practice"}
    assert SHIPPED[key].about.catalogue == TABLE[key]["catalogue"]


@pytest.mark.parametrize("key", TABLE)
def test_the_source_has_no_fault(key: str) -> None:
    found = checks.check(SHIPPED[key], choices())
    assert [str(one) for one in found if one.level is checks.Level.FAULT] == []


def test_no_sentence_stands_in_two_documents() -> None:
    assert [str(one) for one in checks.repeated(library.load_all())] == []


@pytest.mark.parametrize(("key", "step"), PRINTED)
def test_every_fact_printed_was_asked_at_or_before_the_step_that_prints_it(key: str, step: str) -> None:
    template = SHIPPED[key]
    asks, listed, known = asked_in("asks"), asked_in("lists"), behind(step)
    for name in sorted(blanks(bare_document(template, step if step in template.about.steps else ""))):
        if name in SUPPLIED:
            continue
        where = (listed if name in template.about.lists else asks).get(name, set())
        assert where, f"{name} is printed by {key} and asked by no step"
        assert where & known, f"{name} is printed at {step} and asked only at {sorted(where)}"


@pytest.mark.parametrize("key", TABLE)
def test_facts_declared_are_printed_and_asked(key: str) -> None:
    template = SHIPPED[key]
    printed = set().union(*(blanks(bare_document(template, step)) for step in versions(template)))
    declared = {*template.about.facts, *template.about.lists}
    decide = set(source.read_everything(template, checks.open_material(template.about, choices())).used.options)
    assert printed <= declared <= printed | decide
    assert set(template.about.facts) <= set(questions())
    for name, columns in template.about.lists.items():
        assert set(columns) <= set(lists()[name])
    known = mapping(read_yaml(PATHWAYS / "terms.yaml")["terms"])
    assert set(template.about.terms) <= set(known)
    for step in template.about.steps:
        assert step in producers()[key], f"{step} does not produce {key}"


@pytest.mark.parametrize("key", TABLE)
def test_a_document_reaches_no_further_than_what_it_prints(key: str) -> None:
    about = SHIPPED[key].about
    asked = questions()
    narrow = {fact: asked[fact].audience for fact in about.facts if asked[fact].audience is not Audience.EVERYONE}
    if about.audience is Audience.EVERYONE:
        assert narrow == {}
    else:
        assert set(narrow.values()) <= {about.audience}


@pytest.mark.parametrize("key", [key for key in TABLE if SHIPPED[key].about.kind is not Kind.ARTICLES])
def test_law_is_cited_and_never_argued(key: str) -> None:
    for step in versions(SHIPPED[key]):
        for block, _ in walk(bare_document(SHIPPED[key], step).body):
            title = block.title if isinstance(block, Clause) else ""
            text = "".join(run.text for runs in runs_of(block) for run in runs if isinstance(run, Text))
            assert not LAW.search(f"{title} {text}"), f"{title} {text}"


@pytest.mark.parametrize(("key", "step"), SAMPLED)
def test_the_sample_prints_whole(key: str, step: str, press: Press, tmp_path: Path) -> None:
    template = SHIPPED[key]
    whole = material(template, step, sample(DRAWN_FROM_SAMPLE[key]))
    document = source.read(template, whole)
    assert [f"{gap.lack}: {gap.key}" for gap in missing(document)] == []
    numbers = number(document)
    html = page.paper(document, template.about, numbers, whole)
    pdf = press.print(html, to_json(document, numbers.beside, {}), datetime(2024, 6, 20, tzinfo=UTC))
    assert pdf.startswith(b"%PDF")
    (tmp_path / "printed.pdf").write_bytes(pdf)
    pages = subprocess.run(["pdftotext", "-raw", str(tmp_path / "printed.pdf"), "-"], capture_output=True, check=True)
    last = " ".join(pages.stdout.decode().split("\f")[-2].split())
    assert len(last) > len(page.NOT_ADVICE) + 150, f"the last page says nothing else: {last}"


def test_the_board_sees_the_vote_beside_what_was_to_count_as_support() -> None:
    template = SHIPPED["host_decision_paper"]
    document = source.read(template, material(template, "final_decision", sample("homeless_health")))
    (count,) = (block for block, _ in walk(document.body) if isinstance(block, Table) and block.id == "t-ballot")
    rows_said = {plain(row[0].runs): plain(row[1].runs) for row in count.rows}
    assert rows_said["Yes, in per cent of valid votes"] == "83"
    assert rows_said["Share set beforehand as support, in per cent of valid votes"] == "70"
    assert rows_said["Took part, in per cent of those entitled"] == "93"


def test_a_condition_of_a_titled_clause_stands_below_its_title() -> None:
    template = SHIPPED["right_to_challenge"]
    nothing = material(template, "", {"facts": {}, "lists": {}, "terms": {}})
    document = source.read(template, nothing)
    html = page.fragment(document, template.about, number(document))
    assert re.search(r'id="engage">.*?</h\d><p class="open', html)
    assert not re.search(r'<p class="open[^>]*>[^<]*</p><h\d', html)


@pytest.mark.parametrize("spoil", ["Ŵyth ŷd, tŷ, ôl; Ŷ â Ŵ", "a very long answer " * 120, "one\n\ntwo\n\nthree"])
@pytest.mark.parametrize(("key", "step"), SAMPLED)
def test_shape_does_not_hang_on_the_words_of_an_answer(key: str, step: str, spoil: str) -> None:
    template, said = SHIPPED[key], sample(DRAWN_FROM_SAMPLE[key])
    texts = {k for k, q in questions().items() if q.type in ("text", "long_text")}
    odd = {**said, "facts": {k: spoil if k in texts else v for k, v in said["facts"].items()}}
    usual = [c.id for c in clauses(source.read(template, material(template, step, said)))]
    assert [c.id for c in clauses(source.read(template, material(template, step, odd)))] == usual
