"""Fees and numbers told beside the statement of law that speaks of them."""

from datetime import date

import pytest

from mutualflow.domain.acts import Answer
from mutualflow.domain.law import LawBook
from tests.honest import Honest, name_of, real_pathway
from tests.pathways import real

PATHWAY = real_pathway()
LAW = LawBook(real.book())


def told(step: str, rule: str, today: str, facts: dict[str, str] | None = None) -> list[str]:
    """What is told beside the statement of a step that names a rule."""
    people = Honest(PATHWAY, law=LAW.thresholds)
    for fact, value in (facts or {}).items():
        people.do(name_of(PATHWAY.steps[PATHWAY.asker[fact]].owner), Answer(fact=fact, value=value))
    one = PATHWAY.steps[step]
    entry = next(e for e in one.law if rule in e.rules)
    return LAW.figures(entry, one, people.f, date.fromisoformat(today))


def test_a_fee_is_told_in_pounds_with_its_first_day_until_its_own_day_is_known() -> None:
    assert told("first_annual_filings", "cic_report_fee", "2026-11-25") == [
        "Fee for the yearly report of a community interest company: £15.00 from 1 October 2009."
    ]


def test_what_changes_later_is_told_and_what_is_over_is_not() -> None:
    lines = told("first_board_meeting", "ico_fee", "2025-02-16")
    assert lines[:2] == [
        "Data protection fee, smallest tier: £40.00 from 25 May 2018.",
        "Data protection fee, smallest tier: £52.00 from 17 February 2025.",
    ]
    assert told("first_board_meeting", "ico_fee", "2025-02-17")[0] == lines[1]


def test_what_was_not_checked_says_so() -> None:
    lines = told("registration", "cic_registration_fee", "2026-03-01")
    assert lines[0].endswith("£115.00 from 1 February 2026 (check with your adviser).")


@pytest.mark.parametrize(
    ("began", "years", "law"),
    [
        ("2025-02-23", "3", "Public Contracts Regulations 2015 (SI 2015/102)"),
        ("2025-02-24", "5", "Procurement Act 2023"),
    ],
)
def test_a_known_day_gives_its_own_version_alone(began: str, years: str, law: str) -> None:
    lines = told("award_route", "reserved_contract_longest", "2026-11-25", {"procurement_start": began})
    assert lines[0] == f"Years, at most, of a contract reserved for mutuals: {years}."
    assert lines[2] == f"Law under which a contract for services other than health care is awarded: {law}."
