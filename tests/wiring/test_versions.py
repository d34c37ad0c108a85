"""The facts of a version that a body had are those of the moment at which it was kept, not of an earlier round."""

from mutualflow.domain import acts
from mutualflow.domain.formation import DocumentRef
from mutualflow.storage import documents, events
from tests.halfway import load_texts
from tests.wiring.conftest import Place

STEP = "governing_document"


def test_a_version_kept_after_a_round_came_back_is_of_its_own_moment(place: Place) -> None:
    group = place.group("brookside")
    load_texts(group.app, sample=True)
    by = group.ready(STEP)
    group.put_forward(STEP)
    put_forward = group.f.submissions[STEP]
    group.through(by, acts.Withdraw(step=STEP))
    group.through(by, acts.KeepVersion(step=STEP, document=DocumentRef(put_forward.documents[0].document, "", "")))
    kept = group.f.events
    numbers = [one.number for one in group.app.read(lambda db: documents.of(db, group.f.key))]
    assert numbers[-1] not in {ref.number for ref in put_forward.documents}

    def moment_of(number: str) -> int | None:
        return group.app.read(lambda db: events.of_version(db, group.f.id, number))

    assert moment_of(numbers[-1]) == kept
    assert {moment_of(ref.number) for ref in put_forward.documents} == {put_forward.event}
