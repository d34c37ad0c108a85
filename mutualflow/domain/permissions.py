"""Who may see what: audience by side and role, one table for every kind of thing.

An audience is a class on every question, file, document, note and event text (model.md 1). Whoever has no current
role in a formation sees nothing of it; faces answer "not found", never "forbidden".
"""

from collections.abc import Iterable
from functools import cache

from mutualflow.domain.formation import Membership
from mutualflow.domain.keys import Audience, Role, Side

TRANSFER_LEADS = frozenset(
    {Role.HR_ADVISER, Role.LEGAL_ADVISER, Role.PENSION_ADVISER, Role.NEW_BODY_CHAIR, Role.HOST_SPONSOR}
)
"""Who handles staff data for the transfer, of the group's and the host's side."""

PRIVILEGED = frozenset({Role.LEGAL_ADVISER, Role.STAFF_LEAD, Role.NEW_BODY_CHAIR, Role.HOST_SPONSOR})
"""Who reads legal advice given to their own side."""

OF_SIDE = {
    Audience.GROUP: Side.GROUP,
    Audience.HOST: Side.HOST,
    Audience.COMMISSIONER: Side.COMMISSIONER,
    Audience.UNION: Side.UNION,
    Audience.PARTNER: Side.PARTNER,
    Audience.INDEPENDENT: Side.INDEPENDENT,
}


def sees(memberships: Iterable[Membership], audience: Audience) -> bool:
    """May somebody in these roles see what is for this audience? Unconfirmed members see what is for everyone."""
    return any(_member_sees(member, audience) for member in memberships)


def _member_sees(member: Membership, audience: Audience) -> bool:
    if audience is Audience.EVERYONE:
        return True
    return member.moves and _party_sees(member.side, member.role, audience)


def _party_sees(side: Side, role: Role, audience: Audience) -> bool:
    if audience in OF_SIDE:
        return side is OF_SIDE[audience]
    match audience:
        case Audience.EVERYONE:
            return True
        case Audience.PRIVILEGED_GROUP:
            return side is Side.GROUP and role in PRIVILEGED
        case Audience.PRIVILEGED_HOST:
            return side is Side.HOST and role in PRIVILEGED
        case Audience.TRANSFER_LEADS:
            return side in (Side.GROUP, Side.HOST) and role in TRANSFER_LEADS
        case Audience.NOT_COMMISSIONER:
            return side is not Side.COMMISSIONER
        case _:
            return False


@cache
def readers(audience: Audience) -> frozenset[tuple[Side, Role]]:
    """Every pair of side and role that sees what is for this audience, confirmed members all."""
    return frozenset((side, role) for side in Side for role in Role if _party_sees(side, role, audience))
