"""The checks that many acts share; each refuses with a sentence and who can do it instead."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date

from mutualflow.domain.acts import Act
from mutualflow.domain.desk import Desk, role_words, title, words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import Formation, Life, Status, StepState, Submission
from mutualflow.domain.keys import ADVISER_ROLES, Body, Role, Side
from mutualflow.domain.pathway import Party, Slot, Step, With
from mutualflow.domain.spans import Span
from mutualflow.domain.tri import NO, YES
from mutualflow.domain.words import LONGEST_TEXT, UnfitWords, visible

SPEAKERS: dict[Body, tuple[Party, ...]] = {
    Body.HOST_BOARD: (Party(Role.HOST_SPONSOR, Side.HOST), Party(Role.HOST_BOARD_MEMBER, Side.HOST)),
    Body.STAFF_GROUP: (
        Party(Role.STAFF_LEAD, Side.GROUP),
        Party(Role.STAFF_MEMBER, Side.GROUP),
        Party(Role.SCRUTINEER, Side.INDEPENDENT),
    ),
    Body.FOUNDERS: (
        Party(Role.NEW_BODY_CHAIR, Side.GROUP),
        Party(Role.NEW_BODY_DIRECTOR, Side.GROUP),
        Party(Role.STAFF_LEAD, Side.GROUP),
    ),
    Body.NEW_BODY_BOARD: (
        Party(Role.NEW_BODY_CHAIR, Side.GROUP),
        Party(Role.NEW_BODY_DIRECTOR, Side.GROUP),
        Party(Role.STAFF_LEAD, Side.GROUP),
    ),
    Body.JOINT_COMMITTEE: (Party(Role.HOST_SPONSOR, Side.HOST), Party(Role.NEW_BODY_CHAIR, Side.GROUP)),
    Body.COMMISSIONER_BOARD: (
        Party(Role.COMMISSIONER, Side.COMMISSIONER),
        Party(Role.LEGAL_ADVISER, Side.COMMISSIONER),
    ),
    Body.PENSION_COMMITTEE: (
        Party(Role.PENSION_ADVISER, Side.HOST),
        Party(Role.PENSION_ADVISER, Side.GROUP),
        Party(Role.FINANCE_ADVISER, Side.HOST),
        Party(Role.FINANCE_ADVISER, Side.GROUP),
        Party(Role.HOST_SPONSOR, Side.HOST),
    ),
    Body.ASSURER: (Party(Role.LEGAL_ADVISER, Side.GROUP), Party(Role.NEW_BODY_CHAIR, Side.GROUP)),
    Body.REGULATOR: (Party(Role.LEGAL_ADVISER, Side.GROUP), Party(Role.NEW_BODY_CHAIR, Side.GROUP)),
    Body.REGISTRAR: (Party(Role.LEGAL_ADVISER, Side.GROUP), Party(Role.NEW_BODY_CHAIR, Side.GROUP)),
}
"""Who records for a body (and is reminded for it), model.md 5."""


LONGEST_NAME = 300
"""Of a key, a name or a reference; what people write at length is named in PROSE."""

PROSE = frozenset({"text", "reason", "reasons", "note", "correction", "delegations", "points", "votes"})
JUDGED_APART = frozenset({"value", "values", "documents", "said_then", "begun", "statements"})
"""Answers have sentences of their own (values.py); documents are made by the product; what stands was judged."""


def fit(act: Act) -> None:
    """Refuse words that cannot be kept: too long, or holding what cannot be seen. Before anything else is looked at."""
    for name, text in _words_of(act):
        longest = LONGEST_TEXT if name in PROSE else LONGEST_NAME
        if len(text) > longest:
            raise Refused(
                Refusal.INVALID_VALUE, f"The {words(name)} is longer than {longest:,} characters; shorten it."
            )
        if name not in PROSE and any(sign in text for sign in "\n\r\t"):
            raise Refused(Refusal.INVALID_VALUE, f"The {words(name)} stands on one line.")
        try:
            visible(text)
        except UnfitWords as error:
            raise Refused(Refusal.INVALID_VALUE, f"The {words(name)} {error}.") from None


def _words_of(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text that a person brings with an act, with the field it stands in."""
    if isinstance(value, str):
        yield name, str(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _words_of(one, name)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _words_of(key, name)
            yield from _words_of(one, name)
    elif is_dataclass(value):
        for field in fields(value):
            inside = getattr(value, field.name)
            if field.name not in JUDGED_APART:
                yield from _words_of(inside, field.name)
            elif field.name == "values":
                yield from _words_of(tuple(inside), "column")


def not_to_come(desk: Desk, day: Span | None, what: str) -> None:
    """Refuse a day that has not been: what is recorded has happened."""
    if day is not None and day.earliest is not None and day.earliest > desk.today:
        raise Refused(Refusal.INVALID_VALUE, f"{what} cannot be recorded before the day on which it happens.")


def not_ended(desk: Desk) -> None:
    """An ended formation is read-only but for notes."""
    if desk.f.state.life is Life.ENDED:
        raise Refused(Refusal.ENDED, "This formation has ended. Its record can be read, and notes can be added.")


def fresh(act: Act, revision: int, what: str) -> None:
    """Refuse an act on something that has moved on since the person read it."""
    if act.seen is not None and act.seen != revision:
        raise Refused(
            Refusal.STALE,
            f"Somebody has changed {what} since you read it (you read revision {act.seen}, it is now {revision}). "
            "Look at it again, then act.",
        )


def just_done(desk: Desk, step: Step, kind: str, text: str = "") -> bool:
    """Was this act, with these words, the last thing that happened to the step, and hers? Then it was sent twice."""
    last = desk.lately(step.key)
    return last is not None and (last.kind, last.by, last.text) == (kind, desk.by, text)


def comes_along(desk: Desk, step: Step, key: str, comes_with: With) -> bool:
    """Is it a file of this step that came with such an act, and is it still there?"""
    file = desk.f.evidence.get(key)
    return file is not None and (file.step, file.comes_with, file.taken_out) == (step.key, comes_with, 0)


def nothing_sent(desk: Desk, step: Step, doing: str) -> None:
    """Refuse while what was put forward lies with a register: it is on its way, whatever happens here."""
    filing, submission = desk.f.filings.get(step.key), desk.f.submissions.get(step.key)
    if filing is not None and not filing.answer and submission is not None and filing.event > submission.event:
        raise Refused(
            Refusal.WRONG_STATUS,
            f"You cannot {doing} {title(desk.pathway, step.key)} now: it has been sent to the register. Record its "
            "answer first.",
        )


def permitted(desk: Desk, parties: Iterable[Party], doing: str) -> None:
    """Refuse whoever holds none of the roles."""
    wanted = tuple(parties)
    if not desk.holds_any(wanted):
        who = " or ".join(dict.fromkeys(role_words(p.role, p.side) for p in wanted))
        raise Refused(Refusal.NOT_PERMITTED, f"You cannot {doing}: that is for the {who}.", who_can=who)


def status_in(desk: Desk, step: Step, allowed: tuple[Status, ...], doing: str) -> StepState:
    """Refuse an act that does not fit the step's status."""
    state = desk.f.steps[step.key]
    if state.status not in allowed:
        raise Refused(
            Refusal.WRONG_STATUS,
            f"You cannot {doing} {title(desk.pathway, step.key)} now: it is {words(state.status.value)}.",
        )
    return state


def not_frozen(desk: Desk, step: Step) -> None:
    """Nothing of an approved irrevocable step changes: it has been filed, signed or transferred."""
    if step.irrevocable and desk.f.steps[step.key].status is Status.APPROVED:
        raise Refused(
            Refusal.FROZEN,
            f"{title(desk.pathway, step.key)} has been filed, signed or carried out and stands as it is. "
            "What was wrong is corrected by its put-right step.",
        )


def applies_surely(desk: Desk, step: Step) -> None:
    """Refuse while it is open whether the step is needed, or when it is not."""
    truth = desk.reading.applies(step.key)
    if truth is NO:
        raise Refused(Refusal.WRONG_STATUS, f"{title(desk.pathway, step.key)} is not needed here.")
    if truth is not YES:
        raise Refused(
            Refusal.MAYBE,
            f"It is not known yet whether {title(desk.pathway, step.key)} is needed. Ask “why” for what to answer.",
        )


def may_apply(desk: Desk, step: Step) -> None:
    """Refuse only where the step is surely not needed."""
    if desk.reading.applies(step.key) is NO:
        raise Refused(Refusal.WRONG_STATUS, f"{title(desk.pathway, step.key)} is not needed here.")


def waits_for_nothing(desk: Desk, step: Step, doing: str) -> None:
    """Refuse while requirements are unfinished."""
    desk.settle()
    waits = desk.f.steps[step.key].waits_for
    if waits:
        names = ", ".join(title(desk.pathway, key) for key in waits[:4])
        more = f" and {len(waits) - 4} more" if len(waits) > 4 else ""
        raise Refused(Refusal.WAITS, f"You cannot {doing} {title(desk.pathway, step.key)} yet: first {names}{more}.")


def reason_given(reason: str, doing: str) -> None:
    """Refuse an act that needs a reason and has none."""
    if not reason.strip():
        raise Refused(Refusal.MISSING, f"Give a reason when you {doing}.")


def prepared(submission: Submission, person: str) -> bool:
    """Did somebody put it forward, answer a question of its step or attach a file to it?"""
    return person in (submission.by, *submission.answered_by, *submission.attached_by)


def speaker_sides(slot: Slot) -> frozenset[Side]:
    """The sides whose people speak for a slot's body, or hold its role."""
    return frozenset(party.side for party in slot_parties(slot) if party.side is not None)


def recorder_sides(formation: Formation, slot: Slot, recorder: str, today: date) -> frozenset[Side]:
    """The sides for which somebody recorded a body's decision: those of hers that speak for it, else all of hers.

    Whoever checks the minute acts for another one.
    """
    held = frozenset(m.side for m in formation.members if m.person == recorder and m.current(today))
    return held & speaker_sides(slot) or held


def four_eyes(desk: Desk, submission: Submission, doing: str) -> None:
    """Nobody answers a submission of her own, or one whose questions she answered or files she attached."""
    why = ""
    if submission.by == desk.by:
        why = "you put it forward"
    elif desk.by in submission.answered_by:
        why = "you answered a question of this step"
    elif desk.by in submission.attached_by:
        why = "you attached a file to this step"
    if why:
        raise Refused(Refusal.FOUR_EYES, f"You cannot {doing}: {why}. Somebody else has to look at it.")


def one_side(desk: Desk, slot: Slot) -> None:
    """An adviser never acts for both sides."""
    if slot.role in ADVISER_ROLES:
        sides = {
            m.side for m in desk.f.members if m.person == desk.by and m.role is slot.role and m.current(desk.today)
        }
        if len(sides) > 1:
            raise Refused(
                Refusal.NOT_PERMITTED, f"You advise both sides as {words(slot.role.value)}; an adviser acts for one."
            )


def slot_parties(slot: Slot) -> tuple[Party, ...]:
    """Who may answer a slot, or speak for its body."""
    if slot.body is not None:
        return SPEAKERS[slot.body]
    if slot.role is None or slot.side is None:
        return ()
    return (Party(slot.role, slot.side),)


def for_organisation(desk: Desk, parties: tuple[Party, ...], organisation: str) -> bool:
    """Does the person hold one of the roles for that organisation ('' = any)?"""
    return any(
        m.role is p.role and m.side is p.side and organisation in ("", m.organisation)
        for m in desk.roles()
        for p in parties
    )
