"""What has been sent to a register: it is not left hanging, and its answer counts for what was approved and sent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mutualflow.domain import acts
from mutualflow.domain.errors import Refusal
from mutualflow.domain.formation import Basis, Status
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import on
from tests.domain.test_moves import LEAD, SHA, W, at, code
from tests.honest import FEES_SINCE, Honest

STEP = "registration"
ADVISER, CHAIR, OTHER_CHAIR = "legal_adviser-group-1", "new_body_chair-group-2", "new_body_chair-group-1"
WITHDRAW = acts.Withdraw(step=STEP)


def approved(honest: Honest) -> Honest:
    """Everybody but the register has approved."""
    honest.today = max(honest.today, FEES_SINCE)
    honest.do(CHAIR, acts.Approve(step=STEP, happened_on=on(honest.today)))
    return honest


def sent() -> Honest:
    """The registration has been sent and not been answered."""
    honest = approved(at("registration submitted"))
    honest.do(ADVISER, acts.File(step=STEP, reference="R1"))
    return honest


def answered(honest: Honest, answer: str = "registered") -> acts.RecordAnswer:
    """The register's answer of today, with its letter attached."""
    letter = honest.attach(STEP, With.RECORD_ANSWER, ADVISER)
    reasons = "a name" if answer == "refused" else ""
    return acts.RecordAnswer(
        step=STEP, answer=answer, answered_on=on(honest.today), certificate=letter, reasons=reasons
    )


def changed_meanwhile(honest: Honest) -> Honest:
    """Somebody says a material fact anew while the register has the old one: the step comes back."""
    honest.do(ADVISER, acts.Answer(fact="registered_office", value="12 Quay Street"))
    assert honest.status(STEP) is Status.IN_HAND
    return honest


def test_what_has_been_sent_is_not_taken_back_before_it_is_answered() -> None:
    honest = sent()
    by = honest.f.submissions[STEP].by
    assert code(honest, by, WITHDRAW) is W
    assert code(honest, ADVISER, acts.Return(step=STEP, slot="registrar", reason="r")) is W
    honest.do(ADVISER, answered(honest, "refused"))
    assert code(honest, ADVISER, acts.Return(step=STEP, slot="registrar", reason="r")) is None
    honest.do(by, WITHDRAW)
    assert honest.status(STEP) is Status.IN_HAND


def test_what_has_not_been_sent_yet_is_taken_back() -> None:
    honest = approved(at("registration submitted"))
    assert code(honest, honest.f.submissions[STEP].by, WITHDRAW) is None


def test_a_refusal_that_comes_after_a_change_is_recorded_all_the_same() -> None:
    honest = changed_meanwhile(sent())
    honest.do(ADVISER, answered(honest, "refused"))
    assert honest.f.filings[STEP].answer == "refused"
    assert honest.status(STEP) is Status.IN_HAND
    honest.submit(STEP, ADVISER)
    approved(honest)
    honest.do(ADVISER, acts.File(step=STEP, reference="R2"))
    assert honest.f.filings[STEP].attempt == 2
    honest.do(ADVISER, answered(honest))
    assert honest.status(STEP) is Status.APPROVED


def test_a_registration_does_not_count_before_everybody_else_has_approved_the_round() -> None:
    honest = changed_meanwhile(sent())
    registered = answered(honest)
    assert code(honest, ADVISER, registered) is W  # nothing is put forward that could be approved
    honest.submit(STEP, ADVISER)
    assert code(honest, ADVISER, registered) is Refusal.WAITS
    assert code(honest, ADVISER, WITHDRAW) is None  # this round has not been sent
    approved(honest)
    assert code(honest, ADVISER, acts.File(step=STEP, reference="R2")) is W  # the first one is still out
    honest.do(ADVISER, registered)
    assert honest.status(STEP) is Status.APPROVED


def test_a_registration_does_not_count_on_ground_that_has_opened_again() -> None:
    honest = sent()
    registered = answered(honest)
    honest.do(LEAD, acts.Reopen(step="business_plan", reason="a figure"))
    assert honest.f.steps[STEP].waits_for
    assert code(honest, ADVISER, registered) is Refusal.WAITS
    refused = replace(registered, answer="refused", reasons="a name")
    assert code(honest, ADVISER, refused) is None  # what the register said is kept


def test_a_register_does_not_answer_before_it_was_asked() -> None:
    honest = sent()
    registered = answered(honest)
    yesterday = honest.f.filings[STEP].sent_on - timedelta(days=1)
    for day in (date(2001, 1, 1), yesterday):
        assert code(honest, ADVISER, replace(registered, answered_on=on(day))) is Refusal.INVALID_VALUE
    assert code(honest, ADVISER, registered) is None


def test_the_certificate_is_a_file_of_the_step_that_came_with_the_answer_and_is_still_there() -> None:
    honest = sent()
    registered = answered(honest)
    pack = next(e.key for e in honest.f.evidence.values() if e.step == STEP and e.comes_with == With.SUBMIT)
    elsewhere = next(e.key for e in honest.f.evidence.values() if e.step != STEP)
    for wrong in (pack, elsewhere, "none"):
        assert code(honest, ADVISER, replace(registered, certificate=wrong)) is Refusal.MISSING, wrong
    honest.do(ADVISER, acts.TakeOut(step=STEP, key=registered.certificate, reason="another company's"))
    assert code(honest, ADVISER, registered) is Refusal.MISSING
    honest.do(ADVISER, acts.Attach(step=STEP, key="right", sha256=SHA, evidence="certificate"))
    assert code(honest, ADVISER, replace(registered, certificate="right")) is None


@pytest.mark.parametrize("answer", ["registered", "refused"])
def test_what_is_sent_and_answered_twice_is_one(answer: str) -> None:
    honest = approved(at("registration submitted"))
    file = acts.File(step=STEP, reference="R1", seen=honest.f.steps[STEP].revision)
    honest.do(ADVISER, file)
    once = honest.f
    honest.do(ADVISER, file)
    assert honest.f == once
    assert code(honest, OTHER_CHAIR, file) is Refusal.STALE
    act = replace(answered(honest, answer), seen=honest.f.steps[STEP].revision)
    honest.do(ADVISER, act)
    once = honest.f
    honest.do(ADVISER, act)
    assert honest.f == once
    assert honest.f.submissions[STEP].basis is Basis.PUT_FORWARD
