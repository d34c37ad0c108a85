"""Roles: given on the same side, confirmed for the first of another side, ended with a successor; absence."""

from dataclasses import replace

from mutualflow.domain.acts import BeAway, ConfirmRole, EndRole, GiveRole
from mutualflow.domain.checks import not_ended
from mutualflow.domain.desk import Desk, role_words, words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import FINISHED, Absence, Membership
from mutualflow.domain.keys import ADVISER_ROLES, SIDES_OF, Role, Side
from mutualflow.domain.tri import NO

NOBODY_YET = "nobody yet"


def give_role(desk: Desk, act: GiveRole) -> None:
    """Give a role on one's own side; the first person of another side waits for confirmation.

    A programme manager or administrator who invites confirms by it: she is of neither side.
    """
    check_fits(act.role, act.side)
    not_ended(desk)
    if act.role is Role.ADMINISTRATOR:
        raise Refused(Refusal.NOT_PERMITTED, "An administrator is named for the installation, not for one formation.")
    held = [m for m in desk.f.members if m.person == act.person and m.current(desk.today)]
    if any((m.role, m.side, m.organisation) == (act.role, act.side, act.organisation) for m in held):
        return
    _for_one_side(desk, act.person, act.role, act.side)
    overseeing = desk.has_role(Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR)
    if act.role is Role.PROGRAMME_MANAGER and not overseeing:
        raise Refused(
            Refusal.NOT_PERMITTED,
            "A programme manager is named by a programme manager or an administrator.",
            who_can="programme manager or administrator",
        )
    same_side = desk.on_side(act.side)
    first = not any(m.side is act.side and m.current(desk.today) for m in desk.f.members)
    if not same_side:
        may_invite = overseeing or desk.has_role(Role.STAFF_LEAD)
        if not (first and may_invite):
            raise Refused(
                Refusal.NOT_PERMITTED,
                f"A role for the {words(act.side.value)} is given by somebody of that side.",
                who_can=f"anybody of the {words(act.side.value)}",
            )
    confirmed = desk.by if same_side or overseeing else ""
    desk.event(
        "give_role",
        {
            "person": act.person,
            "role": act.role.value,
            "side": act.side.value,
            "organisation": act.organisation,
            "confirmed": bool(confirmed),
        },
    )
    member = Membership(
        person=act.person,
        role=act.role,
        side=act.side,
        since=desk.today,
        organisation=act.organisation,
        invited_by=desk.by,
        confirmed_by=confirmed,
    )
    desk.put(members=(*desk.f.members, member))


def check_fits(role: Role, side: Side) -> None:
    """Refuse a role for a side for which nobody holds it: no host sponsor of the group."""
    sides = SIDES_OF.get(role, tuple(Side))
    if side not in sides and role is not Role.ADMINISTRATOR:
        allowed = " or ".join(words(s.value) for s in sides)
        raise Refused(
            Refusal.INVALID_VALUE, f"A {words(role.value)} acts for the side {allowed}, not for {words(side.value)}."
        )


def _for_one_side(desk: Desk, person: str, role: Role, side: Side) -> None:
    """An adviser advises one side, however she came to the role."""
    held = (m for m in desk.f.members if m.person == person and m.role is role and m.current(desk.today))
    if role in ADVISER_ROLES and any(m.side is not side for m in held):
        raise Refused(
            Refusal.NOT_PERMITTED,
            f"“{person}” already advises another side as {words(role.value)}; an adviser acts for one.",
        )


def confirm_role(desk: Desk, act: ConfirmRole) -> None:
    """A programme manager or administrator confirms the first person of a side."""
    found = [m for m in desk.f.members if m.person == act.person and m.role is act.role and m.current(desk.today)]
    found.sort(key=lambda m: bool(m.confirmed_by))
    if not found:
        raise Refused(Refusal.UNKNOWN_KEY, f"“{act.person}” is not {words(act.role.value)} here.")
    not_ended(desk)
    if found[0].invited_by == desk.by and found[0].side is not Side.GROUP and not found[0].confirmed_by:
        raise Refused(Refusal.FOUR_EYES, "Whoever invited a person does not confirm her.")
    if not desk.has_role(Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR):
        raise Refused(
            Refusal.NOT_PERMITTED,
            "Roles of other sides are confirmed by the programme manager or an administrator.",
            who_can="programme manager or administrator",
        )
    if found[0].confirmed_by:
        return
    desk.event("confirm_role", {"person": act.person, "role": act.role.value, "side": found[0].side.value})
    desk.put(members=tuple(replace(m, confirmed_by=desk.by) if m is found[0] else m for m in desk.f.members))


