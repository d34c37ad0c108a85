"""Articles, ballot record and letter of information: what they say by the answers, and what they say without any."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mutualflow.documents import page, source
from mutualflow.documents.press import Press
from mutualflow.domain.document import (
    Block,
    Clause,
    Document,
    Prescribed,
    Sign,
    Text,
    Value,
    clauses,
    missing,
    runs_of,
    to_json,
    walk,
)
from mutualflow.domain.material import ChoiceView, Mark, Material, PrescribedText
from mutualflow.domain.numbering import number
from mutualflow.domain.pathway import QuestionType
from tests.documents.drafts import mapping, material, questions, read_yaml, sample, shipped

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples" / "prescribed"
SHIPPED = shipped()
PAPERS = ("articles", "staff_ballot_record", "tupe_information_letter")
NOTHING: Mapping[str, Mapping[str, object]] = {"facts": {}, "lists": {}, "terms": {}}


def stand_in(key: str) -> PrescribedText:
    """The invented text that samples print in place of the official wording."""
    said = read_yaml(SAMPLES / f"{key}.yaml")
    return PrescribedText(key, tuple(str(said["text"]).strip().split("\n\n")), "0" * 64, sample=True)


def prepared(key: str, said: Mapping[str, Mapping[str, object]], *, loaded: bool = True) -> Material:
    """Material of a sample, with its choices and, where `loaded`, the stand-ins for official wording."""
    template, asked = SHIPPED[key], questions()
    choices = {}
    for fact in template.about.facts:
        words = {one: text["en"] for one, text in asked[fact].choices.items()}
        if asked[fact].type is QuestionType.YES_NO:
            words = {"yes": "yes", "no": "no"}
        answer = said["facts"].get(fact)
        choices[fact] = ChoiceView(None if answer is None else str(answer), words, fact, "staff lead")
    official = {one: stand_in(one) for one in template.about.prescribed} if loaded else {}
    return replace(material(template, "", said), choices=choices, prescribed=official, mark=Mark.SAMPLE)


def answered(key: str, facts: Mapping[str, object], terms: Mapping[str, object] | None = None) -> Document:
    """The sample's document with some answers changed."""
    said = sample(key)
    changed = {**said, "facts": {**said["facts"], **facts}, "terms": {**said["terms"], **(terms or {})}}
    return source.read(SHIPPED[key], prepared(key, changed))


def ids(document: Document) -> set[str]:
    """Ids of all clauses."""
    return {clause.id for clause in clauses(document)}


def named(document: Document) -> list[str]:
    """Ids of the clauses that the source names; each paragraph of an answer may be an item without a name."""
    return [clause.id for clause in clauses(document) if clause.named]


def words(document: Document, at: str) -> str:
    """Everything that a clause says."""
    clause = next(one for one in clauses(document) if one.id == at)
    return " ".join(
        run.text
        for block, _ in walk(clause.body)
        for runs in runs_of(block)
        for run in runs
        if isinstance(run, Text | Value)
    )


def blocks(document: Document) -> list[Block]:
    """Every block."""
    return [block for block, _ in walk(document.body)]


@pytest.mark.parametrize("key", PAPERS)
def test_the_sample_lacks_nothing_and_prints(key: str, press: Press) -> None:
    whole = prepared(key, sample(key))
    document = source.read(SHIPPED[key], whole)
    assert [f"{gap.lack}: {gap.key}" for gap in missing(document)] == []
    numbers = number(document)
    html = page.paper(document, SHIPPED[key].about, numbers, whole)
    printed = press.print(html, to_json(document, numbers.beside, {}), datetime(2024, 6, 20, tzinfo=UTC))
    assert printed.startswith(b"%PDF")


@pytest.mark.parametrize("spoil", ["Ŵyth ŷd, tŷ, ôl; Ŷ â Ŵ", "a very long answer " * 120, "one\n\ntwo\n\nthree"])
@pytest.mark.parametrize("key", PAPERS)
def test_shape_does_not_hang_on_the_words_of_an_answer(key: str, spoil: str) -> None:
    said = sample(key)
    texts = {name for name, asked in questions().items() if asked.type in (QuestionType.TEXT, QuestionType.LONG_TEXT)}
    odd = {**said, "facts": {name: spoil if name in texts else value for name, value in said["facts"].items()}}
    usual = named(source.read(SHIPPED[key], prepared(key, said)))
    assert named(source.read(SHIPPED[key], prepared(key, odd))) == usual


@pytest.mark.parametrize("key", PAPERS)
def test_without_answers_every_fact_is_a_blank_or_an_open_alternative(key: str) -> None:
    document = source.read(SHIPPED[key], prepared(key, NOTHING, loaded=False))
    lacking = {gap.key for gap in missing(document)}
    about = SHIPPED[key].about
    assert {*about.facts, *about.lists, *about.prescribed, *about.terms} <= lacking


# --- articles ---------------------------------------------------------------------------------------------------------

