"""What each role is, for somebody who is asked to take it."""

from collections.abc import Mapping
from dataclasses import dataclass

from mutualflow.domain.keys import Role


@dataclass(frozen=True, slots=True)
class RoleWords:
    """Three sentences or so."""

    decides: str
    not_: str
    first: str


ROLES: Mapping[Role, RoleWords] = {
    Role.STAFF_LEAD: RoleWords(
        "You speak for the group: you answer most questions, send the steps, and invite people of your side.",
        "You cannot approve what you prepared yourself, nor decide for the host or for the staff who vote.",
        "Open “Write down why, and what would be better”.",
    ),
    Role.STAFF_MEMBER: RoleWords(
        "You help to answer, read what is sent, and may put a statement on the record of any step that you see.",
        "You take no decision alone; a vote of the staff is held apart from this site.",
        "Read the home page of the project, and what has been written so far.",
    ),
    Role.HOST_SPONSOR: RoleWords(
        "You speak for the host: you answer what only it knows, take papers to its board and record its decisions.",
        "You do not decide for the board, and somebody of another side checks the minute.",
        "Read what was sent to you; your work page lists what waits.",
    ),
    Role.HOST_BOARD_MEMBER: RoleWords(
        "You record what the host’s board decided, with its minute.",
        "You do not decide alone here: the board does, in its meeting.",
        "Look at the step that is before your board, and the version that it had.",
    ),
    Role.HR_ADVISER: RoleWords(
        "You approve or return what touches the staff: numbers, consultation, the move, terms and policies.",
        "You advise one side only, and you do not say that the law is satisfied.",
        "Your work page lists what waits for your answer, with what changed since the last time.",
    ),
    Role.LEGAL_ADVISER: RoleWords(
        "You approve or return what has legal weight: form, articles, contracts, the award, the move of staff.",
        "You advise one side only. Approving says that you agree to what is listed, not that the law is satisfied.",
        "Your work page lists what waits for your answer, with what changed since the last time.",
    ),
    Role.FINANCE_ADVISER: RoleWords(
        "You approve or return the money: costs, prices, cash, tax and what the host lends or gives.",
        "You advise one side only and decide nothing for its board.",
        "Your work page lists what waits for your answer.",
    ),
    Role.PENSION_ADVISER: RoleWords(
        "You settle with the schemes how pensions go on, and approve or return what is written about them.",
        "You do not give the approvals of a scheme or an actuary: you say where they stand.",
        "Look for the pension steps early: they take longest.",
    ),
    Role.ESTATES_LEAD: RoleWords(
        "You answer for rooms and buildings, and approve or return the terms on which they are used.",
        "You do not sign leases here.",
        "Look at the questions about premises.",
    ),
    Role.INFORMATION_GOVERNANCE_LEAD: RoleWords(
        "You approve or return what is done with records about people.",
        "You do not decide who the controller is: the two bodies do, with your advice.",
        "Look at the step about equality and records.",
    ),
    Role.UNION_REPRESENTATIVE: RoleWords(
        "You see what touches the staff, say what your members say, and may check minutes of the other sides.",
        "You are not asked to agree on behalf of the group or the host.",
        "See on the page “People” who is in the project, and above every box who reads what.",
    ),
    Role.COMMISSIONER: RoleWords(
        "You speak for whoever buys the service: whether and how a contract is awarded.",
        "You see nothing that is kept for the group or the host alone.",
        "Read what was sent to you.",
    ),
    Role.PARTNER_CONTACT: RoleWords(
        "You speak for an organisation that brings rooms, know-how or technology.",
        "You see what is for everybody, and what is for your side.",
        "Read the home page of the project.",
    ),
    Role.NEW_BODY_CHAIR: RoleWords(
        "You lead the board of the new body: you approve its articles and record what it decides.",
        "You do not speak for the staff group as a whole.",
        "Read the business plan and the draft articles.",
    ),
    Role.NEW_BODY_DIRECTOR: RoleWords(
        "You will be responsible for the new body with the other directors.",
        "You decide together in the board, not alone on this site.",
        "Read the draft articles and what directors have to declare.",
    ),
    Role.EXTERNAL_ADVISER: RoleWords(
        "You advise one side and may be asked before something is sent.",
        "You approve only where a step names your role.",
        "Read what your side has written.",
    ),
    Role.SCRUTINEER: RoleWords(
        "You count the vote of the staff and record its result.",
        "You belong to no side, and you see no more than you need.",
        "Look at the step of the staff vote.",
    ),
    Role.PROGRAMME_MANAGER: RoleWords(
        "You see all projects of your programme, confirm the first person of each side and hand over what is stuck.",
        "You answer and approve nothing for a side.",
        "Your overview shows what waits for whom.",
    ),
    Role.ADMINISTRATOR: RoleWords(
        "You look after people, organisations and official texts of this installation.",
        "You see no content of a project unless you hold a role in it.",
        "See who waits for a confirmation.",
    ),
}
