"""A preview says what the change would do, and the change then does exactly that."""

import pytest

from mutualflow.domain.acts import Answer
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.services import looking
from mutualflow.services.previewing import Preview, preview
from mutualflow.storage.database import reading
from tests.services.reading.conftest import Walked
from tests.stored import load, the_law

LEAD = "staff_lead-group-1"


def previewed(one: Walked, by: str, change: Answer) -> Preview:
    """The preview on the day of the walk."""
    with reading(one.engine) as db:
        return preview(looking.look(db, "riverside", by=by, today=one.walk.today, law=the_law()), change)


def test_a_change_reopens_what_the_preview_named(begun: Walked) -> None:
    """The step is named with the fact that it stood on; nothing is written by looking."""
    walk = begun.walk
    while walk.work("vision"):
        pass
    change = Answer(fact="why_leave", value="Another reason altogether")
    before = load(begun.engine)
    found = previewed(begun, LEAD, change)
    assert load(begun.engine) == before
    vision = next(t for t in found.touched if t.step == "vision")
    assert vision.how == "reopened"
    assert vision.because == ("why the group wants to leave",)
    assert found.confirm == ()
    walk.do(LEAD, change)
    assert walk.status("vision").value == "open"


def test_the_same_answer_touches_nothing(begun: Walked) -> None:
    """Said again in the same words."""
    walk = begun.walk
    while walk.work("vision"):
        pass
    said = walk.f.answers["why_leave", ""].text
    assert previewed(begun, LEAD, Answer(fact="why_leave", value=said)).touched == ()


def test_a_preview_is_refused_as_the_change_would_be(begun: Walked) -> None:
    """Somebody else's question."""
    with pytest.raises(Refused) as refused:
        previewed(begun, "host_sponsor-host-1", Answer(fact="why_leave", value="Mine"))
    assert refused.value.code is Refusal.NOT_PERMITTED


def test_what_was_filed_is_put_right_and_not_reopened(walked: Walked) -> None:
    """After the launch a filed step opens its correction; what lies before is listed."""
    owner = "legal_adviser-group-1"
    found = previewed(walked, owner, Answer(fact="registered_office", value="1 New Street"))
    by_step = {t.step: t for t in found.touched}
    assert by_step["put_right_registration"].how == "put_right"
    assert by_step["put_right_registration"].because
    assert all(t.how in ("put_right", "listed") for t in found.touched)
