"""Closed lists as people read them on pages, and people and files to choose from."""

from collections.abc import Mapping

from mutualflow.domain.desk import role_words
from mutualflow.domain.keys import Audience
from mutualflow.domain.pathway import Party
from mutualflow.services.looking import Look

OUTCOMES: Mapping[str, str] = {
    "yes": "Yes",
    "yes_subject_to": "Yes, subject to conditions",
    "partly": "Partly, subject to conditions",
    "deferred": "Put off to a later meeting",
    "no": "No",
}
ANSWERS: Mapping[str, str] = {"registered": "Registered", "refused": "Refused"}
AUDIENCES: Mapping[Audience, str] = {
    Audience.EVERYONE: "Everybody in the project",
    Audience.GROUP: "The staff group’s side",
    Audience.HOST: "The host’s side",
    Audience.COMMISSIONER: "The commissioner’s side",
    Audience.UNION: "The union’s side",
    Audience.PARTNER: "The partners’ side",
    Audience.INDEPENDENT: "Independent people",
    Audience.PRIVILEGED_GROUP: "The group’s lawyers and those whom they advise",
    Audience.PRIVILEGED_HOST: "The host’s lawyers and those whom they advise",
    Audience.TRANSFER_LEADS: "Those who lead the staff transfer on both sides",
    Audience.NOT_COMMISSIONER: "Everybody but the commissioner’s side",
}
"""Who may read a thing, as said above every box (who else there is depends on who holds which role)."""


def members(look: Look) -> dict[str, str]:
    """Everybody who holds a role today: key -> name and roles."""
    found: dict[str, list[str]] = {}
    for m in look.formation.members:
        if m.current(look.today) and m.moves:
            found.setdefault(m.person, []).append(role_words(m.role, m.side))
    named = {key: f"{look.name(key)}, {' and '.join(dict.fromkeys(roles))}" for key, roles in found.items()}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def holders(look: Look, party: Party) -> dict[str, str]:
    """Who holds a role today, but the person who looks: key -> name."""
    return {key: look.name(key) for key in look.held_by(party) if key != look.by}


def audiences(look: Look) -> dict[str, str]:
    """For whom she may write: the audiences that she is in herself."""
    return {a.value: AUDIENCES[a] for a in look.audiences}


def files(look: Look, step: str) -> dict[str, str]:
    """Files on a step that she may see: key -> name."""
    return {e.key: e.name for e in look.files(step) if not e.taken_out}
