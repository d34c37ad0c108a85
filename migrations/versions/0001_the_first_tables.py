"""The first tables."""

import sqlalchemy as sa
from alembic import op

from mutualflow.storage import migrating
from mutualflow.storage.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "evidence",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("type", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("destroyed_at", UtcDateTime(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence")),
    )
    op.create_table(
        "installation_event",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("via", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_installation_event")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("nation", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('', 'council', 'nhs_body', 'government_department', 'fire_authority', 'other_public_body', 'school', 'charity', 'company', 'community_group', 'new_body', 'partner', 'union', 'adviser_firm', 'registrar', 'regulator')",
            name=op.f("ck_organisation_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("key", name=op.f("uq_organisation_key")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("nation", sa.Text(), server_default="", nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
    )
    op.create_table(
        "prescribed_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("official_source", sa.Text(), server_default="", nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=False),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescribed_text")),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("counts", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("run_id", sa.Text(), server_default="", nullable=False),
        sa.Column("heads", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
    )
    op.create_table(
        "release",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_release")),
    )
    op.create_table(
        "rulebook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook")),
        sa.UniqueConstraint("sha256", name=op.f("uq_rulebook_sha256")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("failed_for_good", sa.Boolean(), nullable=False),
        sa.Column("receipt", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_delivery_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("person", "day", "kind", name=op.f("uq_delivery_person_day_kind")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_unsent", ["sent_at", "failed_for_good"], unique=False)

    op.create_table(
        "organisation_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_fact_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_fact")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_programme_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("key", name=op.f("uq_programme_key")),
    )
    op.create_table(
        "formation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("life", sa.Text(), server_default="", nullable=False),
        sa.Column("life_since", sa.Date(), nullable=False),
        sa.Column("life_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("life_where", sa.Text(), server_default="", nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("rulebook", sa.Text(), nullable=True),
        sa.Column("law_told_to", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('', 'lived', 'sample', 'history')", name=op.f("ck_formation_kind")),
        sa.CheckConstraint("life IN ('', 'forming', 'paused', 'launched', 'ended')", name=op.f("ck_formation_life")),
        sa.CheckConstraint(
            "outcome IN ('', 'first_year_complete', 'withdrawn', 'refused', 'halted_by_challenge', 'remained_in_house', 'wound_up', 'merged_or_reformed')",
            name=op.f("ck_formation_outcome"),
        ),
        sa.ForeignKeyConstraint(["follows"], ["formation.id"], name=op.f("fk_formation_follows")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_formation_programme_id")),
        sa.ForeignKeyConstraint(["release"], ["release.sha256"], name=op.f("fk_formation_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formation")),
        sa.UniqueConstraint("key", name=op.f("uq_formation_key")),
    )
    with op.batch_alter_table("formation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_formation_next_due_on"), ["next_due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_formation_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("stand_in", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_absence_formation_id")),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_absence_person")),
        sa.ForeignKeyConstraint(["stand_in"], ["person.key"], name=op.f("fk_absence_stand_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_formation_id"), ["formation_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_from", sa.Date(), nullable=True),
        sa.Column("decided_to", sa.Date(), nullable=True),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("points", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('', 'waiting', 'to_be_checked', 'approved', 'approved_subject_to', 'returned', 'lapsed')",
            name=op.f("ck_approval_state"),
        ),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_approval_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_approval_formation_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.key"], name=op.f("fk_approval_taken_by")),
        sa.PrimaryKeyConstraint("formation_id", "step", "round", "slot", "organisation", name=op.f("pk_approval")),
    )
    op.create_table(
        "awaited",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("side", sa.Text(), server_default="", nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("slot", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("legal_on", sa.Date(), nullable=True),
        sa.Column("weighty", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_awaited_formation_id")),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_awaited_person")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.key"], name=op.f("fk_awaited_taken_by")),
        sa.PrimaryKeyConstraint("formation_id", "key", name=op.f("pk_awaited")),
    )
    with op.batch_alter_table("awaited", schema=None) as batch_op:
        batch_op.create_index("ix_awaited_person", ["person"], unique=False)
        batch_op.create_index("ix_awaited_role", ["formation_id", "role", "side"], unique=False)

    op.create_table(
        "clock",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("counts_from", sa.Text(), server_default="", nullable=False),
        sa.Column("legal_on", sa.Date(), nullable=True),
        sa.Column("advisory_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("nature", sa.Text(), server_default="", nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_clock_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "rule", "step", name=op.f("pk_clock")),
    )
    op.create_table(
        "decision",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_from", sa.Date(), nullable=True),
        sa.Column("decided_to", sa.Date(), nullable=True),
        sa.Column("minute", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("votes", sa.Text(), server_default="", nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("delegations", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("conditions", sa.Text(), server_default="", nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('', 'yes', 'yes_subject_to', 'partly', 'no', 'deferred')", name=op.f("ck_decision_outcome")
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["person.key"], name=op.f("fk_decision_checked_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_decision_formation_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.key"], name=op.f("fk_decision_recorded_by")),
        sa.PrimaryKeyConstraint("formation_id", "event", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("ix_decision_formation_step", ["formation_id", "step", "round"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("catalogue", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("clauses", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), server_default="", nullable=False),
        sa.Column("blanks", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_document_formation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_formation_step", ["formation_id", "step"], unique=False)

    op.create_table(
        "event",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("happened_on", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("via", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_event_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_event_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "number", name=op.f("pk_event")),
    )
    op.create_table(
        "event_text",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_event_text_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "number", name=op.f("pk_event_text")),
    )
    op.create_table(
        "evidence_use",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("catalogue", sa.Text(), server_default="", nullable=False),
        sa.Column("comes_with", sa.Text(), server_default="", nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("taken_out", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('', 'everyone', 'group', 'host', 'commissioner', 'union', 'partner', 'independent', 'privileged_group', 'privileged_host', 'transfer_leads', 'not_commissioner')",
            name=op.f("ck_evidence_use_audience"),
        ),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_evidence_use_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_evidence_use_formation_id")),
        sa.ForeignKeyConstraint(["sha256"], ["evidence.sha256"], name=op.f("fk_evidence_use_sha256")),
        sa.PrimaryKeyConstraint("formation_id", "key", name=op.f("pk_evidence_use")),
    )
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("said_on", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "source IN ('', 'said', 'imported', 'derived', 'assumed', 'correction')", name=op.f("ck_fact_source")
        ),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_fact_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_fact_formation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint(
            "formation_id", "event", "key", "subject", name=op.f("uq_fact_formation_id_event_key_subject")
        ),
    )
    op.create_table(
        "filing",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("registrar", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("fee", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("fee_rule", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("reasons", sa.Text(), server_default="", nullable=False),
        sa.Column("certificate", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_filing_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_filing_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "step", "attempt", name=op.f("pk_filing")),
    )
    op.create_table(
        "formation_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("life", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_formation_state_formation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formation_state")),
    )
    with op.batch_alter_table("formation_state", schema=None) as batch_op:
        batch_op.create_index("ix_formation_state_formation", ["formation_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("side", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("invited_by", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "role IN ('', 'staff_lead', 'staff_member', 'host_sponsor', 'host_board_member', 'hr_adviser', 'legal_adviser', 'finance_adviser', 'pension_adviser', 'estates_lead', 'information_governance_lead', 'union_representative', 'commissioner', 'partner_contact', 'new_body_chair', 'new_body_director', 'external_adviser', 'scrutineer', 'programme_manager', 'administrator')",
            name=op.f("ck_membership_role"),
        ),
        sa.CheckConstraint(
            "side IN ('', 'group', 'host', 'commissioner', 'union', 'partner', 'independent')",
            name=op.f("ck_membership_side"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.key"], name=op.f("fk_membership_confirmed_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_membership_formation_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.key"], name=op.f("fk_membership_invited_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_membership_person")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_membership_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_formation_id"), ["formation_id"], unique=False)
        batch_op.create_index("ix_membership_person_role", ["person", "role", "side"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "milestone_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("milestone", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("optimistic", sa.Date(), nullable=True),
        sa.Column("pessimistic", sa.Date(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("said_on", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('', 'planned', 'forecast', 'actual')", name=op.f("ck_milestone_date_kind")),
        sa.CheckConstraint(
            "milestone IN ('', 'idea', 'permission_sought', 'permission_given', 'case_approved', 'staff_vote', 'decision_in_principle', 'final_decision', 'chair_appointed', 'shadow_start', 'registration', 'charity_registration', 'regulator_registration', 'contract_award', 'contract_signed', 'pension_secured', 'staff_transfer', 'go_live', 'first_year_review', 'contract_end')",
            name=op.f("ck_milestone_date_milestone"),
        ),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_milestone_date_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_milestone_date_formation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_date")),
    )
    with op.batch_alter_table("milestone_date", schema=None) as batch_op:
        batch_op.create_index("ix_milestone_date_series", ["formation_id", "milestone", "kind", "id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("asked_of", sa.Text(), nullable=True),
        sa.Column("answers", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "audience IN ('', 'everyone', 'group', 'host', 'commissioner', 'union', 'partner', 'independent', 'privileged_group', 'privileged_host', 'transfer_leads', 'not_commissioner')",
            name=op.f("ck_note_audience"),
        ),
        sa.ForeignKeyConstraint(["asked_of"], ["person.key"], name=op.f("fk_note_asked_of")),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_note_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_note_formation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_formation", ["formation_id", "step"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("mark", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), server_default="", nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_notice_delivery_id")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_notice_formation_id")),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_notice_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "person",
            "kind",
            "formation_id",
            "subject",
            "mark",
            name=op.f("uq_notice_person_kind_formation_id_subject_mark"),
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_waiting", ["person", "delivery_id"], unique=False)

    op.create_table(
        "party",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "part IN ('', 'host', 'commissioner', 'new_body', 'partner', 'union', 'adviser_firm', 'regulator')",
            name=op.f("ck_party_part"),
        ),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_party_formation_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_party_organisation_id")),
        sa.PrimaryKeyConstraint("formation_id", "organisation_id", "part", name=op.f("pk_party")),
    )
    op.create_table(
        "record_row",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_record_row_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "list", "key", name=op.f("pk_record_row")),
    )
    op.create_table(
        "seen",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_seen_formation_id")),
        sa.ForeignKeyConstraint(["person"], ["person.key"], name=op.f("fk_seen_person")),
        sa.PrimaryKeyConstraint("person", "formation_id", name=op.f("pk_seen")),
    )
    op.create_table(
        "step",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("done_at", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("applies", sa.Text(), nullable=False),
        sa.Column("waits_for", sa.Text(), server_default="", nullable=False),
        sa.Column("overtaken", sa.Boolean(), nullable=False),
        sa.CheckConstraint("applies IN ('', 'yes', 'no', 'maybe')", name=op.f("ck_step_applies")),
        sa.CheckConstraint(
            "status IN ('', 'open', 'in_hand', 'submitted', 'approved', 'waived', 'closed')",
            name=op.f("ck_step_status"),
        ),
        sa.ForeignKeyConstraint(["assignee"], ["person.key"], name=op.f("fk_step_assignee")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_step_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "key", name=op.f("pk_step")),
    )
    op.create_table(
        "submission",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("answered_by", sa.Text(), server_default="", nullable=False),
        sa.Column("attached_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("basis IN ('', 'put_forward', 'outside', 'assumed')", name=op.f("ck_submission_basis")),
        sa.ForeignKeyConstraint(["by"], ["person.key"], name=op.f("fk_submission_by")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_submission_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "step", "round", name=op.f("pk_submission")),
    )
    op.create_table(
        "task",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("laid_by", sa.Text(), nullable=True),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Text(), server_default="", nullable=False),
        sa.Column("holds_key", sa.Text(), server_default="", nullable=False),
        sa.Column("step", sa.Text(), server_default="", nullable=False),
        sa.Column("slot", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("holds IN ('', 'step', 'milestone', 'none')", name=op.f("ck_task_holds")),
        sa.CheckConstraint(
            "origin IN ('', 'condition', 'gap', 'evidence_asked_for', 'own', 'exchange_review', 'late_change')",
            name=op.f("ck_task_origin"),
        ),
        sa.CheckConstraint("state IN ('', 'open', 'done', 'accepted', 'withdrawn')", name=op.f("ck_task_state")),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_task_formation_id")),
        sa.ForeignKeyConstraint(["laid_by"], ["person.key"], name=op.f("fk_task_laid_by")),
        sa.ForeignKeyConstraint(["owner"], ["person.key"], name=op.f("fk_task_owner")),
        sa.PrimaryKeyConstraint("formation_id", "key", name=op.f("pk_task")),
    )
    op.create_table(
        "answer",
        sa.Column("formation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("fact_event", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("meaning", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["formation_id", "fact_event", "key", "subject"],
            ["fact.formation_id", "fact.event", "fact.key", "fact.subject"],
            name=op.f("fk_answer_formation_id_fact_event_key_subject"),
        ),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name=op.f("fk_answer_formation_id")),
        sa.PrimaryKeyConstraint("formation_id", "key", "subject", name=op.f("pk_answer")),
    )
    migrating.make_triggers(op.get_bind())


def downgrade() -> None:
    """Take it back."""
    migrating.drop_triggers(op.get_bind())
    op.drop_table("answer")
    op.drop_table("task")
    op.drop_table("submission")
    op.drop_table("step")
    op.drop_table("seen")
    op.drop_table("record_row")
    op.drop_table("party")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_waiting")

    op.drop_table("notice")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index("ix_note_formation")

    op.drop_table("note")
    with op.batch_alter_table("milestone_date", schema=None) as batch_op:
        batch_op.drop_index("ix_milestone_date_series")

    op.drop_table("milestone_date")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_programme_id"))
        batch_op.drop_index("ix_membership_person_role")
        batch_op.drop_index(batch_op.f("ix_membership_formation_id"))

    op.drop_table("membership")
    with op.batch_alter_table("formation_state", schema=None) as batch_op:
        batch_op.drop_index("ix_formation_state_formation")

    op.drop_table("formation_state")
    op.drop_table("filing")
    op.drop_table("fact")
    op.drop_table("evidence_use")
    op.drop_table("event_text")
    op.drop_table("event")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ix_document_formation_step")

    op.drop_table("document")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_formation_step")

    op.drop_table("decision")
    op.drop_table("clock")
    with op.batch_alter_table("awaited", schema=None) as batch_op:
        batch_op.drop_index("ix_awaited_role")
        batch_op.drop_index("ix_awaited_person")

    op.drop_table("awaited")
    op.drop_table("approval")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_formation_id"))

    op.drop_table("absence")
    with op.batch_alter_table("formation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_formation_programme_id"))
        batch_op.drop_index(batch_op.f("ix_formation_next_due_on"))

    op.drop_table("formation")
    op.drop_table("programme")
    op.drop_table("organisation_fact")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_unsent")

    op.drop_table("delivery")
    op.drop_table("rulebook")
    op.drop_table("release")
    op.drop_table("pulse")
    op.drop_table("prescribed_text")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("installation_event")
    op.drop_table("evidence")
