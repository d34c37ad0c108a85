"""All tables. Rows marked "added" are only ever added: triggers refuse to change or delete them."""

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from mutualflow.domain import formation as f
from mutualflow.domain.keys import Audience, Milestone, OrganisationKind, Outcome, Part, Role, Side
from mutualflow.domain.tri import Tri
from mutualflow.storage.columns import UtcDateTime, one_of, person, words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _formation(*, key: bool = True) -> Column[int]:
    return Column("formation_id", Integer, ForeignKey("formation.id"), primary_key=key, nullable=False)


organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    words("name"),
    words("kind"),
    words("nation"),
    one_of("kind", OrganisationKind),
)

organisation_fact = Table(  # added
    "organisation_fact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", Integer, ForeignKey("organisation.id"), nullable=False),
    words("key"),
    words("value"),
    words("source"),
    Column("in_force_from", Date),
    Column("in_force_to", Date),
    Column("recorded_at", UtcDateTime, nullable=False),
)

programme = Table(
    "programme",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    words("name"),
    Column("organisation_id", Integer, ForeignKey("organisation.id")),
)

person_row = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    words("name"),
    words("email"),
    words("phone"),
    words("nation"),
    words("time_zone"),
    Column("status", Text, nullable=False, server_default="active"),
)

release = Table(
    "release",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)

rulebook = Table(
    "rulebook",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
)

formation = Table(
    "formation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    words("name"),
    words("kind"),
    Column("release", Text, ForeignKey("release.sha256"), nullable=False),
    Column("programme_id", Integer, ForeignKey("programme.id"), index=True),
    Column("follows", Integer, ForeignKey("formation.id")),
    Column("version", Integer, nullable=False),
    Column("head", Text, nullable=False),
    Column("events", Integer, nullable=False),
    words("life"),
    Column("life_since", Date, nullable=False),
    words("life_reason"),
    words("life_where"),
    Column("review_on", Date),
    words("outcome"),
    Column("next_due_on", Date, index=True),
    Column("rulebook", Text),
    Column("law_told_to", Date),  # changes of law up to this day have been told
    one_of("kind", f.Kind),
    one_of("life", f.Life),
    one_of("outcome", Outcome),
)

formation_state = Table(  # added
    "formation_state",
    metadata,
    Column("id", Integer, primary_key=True),
    _formation(key=False),
    words("life"),
    Column("since", Date, nullable=False),
    words("reason"),
    words("place"),
    Column("review_on", Date),
    words("outcome"),
    Column("event", Integer, nullable=False),
    Index("ix_formation_state_formation", "formation_id"),
)

party = Table(
    "party",
    metadata,
    _formation(),
    Column("organisation_id", Integer, ForeignKey("organisation.id"), primary_key=True),
    Column("part", Text, primary_key=True),
    one_of("part", Part),
)

membership = Table(
    "membership",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("formation_id", Integer, ForeignKey("formation.id"), index=True),
    Column("programme_id", Integer, ForeignKey("programme.id"), index=True),
    Column("organisation_id", Integer, ForeignKey("organisation.id")),
    person("person"),
    words("role"),
    words("side"),
    words("organisation"),
    Column("since", Date, nullable=False),
    Column("until", Date),
    person("invited_by"),
    person("confirmed_by"),
    one_of("role", Role),
    one_of("side", Side),
    Index("ix_membership_person_role", "person", "role", "side"),
)

absence = Table(
    "absence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("formation_id", Integer, ForeignKey("formation.id"), index=True),
    person("person"),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    person("stand_in"),
    Index("ix_absence_stand_in", "stand_in"),
)

