"""Setting up and running an installation."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_works_before_init_and_the_sentence_says_so(run: Run) -> None:
    """An empty folder."""
    ran = run("status", "brook", "--as", "ada")
    assert ran.code == 1
    assert "mutualflow init" in ran.err


def test_init_is_safe_to_repeat(run: Run) -> None:
    """The second time nothing is new."""
    first = run("init", "--json").json()
    assert first["new_release"]
    assert first["new_rulebook"]
    second = run("init", "--json").json()
    assert not second["new_release"]
    assert not second["new_rulebook"]
    assert second["release"] == first["release"]
    assert run("audit", "verify", "--json").json()["events"] == 2


@pytest.mark.parametrize(
    "command",
    [
        ["init"],
        ["status", "brook", "--as", "ada"],
        ["next"],
        ["answer", "brook", "--fact", "why_leave", "--value", "Because", "--as", "ada"],
        ["person", "eve", "--name", "Eve"],
        ["start", "other", "--as", "ada"],
        ["remind", "--on", "2023-09-11"],
        ["walk", "--on", "2023-09-11"],
        ["audit", "verify"],
    ],
    ids=lambda command: command[0],
)
def test_a_newer_database_is_neither_read_nor_written(brook: Run, tmp_path: Path, command: list[str]) -> None:
    """Its revision is unknown to this program."""
    path = tmp_path / "data" / "mutualflow.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with engine.connect() as db:
        before = list(db.connection.driver_connection.iterdump())
    ran = brook(*command)
    assert ran.code == 1, ran.out
    assert "newer version" in ran.err
    with engine.connect() as db:
        assert list(db.connection.driver_connection.iterdump()) == before
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--as", "ghost"], 4, "Nobody is known as ghost"),
        (["--as", "ada", "--host", "trust"], 3, "key|name|kind"),
        (["--as", "ada", "--host", "trust|Trust|palace"], 3, "is no kind of organisation"),
        (["--as", "ada", "--member", "sam|king|host"], 3, "is no role"),
        (["--as", "ada", "--member", "sam"], 3, "person|role|side"),
    ],
)
def test_a_start_that_cannot_be_is_refused_and_leaves_nothing(
    brook: Run, arguments: list[str], code: int, words: str
) -> None:
    """Unknown people, organisations and roles."""
    ran = brook("start", "other", *arguments)
    assert ran.code == code
    assert words in ran.err
    assert brook("status", "other", "--as", "ada").code == 4


def test_a_formation_starts_once(brook: Run) -> None:
    """Its key is taken."""
    ran = brook("start", "brook", "--as", "ada")
    assert ran.code == 3
    assert "already a formation" in ran.err


def test_the_first_of_a_side_comes_in_where_nobody_can_confirm_her(brook: Run) -> None:
    """Whoever runs the installation vouches; the refusal says so, the history too, and the second time is nothing."""
    assert brook("person", "uma", "--name", "Uma Union", "--json").code == 0
    role = ("--person", "uma", "--role", "union_representative")
    assert brook("vouch", "brook", *role).code == 4
    assert brook("give-role", "brook", "--as", "ada", *role, "--side", "union").code == 0
    stuck = brook("confirm-role", "brook", "--as", "ada", *role)
    assert stuck.code == 3
    assert "mutualflow vouch brook --person uma --role union_representative" in stuck.err
    assert "uma is union representative" in brook("vouch", "brook", *role).out
    assert brook("vouch", "brook", *role, "--json").json()["by"] == "operator"
    lines = brook("history", "brook", "--as", "uma", "--json").json()["lines"]
    assert [e["by"] for e in lines if e["kind"] == "confirm_role"] == ["operator"]
    assert brook("audit", "verify", "--replay").code == 0
    assert brook("vouch", "nowhere", *role).code == 4
    assert brook("vouch", "brook", "--person", "uma", "--role", "king").code == 3


def test_official_texts_are_loaded_once_and_stand_ins_say_so(brook: Run, tmp_path: Path) -> None:
    """A stand-in needs --sample, an official text refuses it; a file without its source is named."""
    stand_in = ROOT / "samples" / "prescribed" / "cic_members_guarantee.yaml"
    assert brook("prescribed", "load", str(stand_in)).code == 2
    assert brook("prescribed", "load", str(stand_in), "--sample", "--json").json()["new"]
    assert not brook("prescribed", "load", str(stand_in), "--sample", "--json").json()["new"]
    official = tmp_path / "text.yaml"
    official.write_text("key: cic_members_guarantee\ntext: Words of the source.\nofficial_source: SI 1\n")
    assert brook("prescribed", "load", str(official), "--sample").code == 2
    assert brook("prescribed", "load", str(official)).code == 0
    rows = {r["key"]: r for r in brook("prescribed", "list", "--json").json()}
    assert rows["cic_members_guarantee"]["loaded"]
    assert not rows["cic_votes_guarantee"]["loaded"]
    official.write_text("key: cic_members_guarantee\n")
    ran = brook("prescribed", "load", str(official))
    assert ran.code == 2
    assert "official_source" in ran.err
    official.write_text("key: [\n")
    assert brook("prescribed", "load", str(official)).code == 2
    assert brook("prescribed", "load", str(tmp_path / "none.yaml")).code == 2


def test_remind_writes_digests_without_prefect(brook: Run, tmp_path: Path) -> None:
    """What waits for somebody is told in a mail of the day; the second time there is nothing to tell."""
    assert brook("remind", "--on", "2023-09-11", "--json").json()["walked"] == 1
    mails = list((tmp_path / "data" / "mail").rglob("*.eml"))
    assert mails
    assert brook("remind", "--on", "2023-09-11", "--json").json()["walked"] == 0
    assert len(list((tmp_path / "data" / "mail").rglob("*.eml"))) == len(mails)


def test_remind_says_whom_no_mail_reaches(brook: Run) -> None:
    """A question waits for a colleague without an address."""
    asked = ["ask", "brook", "--step", "vision", "--of", "kit", "--text", "Why?", "--as", "ada", "--on", "2023-09-05"]
    assert brook(*asked).code == 0
    said = brook("remind", "--on", "2023-09-11")
    assert "mail sent" in said.out
    assert "1 person has no address that works" in said.out
    brook("person", "kit", "--name", "Kit Colleague", "--email", "kit@example.org")
    assert "no address" not in brook("remind", "--on", "2023-09-12").out


def test_pathways_check_proves_what_ships(run: Run) -> None:
    """Every proof with its number of cases."""
    proofs = run("pathways", "check", "--json").json()["proofs"]
    assert {p["number"] for p in proofs} >= {1, 3, 5}
    assert all(p["cases"] > 0 and p["failed"] == 0 for p in proofs)


def test_audit_ends_with_a_code_where_something_is_wrong(brook: Run, tmp_path: Path) -> None:
    """The first bad event is named."""
    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'mutualflow.db'}")
    with engine.begin() as db:
        db.execute(text("DROP TRIGGER event_no_update"))
        db.execute(text("UPDATE event SET body = '{}' WHERE number = 1"))
    engine.dispose()
    ran = brook("audit", "verify")
    assert ran.code == 3
    assert "brook, event 1: its body has been changed" in ran.out