MODELS = {
    "staff_majority": "board-staff-majority",
    "no_majority": "board-no-majority",
    "independent_majority": "board-independent-majority",
}
CLASSES = {
    "staff_only": {"classes-staff-only", "user-directors-invited", "community-directors-asked"},
    "staff_and_community": {"classes-staff-and-community", "user-directors-community", "community-directors-elected"},
    "staff_users_and_partners": {
        "class-users",
        "class-partners",
        "user-directors-elected",
        "community-directors-partners",
    },
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("owners", CLASSES)
def test_articles_keep_one_alternative_of_each_choice(model: str, owners: str) -> None:
    found = ids(answered("articles", {"board_model": model, "ownership_model": owners}))
    assert found & set(MODELS.values()) == {MODELS[model]}
    assert found & set().union(*CLASSES.values()) == CLASSES[owners]


@pytest.mark.parametrize(("member", "consents"), [("no", "no"), ("yes", "no"), ("yes", "yes")])
def test_the_host_has_a_say_only_where_it_was_given_one(member: str, consents: str) -> None:
    found = ids(
        answered("articles", {"host_consent_matters": "x"}, {"host_is_member": member, "host_consents": consents})
    )
    assert ("host" in found) == (member == "yes")
    assert ("host-consent" in found) == (consents == "yes")


def test_seats_that_nobody_has_leave_no_article_behind() -> None:
    seats = ("has_user_seats", "has_community_seats", "has_independent_seats", "has_executive_seat")
    found = ids(answered("articles", {}, dict.fromkeys(seats, "no")))
    assert not found & {"user-directors", "community-directors", "independent-directors", "executive-director"}


def test_articles_without_the_official_wording_say_so_four_times() -> None:
    document = source.read(SHIPPED["articles"], prepared("articles", sample("articles"), loaded=False))
    gaps = {gap.key for gap in missing(document)}
    assert gaps == set(SHIPPED["articles"].about.prescribed)
    assert {one.key for one in blocks(document) if isinstance(one, Prescribed)} == gaps


def test_articles_count_on_through_all_parts() -> None:
    document = answered("articles", {})
    beside = number(document).beside
    tops = [
        beside[clause.id]
        for part in document.body
        if part.id not in ("sign", "sch-seats", "sch-first", "sch-elections")
        for clause in part.body
        if isinstance(clause, Clause)
    ]
    assert tops == [str(n) for n in range(1, len(tops) + 1)]


def test_everybody_on_the_first_board_has_a_line_to_sign() -> None:
    document = answered("articles", {})
    assert sum(isinstance(one, Sign) for one in blocks(document)) == 5


@pytest.mark.parametrize("key", sorted(SHIPPED["articles"].about.prescribed))
def test_stand_ins_call_themselves_invented(key: str) -> None:
    said = mapping(read_yaml(SAMPLES / f"{key}.yaml"))
    assert said["key"] == key
    assert said["sample"] == "yes"
    assert "SAMPLE" in str(said["title"])
    assert str(said["text"]).startswith("SAMPLE.")
    assert "nvented" in str(said["text"])
    assert str(said["official_source"]).strip()


# --- ballot -----------------------------------------------------------------------------------------------------------


def test_the_record_says_that_a_vote_is_no_condition_in_law() -> None:
    assert "not a condition in law for a transfer" in words(answered("staff_ballot_record", {}), "no-precondition")


@pytest.mark.parametrize(("reached", "kept"), [("yes", "result-reached"), ("no", "result-not-reached")])
def test_a_lost_vote_is_told_as_plainly_as_a_won_one(reached: str, kept: str) -> None:
    found = ids(answered("staff_ballot_record", {"ballot_threshold_reached": reached}))
    assert found & {"result-reached", "result-not-reached"} == {kept}


@pytest.mark.parametrize("said", ["had no vote", "before the close", "changed the result"])
def test_what_only_the_scrutineer_can_vouch_for_stands_in_the_scrutineers_statement(said: str) -> None:
    record = answered("staff_ballot_record", {})
    assert [one.id for one in record.body if said in words(record, one.id)] == ["sign"]


@pytest.mark.parametrize("hours", ["from 7 to 8", "from 7 to 8."])
def test_an_answer_that_ends_its_sentence_gets_no_second_full_stop(hours: str) -> None:
    assert (
        words(answered("staff_ballot_record", {"ballot_hours": hours}), "times")
        .replace(" .", ".")
        .endswith("from 7 to 8.")
    )


# --- letter -----------------------------------------------------------------------------------------------------------


def test_where_nothing_is_planned_the_letter_says_none() -> None:
    none = {"host_measures_envisaged": "no", "measures_envisaged": "no", "agency_workers_number": 0}
    terms = {"has_agency_workers": "no", "has_no_agency_workers": "yes", "consultation_needed": "no"}
    letter = answered("tupe_information_letter", none, terms)
    for at in ("measures-host", "measures-new", "agency"):
        assert words(letter, at).startswith("None."), at
    assert "consultation" not in ids(letter)


@pytest.mark.parametrize(
    ("route", "kept"),
    [
        ("representatives", "recipients-who"),
        ("direct_13a", "recipients-direct"),
        ("none_elected", "recipients-none-elected"),
    ],
)
def test_the_letter_says_why_it_comes_to_these_people(route: str, kept: str) -> None:
    found = ids(answered("tupe_information_letter", {"tupe_information_route": route}))
    assert found & {"recipients-who", "recipients-direct", "recipients-none-elected"} == {kept}


def test_no_heading_of_the_letter_falls_away_while_answers_are_missing() -> None:
    document = source.read(SHIPPED["tupe_information_letter"], prepared("tupe_information_letter", NOTHING))
    musts = {heading.at for heading in SHIPPED["tupe_information_letter"].about.headings if heading.strength == "must"}
    assert len(musts) == 7
    assert musts <= ids(document)
