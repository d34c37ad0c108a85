"""Files: attached to a step, taken out, and versions of documents that are kept."""

import re
from dataclasses import replace

from mutualflow.domain.acts import Attach, KeepVersion, TakeOut
from mutualflow.domain.checks import SPEAKERS, fresh, not_ended, not_frozen, permitted, reason_given
from mutualflow.domain.desk import Desk, title
from mutualflow.domain.effect import take_back
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Evidence, Status, TaskState
from mutualflow.domain.keys import Audience, Body
from mutualflow.domain.pathway import Party, Step, With
from mutualflow.domain.submitting import documents_wanted

FILE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def attach(desk: Desk, act: Attach) -> None:
    """Attach a file; a minute, signed letter or certificate may come at any status and is not material."""
    step = desk.step(act.step)
    brought = next((b for b in step.brings if b.evidence == act.evidence), None)
    if act.evidence and brought is None:
        asked = ", ".join(b.evidence for b in step.brings) or "no file"
        raise Refused(Refusal.UNKNOWN_KEY, f"{title(desk.pathway, step.key)} asks for {asked}, not “{act.evidence}”.")
    if not FILE_KEY.fullmatch(act.key):
        raise Refused(
            Refusal.INVALID_VALUE, f"{act.key[:60]!r} cannot name a file: use letters, digits, dots and dashes."
        )
    if not SHA256.fullmatch(act.sha256):
        raise Refused(Refusal.INVALID_VALUE, "A file is attached with the SHA-256 of its bytes.")
    if act.comes_with not in set(With):
        raise Refused(Refusal.INVALID_VALUE, f"A file comes with {', '.join(With)}, not {act.comes_with[:40]!r}.")
    old = desk.f.evidence.get(act.key)
    if old is not None:
        again = (act.sha256, step.key, desk.by, act.valid_until)
        if (old.sha256, old.step, old.by, old.valid_until) == again and not old.taken_out:
            return
        raise Refused(Refusal.INVALID_VALUE, f"There is already a file “{act.key}”; choose another key.")
    not_ended(desk)
    comes_with = brought.comes_with.value if brought else act.comes_with
    state = desk.f.steps[step.key]
    fresh(act, state.revision, title(desk.pathway, step.key))
    permitted(desk, _may_attach(step, comes_with), f"attach a file to {title(desk.pathway, step.key)}")
    _comes_with_something(desk, step, comes_with)
    if comes_with == With.SUBMIT and state.status not in (Status.OPEN, Status.IN_HAND):
        raise Refused(
            Refusal.WRONG_STATUS, "What has been put forward is fixed; take it back or ask for it to be returned."
        )
    audience = brought.audience if brought else Audience.EVERYONE
    said = {"step": step.key, "key": act.key, "evidence": act.evidence, "sha256": act.sha256, "with": comes_with}
    valid = {"valid_until": act.valid_until.isoformat()} if act.valid_until else {}
    number = desk.event("attach", {**said, **valid}, audience=audience)
    evidence = Evidence(
        key=act.key,
        step=step.key,
        evidence=act.evidence,
        sha256=act.sha256,
        name=act.name or act.key,
        by=desk.by,
        event=number,
        comes_with=comes_with,
        catalogue=brought.catalogue if brought else "",
        audience=audience,
        valid_until=act.valid_until,
    )
    desk.put(evidence={**desk.f.evidence, act.key: evidence})
    if comes_with == With.SUBMIT and state.status is Status.OPEN:
        desk.put_step(step.key, status=Status.IN_HAND, assignee=state.assignee or desk.by)


