"""The closed lists of words that code, pathways, files and faces share (more may be added, none renamed)."""

from enum import StrEnum


class Side(StrEnum):
    """For whom somebody acts."""

    GROUP = "group"
    HOST = "host"
    COMMISSIONER = "commissioner"
    UNION = "union"
    PARTNER = "partner"
    INDEPENDENT = "independent"


class Part(StrEnum):
    """What an organisation is in one formation."""

    HOST = "host"
    COMMISSIONER = "commissioner"
    NEW_BODY = "new_body"
    PARTNER = "partner"
    UNION = "union"
    ADVISER_FIRM = "adviser_firm"
    REGULATOR = "regulator"


class OrganisationKind(StrEnum):
    """What kind of organisation it is."""

    COUNCIL = "council"
    NHS_BODY = "nhs_body"
    GOVERNMENT_DEPARTMENT = "government_department"
    FIRE_AUTHORITY = "fire_authority"
    OTHER_PUBLIC_BODY = "other_public_body"
    SCHOOL = "school"
    CHARITY = "charity"
    COMPANY = "company"
    COMMUNITY_GROUP = "community_group"
    NEW_BODY = "new_body"
    PARTNER = "partner"
    UNION = "union"
    ADVISER_FIRM = "adviser_firm"
    REGISTRAR = "registrar"
    REGULATOR = "regulator"


class Role(StrEnum):
    """What somebody does in a formation, a programme or an organisation."""

    STAFF_LEAD = "staff_lead"
    STAFF_MEMBER = "staff_member"
    HOST_SPONSOR = "host_sponsor"
    HOST_BOARD_MEMBER = "host_board_member"
    HR_ADVISER = "hr_adviser"
    LEGAL_ADVISER = "legal_adviser"
    FINANCE_ADVISER = "finance_adviser"
    PENSION_ADVISER = "pension_adviser"
    ESTATES_LEAD = "estates_lead"
    INFORMATION_GOVERNANCE_LEAD = "information_governance_lead"
    UNION_REPRESENTATIVE = "union_representative"
    COMMISSIONER = "commissioner"
    PARTNER_CONTACT = "partner_contact"
    NEW_BODY_CHAIR = "new_body_chair"
    NEW_BODY_DIRECTOR = "new_body_director"
    EXTERNAL_ADVISER = "external_adviser"
    SCRUTINEER = "scrutineer"
    PROGRAMME_MANAGER = "programme_manager"
    ADMINISTRATOR = "administrator"


ADVISER_ROLES = frozenset(
    {Role.HR_ADVISER, Role.LEGAL_ADVISER, Role.FINANCE_ADVISER, Role.PENSION_ADVISER, Role.EXTERNAL_ADVISER}
)


SIDES_OF: dict[Role, tuple[Side, ...]] = {
    Role.STAFF_LEAD: (Side.GROUP,),
    Role.STAFF_MEMBER: (Side.GROUP,),
    Role.NEW_BODY_CHAIR: (Side.GROUP,),
    Role.NEW_BODY_DIRECTOR: (Side.GROUP,),
    Role.HOST_SPONSOR: (Side.HOST,),
    Role.HOST_BOARD_MEMBER: (Side.HOST,),
    Role.UNION_REPRESENTATIVE: (Side.UNION,),
    Role.COMMISSIONER: (Side.COMMISSIONER,),
    Role.PARTNER_CONTACT: (Side.PARTNER,),
    Role.SCRUTINEER: (Side.INDEPENDENT,),
    Role.PROGRAMME_MANAGER: (Side.INDEPENDENT,),
    Role.ADMINISTRATOR: (),
}
"""For which sides a role is given; roles that are not named here (advisers, leads) are given for any."""


class Body(StrEnum):
    """Who decides together."""

    STAFF_GROUP = "staff_group"
    HOST_BOARD = "host_board"
    NEW_BODY_BOARD = "new_body_board"
    FOUNDERS = "founders"
    JOINT_COMMITTEE = "joint_committee"
    PENSION_COMMITTEE = "pension_committee"
    COMMISSIONER_BOARD = "commissioner_board"
    ASSURER = "assurer"
    REGISTRAR = "registrar"
    REGULATOR = "regulator"


class Registrar(StrEnum):
    """Where a formation files."""

    COMPANIES_HOUSE = "companies_house"
    FCA = "fca"
    CHARITY_COMMISSION = "charity_commission"


class Audience(StrEnum):
    """Who in a formation may see a thing."""

    EVERYONE = "everyone"
    GROUP = "group"
    HOST = "host"
    COMMISSIONER = "commissioner"
    UNION = "union"
    PARTNER = "partner"
    INDEPENDENT = "independent"
    PRIVILEGED_GROUP = "privileged_group"
    PRIVILEGED_HOST = "privileged_host"
    TRANSFER_LEADS = "transfer_leads"
    NOT_COMMISSIONER = "not_commissioner"


class Outcome(StrEnum):
    """How a formation ended."""

    FIRST_YEAR_COMPLETE = "first_year_complete"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    HALTED_BY_CHALLENGE = "halted_by_challenge"
    REMAINED_IN_HOUSE = "remained_in_house"
    WOUND_UP = "wound_up"
    MERGED_OR_REFORMED = "merged_or_reformed"


class Milestone(StrEnum):
    """The named dates."""

    IDEA = "idea"
    PERMISSION_SOUGHT = "permission_sought"
    PERMISSION_GIVEN = "permission_given"
    CASE_APPROVED = "case_approved"
    STAFF_VOTE = "staff_vote"
    DECISION_IN_PRINCIPLE = "decision_in_principle"
    FINAL_DECISION = "final_decision"
    CHAIR_APPOINTED = "chair_appointed"
    SHADOW_START = "shadow_start"
    REGISTRATION = "registration"
    CHARITY_REGISTRATION = "charity_registration"
    REGULATOR_REGISTRATION = "regulator_registration"
    CONTRACT_AWARD = "contract_award"
    CONTRACT_SIGNED = "contract_signed"
    PENSION_SECURED = "pension_secured"
    STAFF_TRANSFER = "staff_transfer"
    GO_LIVE = "go_live"
    FIRST_YEAR_REVIEW = "first_year_review"
    CONTRACT_END = "contract_end"


FORMS = {
    "cic_guarantee": "community interest company limited by guarantee",
    "cic_shares": "community interest company limited by shares",
    "cooperative_society": "co-operative society",
    "community_benefit_society": "community benefit society",
    "charitable_company": "charitable company",
    "cio": "charitable incorporated organisation",
    "llp": "limited liability partnership",
    "employee_trust_company": "company owned by an employee trust",
    "joint_venture_company": "joint venture company",
    "contractual_joint_venture": "joint venture by contract",
}

ROUTES = (
    "host_led", "right_to_provide", "community_right_to_challenge", "partners_agreement", "right_to_request",
    "other_programme", "unknown",
)  # fmt: skip
"""How a group came to leave its host, as the file of a history says it."""

NOT_KNOWN = "not_known"
"""The answer 'we do not know': a value, not a blank."""
