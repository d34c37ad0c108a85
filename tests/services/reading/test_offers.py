"""What one may do to a step is what the act itself would say."""

from mutualflow.domain.acts import Answer, Submit
from mutualflow.domain.moves import ACTS
from mutualflow.services import looking
from mutualflow.services.offers import MAKERS, ON_A_STEP, Offer, offers
from mutualflow.storage.database import reading
from tests.services.reading.conftest import Walked
from tests.stored import load, the_law

LEAD, COLLEAGUE, SPONSOR = "staff_lead-group-1", "staff_member-group-2", "host_sponsor-host-2"


def offered(one: Walked, step: str, by: str) -> dict[str, Offer]:
    """Act -> the offer, on the day of the walk."""
    with reading(one.engine) as db:
        look = looking.look(db, "riverside", by=by, today=one.walk.today, law=the_law())
        return {o.act: o for o in offers(look, step)}


def test_every_act_on_a_step_has_a_maker() -> None:
    """A new act in the table is offered too, or this says that it is not."""
    assert {m.name for m in ACTS.values() if m.on in ON_A_STEP} == set(MAKERS)


def test_the_owner_answers_then_puts_forward(begun: Walked) -> None:
    """Open questions are named as the reason; once answered the step can go forward."""
    before = offered(begun, "vision", LEAD)
    assert before["answer"].allowed
    assert not before["submit"].allowed
    assert before["submit"].code == "unanswered"
    begun.walk.answer_all("vision", LEAD)
    assert offered(begun, "vision", LEAD)["submit"].allowed
    assert not offered(begun, "vision", SPONSOR)["submit"].allowed
    assert offered(begun, "vision", SPONSOR)["submit"].who_can == "staff lead (group)"


def test_who_prepared_it_cannot_approve_it(begun: Walked) -> None:
    """Four-eyes is said before roles; the colleague may approve, return or take it."""
    begun.walk.work("vision")
    mine, theirs = offered(begun, "vision", LEAD), offered(begun, "vision", COLLEAGUE)
    assert mine["approve"].code == "four_eyes"
    assert mine["withdraw"].allowed
    assert not mine["submit"].allowed
    assert all(theirs[a].allowed for a in ("approve", "approve_subject_to", "return", "take"))


def test_a_decision_taken_elsewhere_can_be_recorded_early(begun: Walked) -> None:
    """The board decided before the group was here: recorded as taken outside."""
    offer = offered(begun, "permission_given", SPONSOR)["record_decision"]
    assert offer.allowed
    assert offer.how == "taken outside"


def test_looking_at_offers_changes_nothing(begun: Walked) -> None:
    """Acts are tried on a desk of their own."""
    before = load(begun.engine)
    for step in ("vision", "permission_given", "registration"):
        offered(begun, step, LEAD)
    assert load(begun.engine) == before


def test_what_is_filed_is_frozen(walked: Walked) -> None:
    """An approved irrevocable step offers its put-right step and little else."""
    found = offered(walked, "registration", "legal_adviser-group-1")
    assert found["open_put_right"].allowed
    assert not found["reopen"].allowed
    assert found["reopen"].code == "frozen"


def test_offers_agree_with_what_honest_people_then_do(begun: Walked) -> None:
    """Through the first stage: whatever a person is about to put forward or answer was offered to her."""
    walk = begun.walk
    done = 0
    plain_do = walk.do

    def watched(by: str, act: object) -> None:
        nonlocal done
        if isinstance(act, Submit):
            assert offered(begun, act.step, by)["submit"].allowed, act
            done += 1
        elif isinstance(act, Answer):
            step = walk.pathway.asker[act.fact]
            assert offered(begun, step, by)["answer"].allowed, act
            done += 1
        plain_do(by, act)  # type: ignore[arg-type]

    walk.do = watched  # type: ignore[method-assign,assignment]
    for step in ("vision", "service_scope"):
        while walk.work(step):
            pass
    assert done > 15