def end_role(desk: Desk, act: EndRole) -> None:
    """End a role: oneself, the same side, or an administrator; a needed role's last holder names who follows."""
    found = [m for m in desk.f.members if m.person == act.person and m.role is act.role and m.current(desk.today)]
    if not found and _ended_already(desk, act):
        return
    if not found:
        raise Refused(Refusal.UNKNOWN_KEY, f"“{act.person}” is not {words(act.role.value)} here.")
    not_ended(desk)
    member = found[0]
    if desk.by != act.person and not desk.on_side(member.side) and not desk.has_role(Role.ADMINISTRATOR):
        raise Refused(
            Refusal.NOT_PERMITTED, "A role is ended by its holder, somebody of the same side, or an administrator."
        )
    others = [p for p in desk.holders(act.role, member.side) if p != act.person]
    if not others and needed(desk, act.role, member.side) and act.successor in ("", act.person):
        raise Refused(
            Refusal.MISSING,
            f"“{act.person}” is the last {role_words(act.role, member.side)}, and that role is still needed. "
            f"Name who follows, or say “{NOBODY_YET}”.",
        )
    if act.successor not in ("", NOBODY_YET):
        _for_one_side(desk, act.successor, act.role, member.side)
    desk.event(
        "end_role",
        {"person": act.person, "role": act.role.value, "side": member.side.value, "successor": act.successor},
    )
    members = [replace(m, until=desk.today) if m is member else m for m in desk.f.members]
    if act.successor and act.successor != NOBODY_YET and act.successor not in others:
        members.append(
            replace(
                member,
                person=act.successor,
                since=desk.today,
                until=None,
                invited_by=desk.by,
                confirmed_by=member.confirmed_by and desk.by,
                id=0,
            )
        )
    desk.put(members=tuple(members))
    for key, state in desk.f.steps.items():
        owner = desk.pathway.steps[key].owner
        if state.assignee == act.person and (owner.role, owner.side) == (act.role, member.side):
            heir = act.successor if act.successor != NOBODY_YET else ""
            desk.put_step(key, assignee=heir or (others[0] if others else ""))


def _ended_already(desk: Desk, act: EndRole) -> bool:
    """The role ended today, with that successor, and whoever asks might have ended it: it was sent twice."""
    ended = [m for m in desk.f.members if (m.person, m.role, m.until) == (act.person, act.role, desk.today)]
    allowed = desk.by == act.person or desk.on_side(*(m.side for m in ended)) or desk.has_role(Role.ADMINISTRATOR)
    followed = act.successor in ("", NOBODY_YET) or any(
        m.person == act.successor and m.role is act.role and m.current(desk.today) for m in desk.f.members
    )
    return bool(ended) and allowed and followed


def needed(desk: Desk, role: Role, side: Side) -> bool:
    """Does an unfinished step that applies or may want this role?"""
    for key, state in desk.f.steps.items():
        step = desk.pathway.steps[key]
        if state.status in FINISHED or step.puts_right or desk.reading.applies(key) is NO:
            continue
        wanted = [
            (step.owner.role, step.owner.side),
            *((s.role, s.side) for s in step.slots if desk.reading.holds(s.when) is not NO),
        ]
        if (role, side) in wanted:
            return True
    return False


def be_away(desk: Desk, act: BeAway) -> None:
    """Say that one is away; the stand-in holds one of the same roles."""
    if act.until <= act.since:
        raise Refused(Refusal.INVALID_VALUE, "The first day back comes after the first day away.")
    mine = {(m.role, m.side) for m in desk.roles()}
    if (
        act.stand_in
        and mine
        and not any(
            m.person == act.stand_in and (m.role, m.side) in mine and m.current(desk.today) for m in desk.f.members
        )
    ):
        raise Refused(Refusal.INVALID_VALUE, f"“{act.stand_in}” holds none of your roles, so cannot stand in.")
    not_ended(desk)
    if not mine:
        raise Refused(Refusal.NOT_PERMITTED, "You have no role in this formation.")
    absence = Absence(desk.by, act.since, act.until, act.stand_in)
    if absence in {replace(a, id=0) for a in desk.f.absences}:
        return
    desk.event("be_away", {"since": act.since.isoformat(), "until": act.until.isoformat(), "stand_in": act.stand_in})
    desk.put(absences=(*desk.f.absences, absence))
