"""What a document is made of: who supplies what is still open."""

from mutualflow.domain.applies import Reading
from mutualflow.domain.printing import settled_by
from tests.pathways import real


def test_an_open_condition_names_whose_answer_it_waits_for() -> None:
    pathway = real.whole().pathway
    nothing = Reading(pathway, {}, {}, {})
    for term in ("has_recognised_union", "challenge_window_published", "has_challenge_members"):
        assert settled_by(pathway, nothing, pathway.terms[term].when) == "staff lead (group)", term
    known = Reading(pathway, {("recognised_union", ""): "no"}, {}, {})
    assert settled_by(pathway, known, pathway.terms["has_recognised_union"].when) == ""
