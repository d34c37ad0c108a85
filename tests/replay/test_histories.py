"""The real histories that ship, to their ends, with the figures of the house's research (domain notes 8.2 and 1.5)."""

from mutualflow.domain.record import short
from mutualflow.domain.replayed import as_object
from tests.honest import real_pathway
from tests.replay.thin import SAMPLES, sample


def test_spiral_is_a_company_of_a_kind_that_is_not_known_and_was_wound_up() -> None:
    shown = sample("spiral-health")
    assert shown.accepted
    assert as_object(shown)["form"] == {"one_of": ["cic_guarantee", "cic_shares"]}
    assert [(short(s.on), s.state) for s in shown.states] == [("2012-04-01", "launched"), ("2019-01-31", "ended")]
    assert shown.outcome == "wound_up"
    (live,) = shown.milestones
    assert (live.key, short(live.actual or shown.known_until), live.slip) == ("go_live", "2012-04-01", None)
    assert shown.late == ()
    assert shown.missed_clocks == ()
    assert "legal_form" in {c.about for c in shown.cannot_say}
    assert {"final_decision", "registration", "contract_signed"} <= set(shown.assumed)


def test_suffolk_went_live_116_days_after_its_first_plan() -> None:
    shown = sample("suffolk-libraries")
    assert shown.accepted
    live = next(m for m in shown.milestones if m.key == "go_live")
    assert live.slip == (116, 116)  # 7 April to 1 August 2012
    assert live.slip_last == (32, 61)  # some day in June to 1 August 2012
    assert [(one.key, one.certain) for one in shown.late] == [("go_live", True)]
    decided = next(m for m in shown.milestones if m.key == "final_decision")
    assert as_object(shown)["milestones"][0]["actual"] == "2011-12"  # type: ignore[index]
    assert decided.slip is None
    assert "final_decision" not in shown.assumed
    assert shown.outcome == ""


def test_york_gardens_stalled_at_shadow_without_a_body() -> None:
    shown = sample("york-gardens-library")
    assert shown.accepted
    assert [s.state for s in shown.states] == ["paused"]
    assert {m.key for m in shown.milestones} == {"idea", "permission_given", "shadow_start"}
    assert [r.about for r in shown.reported] == ["shadow_start"]
    assert not {"registration", "final_decision", "legal_form_choice"} & set(shown.assumed)


def test_assumed_steps_are_everything_behind_what_is_recorded_in_walking_order() -> None:
    pathway = real_pathway()
    for path in SAMPLES.glob("*.yaml"):
        if path.stem == "homeless-health":
            continue
        shown = sample(path.stem)
        done = {pathway.reached_by[m] for m in pathway.reached_by if m.value in {x.key for x in shown.milestones}}
        assert list(shown.assumed) == [key for key in pathway.steps if key in shown.assumed]
        assert not done & set(shown.assumed)


def test_the_printed_object_has_every_part_and_plain_values() -> None:
    said = as_object(sample("suffolk-libraries"))
    assert set(said) == {
        "case", "kind", "form", "form_status", "states", "outcome", "known_until", "milestones", "late",
        "missed_clocks", "missing_evidence", "assumed", "cannot_say", "reported", "refused",
    }  # fmt: skip
    assert said["outcome"] is None
