"""A decision taken elsewhere rests on what had been said by the day of the meeting, or on the version the body had."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from mutualflow.domain import acts
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Basis, DecisionOutcome, DocumentRef, SlotState, Status
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import With
from mutualflow.domain.spans import on
from mutualflow.services import auditing
from mutualflow.storage.database import reading
from tests.stored import Stored, everybody, publish

GATE, BOARD, SPONSOR = "permission_given", "host_board_member-host-1", "host_sponsor-host-1"


def recorded(honest: Stored, **more: object) -> acts.RecordDecision:
    minute = honest.attach(GATE, With.RECORD_DECISION, BOARD)
    words: dict[str, object] = {"outcome": DecisionOutcome.YES, "decided_on": on(honest.today), "minute": minute}
    return acts.RecordDecision(step=GATE, outside=True, **{**words, **more})  # type: ignore[arg-type]


def test_facts_said_after_the_meeting_are_not_those_that_the_body_had(engine: Engine) -> None:
    publish(engine, everybody())
    honest = Stored(engine, compare=1)
    first, second = (a.key for a in honest.pathway.steps[GATE].asks[:2])
    honest.do(SPONSOR, acts.Answer(fact=first, value=NOT_KNOWN))
    met = on(honest.today)
    honest.today += timedelta(days=6)
    honest.do(SPONSOR, acts.Answer(fact=first, value=honest.value(honest.pathway.questions[first])))
    honest.do(SPONSOR, acts.Answer(fact=second, value=honest.value(honest.pathway.questions[second])))
    honest.do(BOARD, recorded(honest, decided_on=met))
    submission = honest.f.submissions[GATE]
    assert submission.basis is Basis.OUTSIDE
    assert submission.material[first] == (NOT_KNOWN, NOT_KNOWN)
    assert second not in submission.material  # not known to the body, and no change
    assert honest.status(GATE) is Status.IN_HAND  # what has been said anew since counts at once
    assert honest.f.approvals[(GATE, "host_board", "host")].state is SlotState.LAPSED
    with reading(engine) as db:
        assert auditing.verify(db, replay=True).findings == ()


def test_a_decision_of_today_rests_on_what_is_in_force_and_is_kept(engine: Engine) -> None:
    publish(engine, everybody())
    honest = Stored(engine, compare=1)
    first = honest.pathway.steps[GATE].asks[0].key
    honest.do(SPONSOR, acts.Answer(fact=first, value=NOT_KNOWN))
    honest.do(BOARD, recorded(honest))
    assert honest.f.submissions[GATE].material[first] == (NOT_KNOWN, NOT_KNOWN)
    assert honest.status(GATE) is Status.SUBMITTED
    assert honest.f.decisions[(GATE, "host_board", "host")].kept


def test_the_version_that_the_body_had_goes_before_the_day(engine: Engine) -> None:
    publish(engine, everybody())
    honest = Stored(engine)
    step, fact = "decision_in_principle", honest.pathway.steps["decision_in_principle"].asks[0].key
    honest.do(SPONSOR, acts.Answer(fact=fact, value=NOT_KNOWN))
    paper = DocumentRef("host_decision_paper", "riverside/D12/1", "a" * 64)
    honest.do(SPONSOR, acts.KeepVersion(step=step, document=paper))
    honest.do(SPONSOR, acts.Answer(fact=fact, value=honest.value(honest.pathway.questions[fact])))
    minute = honest.attach(step, With.RECORD_DECISION, BOARD)
    act = replace(recorded(honest), step=step, minute=minute, version="riverside/D12/1")
    with pytest.raises(Refused) as refused:
        honest.do(BOARD, replace(act, version="riverside/D12/9"))
    assert refused.value.code is Refusal.UNKNOWN_KEY
    honest.do(BOARD, act)
    assert honest.f.submissions[step].material[fact] == (NOT_KNOWN, NOT_KNOWN)