step = Table(
    "step",
    metadata,
    _formation(),
    words("key", key=True),
    Column("status", Text, nullable=False),
    Column("done_at", Integer, nullable=False),
    Column("confirmed_at", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    person("assignee"),
    Column("due_on", Date),
    Column("waiting_since", Date),
    Column("applies", Text, nullable=False),
    words("waits_for"),
    Column("overtaken", Boolean(create_constraint=False), nullable=False),
    one_of("status", f.Status),
    one_of("applies", Tri),
)

fact = Table(  # added
    "fact",
    metadata,
    Column("id", Integer, primary_key=True),
    _formation(key=False),
    words("key"),
    words("subject"),
    Column("value", Text, nullable=False),
    Column("salt", Text, nullable=False),
    words("unit"),
    words("source"),
    person("by"),
    words("said_on"),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("event", Integer, nullable=False),
    one_of("source", f.FactSource),
    UniqueConstraint("formation_id", "event", "key", "subject"),
)

answer = Table(
    "answer",
    metadata,
    _formation(),
    words("key", key=True),
    words("subject", key=True),
    Column("fact_event", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    words("meaning"),
    ForeignKeyConstraint(
        ["formation_id", "fact_event", "key", "subject"],
        ["fact.formation_id", "fact.event", "fact.key", "fact.subject"],
    ),
)

record_row = Table(
    "record_row",
    metadata,
    _formation(),
    words("list", key=True),
    words("key", key=True),
    Column("event", Integer, nullable=False),
    Column("retired", Integer, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("sha256", Text, primary_key=True),
    words("name"),
    words("type"),
    Column("size", Integer, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    Column("destroyed_at", UtcDateTime),
)

evidence_use = Table(
    "evidence_use",
    metadata,
    _formation(),
    words("key", key=True),
    words("step"),
    words("evidence"),
    Column("sha256", Text, ForeignKey("evidence.sha256"), nullable=False),
    words("name"),
    words("catalogue"),
    words("comes_with"),
    words("audience"),
    person("by"),
    Column("event", Integer, nullable=False),
    Column("taken_out", Integer, nullable=False),
    Column("valid_until", Date),
    one_of("audience", Audience),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    _formation(key=False),
    words("key"),
    words("catalogue"),
    Column("number", Text, nullable=False, unique=True),
    words("step"),
    Column("round", Integer, nullable=False),
    Column("model", Text, nullable=False),
    Column("paper", Text),  # the page to print; gone once it is printed
    Column("sha256", Text, nullable=False),
    words("clauses"),
    words("facts"),
    Column("blanks", Integer, nullable=False),
    Column("gaps", Integer, nullable=False),
    Column("pdf_sha256", Text),
    Column("state", Text, nullable=False),
    words("audience"),
    Column("kept_on", Date, nullable=False),
    Column("lease_until", UtcDateTime),
    Index("ix_document_formation_step", "formation_id", "step"),
)

prescribed_text = Table(  # added
    "prescribed_text",
    metadata,
    Column("id", Integer, primary_key=True),
    words("key"),
    Column("text", Text, nullable=False),
    words("official_source"),
    Column("loaded_by", Text, nullable=False),
    Column("loaded_at", UtcDateTime, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("sample", Boolean(create_constraint=False), nullable=False),
)

submission = Table(  # added
    "submission",
    metadata,
    _formation(),
    words("step", key=True),
    Column("round", Integer, primary_key=True),
    words("basis"),
    Column("material", Text, nullable=False),
    words("documents"),
    words("evidence"),
    Column("sha256", Text, nullable=False),
    person("by"),
    Column("event", Integer, nullable=False),
    Column("on_day", Date, nullable=False),
    words("answered_by"),
    words("attached_by"),
    words("statements"),
    one_of("basis", f.Basis),
)

approval = Table(
    "approval",
    metadata,
    _formation(),
    words("step", key=True),
    Column("round", Integer, primary_key=True),
    words("slot", key=True),
    words("organisation", key=True),
    words("state"),
    person("taken_by"),
    person("by"),
    words("capacity"),
    Column("decided_from", Date),
    Column("decided_to", Date),
    Column("event", Integer, nullable=False),
    words("note"),
    words("points"),
    one_of("state", f.SlotState),
)

decision = Table(
    "decision",
    metadata,
    _formation(),
    Column("event", Integer, primary_key=True),
    words("step"),
    Column("round", Integer, nullable=False),
    words("slot"),
    words("organisation"),
    words("body"),
    words("outcome"),
    Column("decided_from", Date),
    Column("decided_to", Date),
    words("minute"),
    person("recorded_by"),
    words("votes"),
    Column("next_on", Date),
    words("version"),
    words("delegations"),
    words("reason"),
    words("conditions"),
    person("checked_by"),
    Column("kept", Boolean(create_constraint=False), nullable=False),
    one_of("outcome", f.DecisionOutcome),
    Index("ix_decision_formation_step", "formation_id", "step", "round"),
)

filing = Table(
    "filing",
    metadata,
    _formation(),
    words("step", key=True),
    Column("attempt", Integer, primary_key=True),
    words("registrar"),
    Column("sent_on", Date, nullable=False),
    words("reference"),
    Column("fee", Numeric(12, 2)),
    words("fee_rule"),
    person("by"),
    Column("event", Integer, nullable=False),
    words("answer"),
    Column("answered_on", Date),
    words("reasons"),
    words("certificate"),
)

task = Table(
    "task",
    metadata,
    _formation(),
    words("key", key=True),
    words("title"),
    person("owner"),
    Column("due_on", Date),
    words("origin"),
    person("laid_by"),
    Column("event", Integer, nullable=False),
    words("holds"),
    words("holds_key"),
    words("step"),
    words("slot"),
    words("organisation"),
    words("state"),
    words("evidence"),
    one_of("origin", f.TaskOrigin),
    one_of("holds", f.Holds),
    one_of("state", f.TaskState),
)

milestone_date = Table(  # added
    "milestone_date",
    metadata,
    Column("id", Integer, primary_key=True),
    _formation(key=False),
    words("milestone"),
    words("kind"),
    Column("earliest", Date),
    Column("latest", Date),
    Column("optimistic", Date),
    Column("pessimistic", Date),
    person("by"),
    words("said_on"),
    words("why"),
    words("source"),
    Column("event", Integer, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    one_of("milestone", Milestone),
    one_of("kind", f.DateKind),
    Index("ix_milestone_date_series", "formation_id", "milestone", "kind", "id"),
)

clock = Table(
    "clock",
    metadata,
    _formation(),
    words("rule", key=True),
    words("step", key=True),
    words("version"),
    words("counts_from"),
    Column("legal_on", Date),
    Column("advisory_on", Date),
    words("state"),
    words("why"),
    words("source"),
    words("nature"),
    Column("verified", Boolean(create_constraint=False), nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    _formation(key=False),
    words("key"),
    words("step"),
    words("kind"),
    person("by"),
    Column("text", Text, nullable=False),
    words("audience"),
    Column("event", Integer, nullable=False),
    person("asked_of"),
    words("answers"),
    one_of("audience", Audience),
    Index("ix_note_formation", "formation_id", "step"),
)

awaited = Table(
    "awaited",
    metadata,
    _formation(),
    words("key", key=True),
    words("step"),
    words("what"),
    words("role"),
    words("side"),
    person("person"),
    words("slot"),
    words("organisation"),
    Column("since", Date, nullable=False),
    Column("due_on", Date),
    Column("legal_on", Date),
    Column("weighty", Boolean(create_constraint=False), nullable=False),
    person("taken_by"),
    words("audience"),
    Index("ix_awaited_person", "person"),
    Index("ix_awaited_role", "formation_id", "role", "side"),
    Index("ix_awaited_anywhere", "role", "side", "what"),  # for roles held over all formations
)

event_row = Table(  # added
    "event",
    metadata,
    _formation(),
    Column("number", Integer, primary_key=True),
    words("kind"),
    person("by"),
    words("happened_on"),
    Column("recorded_at", UtcDateTime, nullable=False),
    words("via"),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    words("audience"),
)

event_text = Table(
    "event_text",
    metadata,
    _formation(),
    Column("number", Integer, primary_key=True),
    Column("text", Text),
    Column("salt", Text, nullable=False),
    Column("erased_at", UtcDateTime),
)

installation_event = Table(  # added
    "installation_event",
    metadata,
    Column("number", Integer, primary_key=True),
    words("kind"),
    words("by"),
    Column("recorded_at", UtcDateTime, nullable=False),
    words("via"),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Text, ForeignKey("person.key"), nullable=False),
    words("kind"),
    _formation(key=False),
    words("subject"),
    words("mark"),
    words("facts"),
    Column("event", Integer, nullable=False),
    Column("written_on", Date, nullable=False),
    Column("delivery_id", Integer, ForeignKey("delivery.id")),
    UniqueConstraint("person", "kind", "formation_id", "subject", "mark"),
    Index("ix_notice_waiting", "person", "delivery_id"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Text, ForeignKey("person.key"), nullable=False),
    Column("day", Date, nullable=False),
    words("kind"),
    words("channel"),
    words("message_id"),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("failed_for_good", Boolean(create_constraint=False), nullable=False),
    words("receipt"),
    UniqueConstraint("person", "day", "kind"),
    Index("ix_delivery_unsent", "sent_at", "failed_for_good"),
)

seen = Table(
    "seen",
    metadata,
    Column("person", Text, ForeignKey("person.key"), primary_key=True),
    _formation(),
    Column("event", Integer, nullable=False),
)

pulse = Table(  # added when a flow begins; its end is filled in
    "pulse",
    metadata,
    Column("id", Integer, primary_key=True),
    words("flow"),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    words("counts"),
    words("error"),
    words("run_id"),
    words("heads"),
)

ADDED_ONLY = (
    "event",
    "installation_event",
    "fact",
    "submission",
    "milestone_date",
    "formation_state",
    "prescribed_text",
    "organisation_fact",
)


def trigger_ddl(dialect: str, table: str) -> tuple[str, ...]:
    """Statements that make a table refuse UPDATE and DELETE."""
    message = f"rows of {table} are only ever added"
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        "CREATE OR REPLACE FUNCTION added_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_added_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION added_only()",
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION added_only()",
    )


for _table in ADDED_ONLY:
    for _dialect in ("sqlite", "postgresql"):
        for _statement in trigger_ddl(_dialect, _table):
            event.listen(
                metadata.tables[_table],
                "after_create",
                DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),  # type: ignore[no-untyped-call]
            )
