"""Slips of an author are refused with the line; facts cannot act as markup."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mutualflow.documents import checks, source
from mutualflow.domain.document import Clause, Document, Para, Table, Value, clauses, plain, runs_of, walk
from mutualflow.domain.errors import FileFault
from mutualflow.domain.material import FactView, long_view
from mutualflow.domain.numbering import number
from mutualflow.domain.tri import Tri
from mutualflow.domain.words import UnfitWords
from tests.documents.founding import FIXTURES, draft, edited, full, read, template, with_fact

SOURCE = (FIXTURES / "founding_rules" / "document.xml").read_text(encoding="utf-8")

# name: (words of the source, what the author slipped into, a word of the sentence)
SLIPS = {
    "strong not closed": (
        "while they are a Member, or within",
        "<strong>while they are a Member, or within",
        "<strong>",
    ),
    "clause not closed": ("agrees to the same words.</clause>", "agrees to the same words.", "clause"),
    "element misspelt": ('<clause id="service">', '<claus id="service">', "did you mean 'clause'"),
    "attribute misspelt": ('id="quorum" title', 'id="quorum" titel', "did you mean 'title'"),
    "id twice": ('id="service"', 'id="quorum"', "already used"),
    "no id": ('<clause id="service">', "<clause>", "needs the attribute 'id'"),
    "id with capitals": ('id="service"', 'id="Service"', "cannot be used"),
    "unknown fact": ("f.guarantee_amount", "f.guarantee_amounts", "did you mean 'guarantee_amount'"),
    "if": ('<clause id="service">', '{% if f.board_model %}<clause id="service">', "is not used in documents"),
    "filter": ("{{ f.body_name }}", "{{ f.body_name|upper }}", "upper"),
    "joined": ("{{ f.body_name }}", "{{ f.body_name ~ 'x' }}", "without filters or joining"),
    "fact decides": ("{{ f.body_name }}", "{{ 'x' if f.body_name else 'y' }}", "decides nothing"),
    "fact in an attribute": (
        'title="What a Member may have to pay"',
        'title="{{ f.body_name }}"',
        "inside an attribute",
    ),
    "wrong place": ("<p>In these articles:</p>", '<p><table id="q" title="t"/></p>', "may not stand in <p>"),
    "unknown condition": ('when="has_council"', 'when="council"', "not among the terms"),
    "unknown step": ('step="adopt"', 'step="adopted"', "not among the steps"),
    "bare &": ("debts that arose", "debts & claims that arose", "bare &"),
    "html entity": ("debts that arose", "debts&nbsp;that arose", "&nbsp;"),
    "sandbox": ("{{ f.body_name }}", "{{ f.body_name.__class__.__mro__ }}", "unsafe"),
    "loose text": ('title="Members and their meetings">', 'title="Members and their meetings">hello', "loose text"),
    "blank typed": ("{{ f.guarantee_amount }}", '<blank key="x" label="y" by="z" whole=""/>', "never typed"),
    "document type": ("<document>", "<!DOCTYPE document [<!ENTITY a 'b'>]><document>", "no place here"),
    "processing instruction": ("<document>", "<?php x ?><document>", "no place here"),
    "unknown answer": ('<option is="shared">', '<option is="sharde">', "is no answer to board_model"),
    "unequal rows": ("<td>Election by Members</td>", "", "cells where the first row has"),
    "unknown drawing": ('drawing="gantt"', 'drawing="pie"', "is not known"),
    "unknown official text": ('key="asset_promise"', 'key="asset_lock"', "not among the prescribed"),
    "unknown column": ("{{ c.item }}", "{{ c.thing }}", "is no column of costs"),
    "missing part": ("<p>In these articles:</p>", '{% include "_house/nothing.xml" %}', "is no shared part"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    old, new, said = SLIPS[name]
    line = SOURCE[: SOURCE.index(old)].count("\n") + 1
    one = edited(tmp_path, (old, new))
    with pytest.raises(FileFault) as raised:
        source.read(one, full())
    fault = raised.value.faults[0]
    assert said in str(fault)
    assert fault.file == "founding_rules/document.xml"
    if name == "id twice":  # told where it stands the second time
        assert fault.line == SOURCE[: SOURCE.index('id="quorum"')].count("\n") + 1
        assert f":{line}" in str(fault)
    else:
        assert fault.line == line, str(fault)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<ref to="t-seats"/>', '<ref to="t-seat"/>', "did you mean 't-seats'"),
        ('<ref to="written"/>', '<ref to="council"/>', "falls away unless has_council"),
        ('<ref to="quorum"/> says', '<ref to="board-shared"/> says', "falls away unless board_model is shared"),
        ("LAWA s.307", "LAWS s.307", "begins with no key"),
        ("{{ f.locked_body }}", "somebody", "'locked_body' is declared and not used"),
        (
            '<clause id="time">The work until the Body begins.',
            '<clause id="time"></clause><clause id="t2">',
            "says nothing",
        ),
    ],
)
def test_a_slip_that_reads_well_is_found_by_the_checks(old: str, new: str, said: str, tmp_path: Path) -> None:
    found = checks.check(edited(tmp_path, (old, new)))
    assert any(said in one.sentence and one.level is checks.Level.FAULT for one in found), found


def test_the_fixture_has_no_fault() -> None:
    assert [str(one) for one in checks.check(template())] == []


def shape(document: Document) -> Counter[tuple[str, str]]:
    return Counter((type(b).__name__, b.sort.value if isinstance(b, Clause) else "") for b, _ in walk(document.body))


def value(document: Document, key: str) -> str:
    runs = [r for b, _ in walk(document.body) for rs in runs_of(b) for r in rs]
    return next(run.text for run in runs if isinstance(run, Value) and run.key == key)


AS_TEXT = {
    "script": "<script>alert(1)</script>",
    "clause": '</v></clause><clause id="x">mine</clause>',
    "jinja": "{{ 7*7 }}{% for x in y %}",
    "entity": "&lt;b&gt; &amp;copy; &#60;",
    "cdata": "]]><!-- x --><![CDATA[",
    "markdown": "# Head - **b** [x](javascript:alert(1)) | a | b |",
    "brackets like a blank": "[name of the company]",
    "looks like a reference": "article 99.9",
    "defined term": "Member",
    "attribute": '" onload="x',
    "welsh": "Tŷ Dŵr",
}


@pytest.mark.parametrize("name", AS_TEXT)
def test_a_hostile_fact_stays_text(name: str) -> None:
    said = AS_TEXT[name]
    document = read(with_fact("body_name", long_view("body_name", said)))
    assert shape(document) == shape(read())
    assert value(document, "body_name") == said


REFUSED = {
    "right-to-left override": "Care\u202ecod",
    "right-to-left mark": "Care\u200f",
    "hebrew": "שלום",
    "zero width": "Ca\u200bre",
    "NUL": "a\x00b",
    "bell": "a\x07b",
    "long word": "w" * 61,
    "long text": "word " * 4_300,
    "tag": "a\U000e0041",
    "emoji": "Care \U0001f600",
    "surrogate": "a\ud800",
    "mark of ours": "\x02?x\x03",
    "private": "a\ue000",
    "soft hyphen": "co\u00adop",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_printed_is_refused(name: str) -> None:
    with pytest.raises(UnfitWords) as raised:
        long_view("body_name", REFUSED[name])
    assert str(raised.value).startswith(("holds", "is longer"))


def test_paragraphs_of_a_long_fact_stay_paragraphs() -> None:
    purpose = next(c for c in clauses(read()) if c.id == "purpose")
    assert [plain(b.runs) for b in purpose.body if isinstance(b, Para)] == [
        "To care for people who have no home, where they are and when they need it.",
        "To let the people who do the work decide how it is done.",
    ]


def test_words_around_a_long_fact_join_its_first_and_last_paragraph(tmp_path: Path) -> None:
    one = edited(tmp_path, ("{{ f.purpose }}\n", "Why: {{ f.purpose }} That is all.\n"))
    purpose = next(c for c in clauses(read(one=one)) if c.id == "purpose")
    said = [plain(b.runs) for b in purpose.body if isinstance(b, Para)]
    assert said[0].startswith("Why: To care")
    assert said[1].endswith("is done. That is all.")


def test_closing_words_follow_the_items() -> None:
    use = next(c for c in clauses(read()) if c.id == "liability-use")
    assert [type(b).__name__ for b in use.body] == ["Para", "Clause", "Clause", "Clause", "Para"]
    assert plain(use.body[-1].runs) == "and for nothing else."  # type: ignore[union-attr]


def test_a_total_is_added_up() -> None:
    table = next(b for b, _ in walk(read().body) if isinstance(b, Table) and b.total)
    assert [plain(cell.runs) for cell in table.rows[-1]] == ["Total", "£1,284,500.50", "£1,322,000"]


def test_what_another_step_produces_is_left_out() -> None:
    document = read(replace(full(), step="agree"))
    assert "first" not in {c.id for c in clauses(document)}
    assert "first" in {c.id for c in clauses(read())}


def test_an_open_choice_prints_every_answer_and_an_open_term_stays_marked() -> None:
    kept = {c.id: c.undecided for c in clauses(read(draft()))}
    assert kept["board-staff"][0].words == "elected by staff"
    assert kept["board-shared"][0].by == "staff lead"
    assert kept["council"][0].key == "has_council"
    assert {c.id: c.undecided for c in clauses(read())}["council"] == ()


def test_an_undeclared_fact_of_the_material_is_a_fault() -> None:
    whole = full()
    with pytest.raises(FileFault, match="does not hold this fact"):
        read(replace(whole, facts={k: v for k, v in whole.facts.items() if k != "purpose"}))


def test_a_fact_view_is_printed_without_its_unit_on_request() -> None:
    document = read(with_fact("staff_seats", FactView("staff_seats", "5 seats", bare="5")))
    assert value(document, "staff_seats") == "5"


def test_a_clause_whose_words_all_fall_away_says_so(tmp_path: Path) -> None:
    one = edited(
        tmp_path,
        (' when="has_council">The council may be a Member. It', '><p when="has_council">The council may. It'),
        ("consent</strong>.</clause>", "consent</strong>.</p></clause>"),
    )
    whole = full()
    document = read(replace(whole, terms={"has_council": replace(whole.terms["has_council"], value=Tri.NO)}), one)
    council = next(c for c in clauses(document) if c.id == "council")
    assert [plain(rs) for b in council.body for rs in runs_of(b)] == ["Does not apply."]


def purposes(document: Document) -> list[str]:
    """What the clause on purposes says, item by item."""
    clause = next(c for c in clauses(document) if c.id == "purpose")
    return [plain(b.runs) for c in clause.body if isinstance(c, Clause) for b in c.body if isinstance(b, Para)]


def test_paragraphs_of_a_fact_become_items_where_the_source_asks_for_them(tmp_path: Path) -> None:
    one = edited(tmp_path, ("{{ f.purpose }}", "<items>{{ f.purpose }}</items>"))
    document = read(one=one)
    assert len(purposes(document)) == 2
    assert number(document).beside["purpose/2"] == "(b)"
    single = with_fact("purpose", FactView("purpose", "to care for people who have no home"))
    assert purposes(read(single, one)) == []
    assert value(read(single, one), "purpose") == "to care for people who have no home"


CARRIED = (
    '{% endfor %}</table></clause>\n  <clause id="time">',
    '{% endfor %}</table><table id="t-left" title="What is left">'
    '<tr><th>What</th><th num="yes">First year</th><th num="yes">Second year</th></tr>'
    '<tr sums="t-costs"><td>Spent</td></tr><tr sums="t-costs" less="t-costs"><td>Left</td></tr></table></clause>\n'
    '  <clause id="time">',
)


def test_sums_are_carried_into_a_later_table_and_taken_from_each_other(tmp_path: Path) -> None:
    table = next(
        b for b, _ in walk(read(one=edited(tmp_path, CARRIED)).body) if isinstance(b, Table) and b.id == "t-left"
    )
    assert [plain(cell.runs) for cell in table.rows[1]] == ["Spent", "£1,284,500.50", "£1,322,000"]
    assert [plain(cell.runs) for cell in table.rows[2]] == ["Left", "£0.00", "£0"]
    assert table.total


@pytest.mark.parametrize("known", ["£84,500", None])
def test_a_sum_that_is_not_known_yet_is_carried_as_such(tmp_path: Path, known: str | None) -> None:
    whole, one = full(), edited(tmp_path, CARRIED)
    costs = whole.lists["costs"]
    rows = (
        *costs.rows[:-1],
        replace(costs.rows[-1], cells={**costs.rows[-1].cells, "first": FactView("first", known)}),
    )
    document = read(replace(whole, lists={**whole.lists, "costs": replace(costs, rows=rows)}), one)
    table = next(b for b, _ in walk(document.body) if isinstance(b, Table) and b.id == "t-left")
    assert plain(table.rows[1][1].runs) == ("£1,284,500" if known else "not yet known")
    assert plain(table.rows[2][1].runs) == ("£0" if known else "not yet known")


def test_sums_of_a_table_that_is_not_there_are_a_fault(tmp_path: Path) -> None:
    one = edited(tmp_path, CARRIED, ('less="t-costs"', 'less="t-cost"'))
    with pytest.raises(FileFault, match="'t-cost', which is no earlier table with a total"):
        read(one=one)


def test_a_total_of_numbers_has_no_more_places_than_they_have(tmp_path: Path) -> None:
    whole = full()
    costs = whole.lists["costs"]
    rows = tuple(
        replace(row, cells={**row.cells, "first": FactView("first", said)})
        for row, said in zip(costs.rows, ("16.4", "9"), strict=True)
    )
    document = read(replace(whole, lists={**whole.lists, "costs": replace(costs, rows=rows)}))
    table = next(b for b, _ in walk(document.body) if isinstance(b, Table) and b.total)
    assert plain(table.rows[-1][1].runs) == "25.4"