def _comes_with_something(desk: Desk, step: Step, comes_with: str) -> None:
    """A minute comes where a body decides, a certificate where a register answers.

    What shows that an approver's condition is met comes like a minute while her task is open. Anywhere else it would be
    a file that is neither fixed with what was put forward nor counted against who attached it.
    """
    decided = any(s.body not in (None, Body.REGISTRAR) for s in step.slots)
    asked_for = any(t.step == step.key and t.slot and t.state is TaskState.OPEN for t in desk.f.tasks.values())
    if comes_with == With.RECORD_DECISION and not (decided or asked_for):
        raise Refused(
            Refusal.WRONG_STATUS,
            f"No body decides {title(desk.pathway, step.key)}, so no minute comes with it. Attach the file while the "
            "step is worked on, before it is put forward.",
        )
    if comes_with == With.RECORD_ANSWER and step.files is None:
        raise Refused(
            Refusal.WRONG_STATUS, f"{title(desk.pathway, step.key)} files nothing, so no register's answer comes to it."
        )


def take_out(desk: Desk, act: TakeOut) -> None:
    """Take out a wrong file; where it had been put forward the step goes back in hand, or opens again."""
    step = desk.step(act.step)
    evidence = desk.f.evidence.get(act.key)
    if evidence is None or evidence.step != step.key:
        raise Refused(Refusal.UNKNOWN_KEY, f"{title(desk.pathway, step.key)} has no file “{act.key}”.")
    not_ended(desk)
    state = desk.f.steps[step.key]
    again = bool(evidence.taken_out)
    if not again:
        fresh(act, state.revision, title(desk.pathway, step.key))
    permitted(desk, _may_attach(step, evidence.comes_with), f"take a file out of {title(desk.pathway, step.key)}")
    if again:
        return
    not_frozen(desk, step)
    reason_given(act.reason, "take a file out")
    material = evidence.comes_with == With.SUBMIT
    if material and state.status is Status.APPROVED and desk.f.launched and step.stage != "sustain":
        raise Refused(Refusal.FROZEN, "After the launch nothing before it is opened again; lay a task instead.")
    if material and state.status is Status.APPROVED and step.gate and step.key not in act.confirm:
        raise Refused(
            Refusal.NEEDS_CONFIRMATION,
            f"This would reopen {title(desk.pathway, step.key)}. Say so by name if that is meant.",
        )
    number = desk.event(
        "take_out",
        {"step": step.key, "key": act.key, "sha256": evidence.sha256},
        text=act.reason,
        audience=evidence.audience,
    )
    desk.put(evidence={**desk.f.evidence, act.key: replace(evidence, taken_out=number)})
    if material and state.status is Status.SUBMITTED:
        take_back(desk, step.key, "effect_taken_back")
    elif material and state.status is Status.APPROVED:
        desk.move(step.key, Status.OPEN, cause="effect_reopened", done_at=0, confirmed_at=0)


def keep_version(desk: Desk, act: KeepVersion) -> None:
    """Keep a version of a document with its blanks."""
    step = desk.step(act.step)
    if all(p.document != act.document.document for p in step.produces):
        raise Refused(
            Refusal.UNKNOWN_KEY, f"{title(desk.pathway, step.key)} does not produce “{act.document.document}”."
        )
    not_ended(desk)
    fresh(act, desk.f.steps[step.key].revision, title(desk.pathway, step.key))
    permitted(desk, _may_attach(step, With.RECORD_DECISION), f"keep a version for {title(desk.pathway, step.key)}")
    if all(p.document != act.document.document for p in documents_wanted(desk, step)):
        raise Refused(
            Refusal.WRONG_STATUS,
            f"{title(desk.pathway, step.key)} does not print “{act.document.document}” in this formation as it stands.",
        )
    desk.event(
        "keep_version",
        {
            "step": step.key,
            "document": act.document.document,
            "number": act.document.number,
            "sha256": act.document.sha256,
        },
        audience=act.document_audience,
    )


def _may_attach(step: Step, comes_with: str) -> tuple[Party, ...]:
    """Owner and helpers; what comes with a decision or answer also whoever speaks for a body of the step."""
    parties = (step.owner, *step.helpers)
    if comes_with == With.SUBMIT:
        return parties
    return (*parties, *(p for slot in step.slots if slot.body for p in SPEAKERS[slot.body]))
