"""Hashes, numbers, links and lists of what is missing: all computed from the model."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mutualflow.domain.document import (
    Clause,
    Document,
    Lack,
    Text,
    Value,
    canonical,
    clause_hashes,
    clauses,
    definitions,
    document_hash,
    leans_on,
    missing,
    to_json,
)
from mutualflow.domain.material import FactView
from mutualflow.domain.numbering import letter, number, roman, spoken
from tests.documents.founding import draft, edited, full, read, with_fact


def changed(old: Document, new: Document) -> set[str]:
    before, after = clause_hashes(old), clause_hashes(new)
    return {key for key in before if key in after and before[key] != after[key]}


def moved_number(old: Document, new: Document) -> set[str]:
    before, after = number(old).beside, number(new).beside
    return {key for key in before if key in after and before[key] != after[key]}


MEMBERS = '<part id="members" title="Members and their meetings">'
LATER = {"admission", "eligible", "register", "council", "notice", "board", "board-shared", "service", "quorum"}


@pytest.mark.parametrize(
    ("old", "new", "hashes", "numbers"),
    [
        ("serves three years", "serves four years", {"service", "board", "directors"}, set[str]()),
        (
            '<item id="use-debts">',
            '<item id="new">wages owed;</item><item id="use-debts">',
            {"liability-use", "liability", "start"},
            {"use-debts"},
        ),
        (
            MEMBERS,
            f'{MEMBERS}<clause id="why" title="Why">Members keep the Board honest.</clause>',
            {"members"},
            {*LATER, "written", "first", "lock", "winding-up"},
        ),
        ("LAWA s.307", "LAWA s.308", set[str](), set[str]()),
        ("<strong>no decision needs its consent</strong>", "no decision needs its consent", set[str](), set[str]()),
        ("In these articles:", "In  these\n articles:", set[str](), set[str]()),
    ],
)
def test_what_reopens_an_approval_and_what_does_not(
    old: str, new: str, hashes: set[str], numbers: set[str], tmp_path: Path
) -> None:
    before, after = read(), read(one=edited(tmp_path, (old, new)))
    assert changed(before, after) == hashes
    assert moved_number(before, after) == numbers


def test_a_fact_typed_by_hand_hashes_like_the_fact() -> None:
    assert canonical(Text("£1")) == canonical(Value("guarantee_amount", "£1"))


def test_a_filled_blank_and_a_taken_choice_change_their_clauses() -> None:
    assert changed(read(draft()), read()) == {
        "members", "admission", "council", "directors", "board", "board-shared", "ending", "lock", "winding-up", "sign",
    }  # fmt: skip


def test_every_hash_names_its_rules_and_the_document_hash_follows_the_words() -> None:
    document = read()
    assert all(one.startswith("c1:") and len(one) == 35 for one in clause_hashes(document).values())
    assert document_hash(document) != document_hash(read(with_fact("body_name", FactView("body_name", "Another"))))
    assert document_hash(document) == document_hash(read(replace(full(), number="other", version="other")))


def test_hashes_are_pinned() -> None:
    """A change here breaks the approvals of everybody: it needs a new prefix."""
    assert canonical(next(c for c in clauses(read()) if c.id == "service")) == (
        "<clause>\nA Director serves three years and may serve again once.\n>"
    )
    assert clause_hashes(read())["service"] == "c1:eba9b7e216189dbd9659f0ae9a88d74e"


def test_leans_on_counts_references_and_the_automatic_links_of_terms() -> None:
    document = read()
    terms = definitions(document)
    by_id = {c.id: c for c in clauses(document)}
    assert leans_on(by_id["notice"], terms) == ("t-member", "t-director", "quorum", "t-clear")
    assert leans_on(by_id["interpretation"], terms) == ("written", "board", "register")  # not its own definitions
    assert leans_on(by_id["quorum"], terms) == ("t-board", "t-director", "t-seats")


def test_numbers_and_names() -> None:
    numbers = number(read())
    own, names = numbers.beside, numbers.names
    assert (own["liability-use"], names["liability-use"]) == ("3.2", "article 3.2")
    assert (own["use-debts"], names["use-debts"]) == ("(a)", "article 3.2(a)")
    assert names["liability-use/2"] == "article 3.2(b)"
    assert names["liability-use/2/1"] == "article 3.2(b)(i)"
    assert (own["seats"], names["seats"]) == ("1", "Schedule 1 paragraph 1")
    assert (own["t-costs"], names["f-plan"]) == ("Table 2", "figure 1")
    assert (own["d-seal"], names["a-bank"]) == ("Decision 2", "action 1")
    assert own["winding-up"] == "11"  # articles count on through the parts
    assert [letter(1), letter(27), roman(4), roman(9)] == ["a", "aa", "iv", "ix"]


def test_a_reference_that_opens_a_sentence_has_a_capital() -> None:
    notice = next(c for c in clauses(read()) if c.id == "notice")
    runs = notice.body[0].runs  # type: ignore[union-attr]
    assert spoken("article 7", runs, 1) == "Article 7"
    assert spoken("article 7", (Text("see "),), 1) == "article 7"


def test_what_is_missing_is_listed_once_with_who_supplies_it() -> None:
    assert [(m.lack, m.key, m.words, m.by, m.at) for m in missing(read(draft()))] == [
        (Lack.DECISION, "has_council", "the council may be a member", "host sponsor", "council"),
        (Lack.DECISION, "board_model", "how the board is made up", "staff lead", "board-staff"),
        (Lack.PRESCRIBED, "asset_promise", "the promise about assets", "", "lock"),
        (Lack.FACT, "locked_body", "body that receives what is left", "founders", "winding-up"),
        (Lack.FACT, "founders", "the founders", "staff lead", "sign"),
    ]
    assert missing(read()) == ()


def test_json_holds_model_numbers_and_hashes_and_no_file_names() -> None:
    document = read()
    data = to_json(document, number(document).beside, {"number": "T01-0007"})
    said = json.loads(data)
    assert set(said) == {"model", "numbers", "hashes", "hash", "paper"}
    assert said["hash"] == document_hash(document)
    assert b"document.xml" not in data
    assert said["model"]["body"][0]["body"][2]["body"][0] == {
        "id": "liability-amount",
        "sort": "clause",
        "body": [
            {
                "kind": "para",
                "runs": [
                    {"kind": "text", "text": "Each Member promises to pay up to "},
                    {"kind": "value", "key": "guarantee_amount", "text": "£1"},
                    {
                        "kind": "text",
                        "text": " towards the debts of the Body if it is wound up while they are a Member, "
                        "or within one year after they leave.",
                    },
                ],
            }
        ],
    }


def test_an_items_path_is_no_name_to_bind_to() -> None:
    assert [c.id for c in clauses(read()) if isinstance(c, Clause) and not c.named][:2] == [
        "liability-use/2",
        "liability-use/2/1",
    ]
