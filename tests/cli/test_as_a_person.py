"""A group begins from nothing at the command line; and whatever is wrong is said in a sentence with its exit code."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest

from mutualflow.channels.email import as_mail
from mutualflow.cli import plain, running
from mutualflow.domain.messages import Message, Undeliverable
from tests.cli.conftest import Run

DAY = ("--on", "2023-09-04")
ESCAPE = "\x1b[31mred"
MARKUP = "[red]Not red[/] [/closed] [link=http://example.org]x[/link]"


def ok(run: Run, *command: str) -> str:
    """What a command that must end well says to a person."""
    ran = run(*command)
    assert (ran.code, ran.err) == (0, ""), ran
    return " ".join(ran.out.split())


def refused(run: Run, code: int, *command: str) -> str:
    """The sentence of a command that must not end well: said on the error stream, and nothing else anywhere."""
    ran = run(*command)
    assert ran.code == code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    return " ".join(ran.err.split())


def test_a_pause_says_where_it_stopped(brook: Run) -> None:
    """A step of the pathway; no other word."""
    pause = ["pause", "brook", "--reason", "An election", "--review-on", "2024-05-10", "--as", "ada"]
    on = ["--on", "2023-09-05"]
    assert brook(*pause, *on, "--where", "nowhere").code == 4
    assert brook(*pause, *on, "--where", "vision").code == 0
    said = " ".join(brook("status", "brook", "--as", "ada", *on).out.split())
    assert "Paused at “Write down why, and what would be better”: An election." in said


def test_a_group_goes_from_nothing_to_its_first_approval(run: Run, tmp_path: Path) -> None:
    """Set up, people, roles, answers, a refusal, a return, an approval; each sentence says what happened."""
    assert "mutualflow init" in refused(run, 1, "next")
    assert "mutualflow person KEY" in ok(run, "init")
    assert "Nobody is waited for." in ok(run, "next")
    assert "Add them first: mutualflow person" in refused(run, 4, "start", "brook", "--as", "ada")
    for key, name in (("ada", "Ada Lead"), ("kit", "Kit Colleague"), ("sam", "Llŷr Sponsor"), ("lex", "Lex Adviser")):
        assert f"{name} ({key}) is known now." in ok(run, "person", key, "--name", name)
    began = ok(run, "start", "brook", "--as", "ada", "--name", "Brook Street", "--host", "trust|Host|nhs_body", *DAY)
    assert "mutualflow status brook --as ada" in began
    assert "Write down why" in ok(run, "status", "brook", "--as", "ada", *DAY)
    assert "mutualflow show brook vision --as ada" in ok(run, "next", "--as", "ada", *DAY)

    page = ok(run, "show", "brook", "vision", "--as", "ada", *DAY)
    assert "mutualflow answer brook --fact … --value … --as ada" in page
    assert "mutualflow add-row brook --list group_members --row … --values COLUMN=… --as ada" in page

    given = ok(run, "give-role", "brook", "--as", "ada", "--person", "kit", "--role", "staff_member", "--side", "group", *DAY)  # fmt: skip # noqa: E501
    assert "✔ Ada Lead gave Kit Colleague the role of staff member (group)" in given
    ok(run, "give-role", "brook", "--as", "ada", "--person", "sam", "--role", "host_sponsor", "--side", "host", "--organisation", "trust", *DAY)  # fmt: skip # noqa: E501
    assert "invited by Ada Lead, not confirmed yet" in ok(run, "people", "brook", "--as", "ada", *DAY)

    for fact, value in (
        ("why_leave", "Forms stand between us and the people we serve."),
        ("vision_statement", "One nurse for one person."),
        ("benefits_for_users", "Open until eight."),
    ):
        said = ok(run, "answer", "brook", "--as", "ada", "--fact", fact, "--value", value, *DAY)
        assert "✔ Ada Lead answered “" in said
    unsaid = refused(run, 3, "submit", "brook", "--as", "ada", "--step", "vision", *DAY)
    assert unsaid == (
        "Still to be answered: contact for the group; members of the group (say that it is complete). "
        "See what is open: mutualflow show brook vision --as ada"
    )  # the labels, not the keys
    ok(run, "answer", "brook", "--as", "ada", "--fact", "group_contact_name", "--value", "Ada Lead", *DAY)
    assert "at least 1 wanted, 0 given" in refused(
        run, 3, "complete-list", "brook", "--as", "ada", "--list", "group_members", *DAY
    )
    row = ("add-row", "brook", "--as", "ada", "--list", "group_members", "--row", "ada", *DAY)
    ok(run, *row, "--values", "name=Ada Lead", "--values", "job=Nurse", "--values", "employer=Host")
    ok(run, "complete-list", "brook", "--as", "ada", "--list", "group_members", *DAY)
    assert "put “Write down why, and what would be better” forward (round 1)" in ok(
        run, "submit", "brook", "--as", "ada", "--step", "vision", *DAY
    )

    own = refused(run, 3, "approve", "brook", "--as", "ada", "--step", "vision", *DAY)
    assert "you put it forward. Somebody else has to look at it." in own
    assert "mutualflow approve brook --step vision --as kit" in ok(run, "show", "brook", "vision", "--as", "kit", *DAY)
    assert "Give a reason" in refused(run, 3, "return", "brook", "--as", "kit", "--step", "vision", *DAY)
    back = ok(run, "return", "brook", "--as", "kit", "--step", "vision", "--reason", "Say more", *DAY)
    assert "✔ Kit Colleague returned “Write down why" in back
    assert "1 person is told with the next digest" in back
    ok(run, "answer", "brook", "--as", "ada", "--fact", "benefits_for_users", "--value", "Open until nine.", *DAY)
    ok(run, "submit", "brook", "--as", "ada", "--step", "vision", *DAY)
    stale = refused(run, 3, "approve", "brook", "--as", "kit", "--step", "vision", "--seen", "1", *DAY)
    assert "Look at it again, then act." in stale
    done = ok(run, "approve", "brook", "--as", "kit", "--step", "vision", "--happened-on", "2023-09-04", *DAY)
    assert "✔ Kit Colleague approved “Write down why" in done
    assert "1/5" in ok(run, "status", "brook", "--as", "ada", *DAY)
    assert "Ada Lead answered" in ok(run, "history", "brook", "--as", "kit", *DAY)

    assert ok(run, "remind", "--on", "2023-09-11")
    assert "Every event follows" in ok(run, "audit", "verify", "--replay")


def test_somebody_who_ends_her_last_role_is_still_told_what_she_did(brook: Run) -> None:
    """She can no longer read the history, and the act is done all the same."""
    leaving = ("--person", "kit", "--role", "staff_member", "--successor", "nobody yet")
    said = ok(brook, "end-role", "brook", "--as", "kit", *leaving)
    assert "✔ End role" in said


WRONG = (
    # wrong use
    (("status",), 2, "Missing argument 'formation' (key of the formation). See “mutualflow status --help”."),
    (("show", "brook", "vision"), 2, "Missing option '--as' (key of the person who looks or acts)."),
    (("status", "brook", "--as"), 2, "Option '--as' requires an argument."),
    (("status", "brook", "--as", "ada", "--bogus"), 2, "No such option: --bogus."),
    (("status", "brook", "--as", "ada", "more"), 2, "(more)"),
    (("history", "brook", "--as", "ada", "--most", "many"), 2, "valid integer"),
    (("history", "brook", "--as", "ada", "--most", "0"), 2, "--most"),
    (("record-decision", "brook", "--as", "ada", "--step", "vision", "--outcome", "yes", "--last-event", "1"), 2, "No such option"),  # noqa: E501
    (("prescribed", "load"), 2, "Write “prescribed load FILE” or “prescribed list”."),
    (("status", "nope\udcff", "--as", "ada"), 2, "not UTF-8"),
    ((f"statuss{ESCAPE}",), 2, "<U+001B>"),
    # not found
    (("status", ESCAPE, "--as", "ada"), 4, "There is no formation “<U+001B>[31mred”"),
    (("answer", "nowhere", "--as", "ada", "--fact", "why_leave", "--value", "x"), 4, "no formation “nowhere”"),
    (("answer", "brook", "--as", "ghost", "--fact", "why_leave", "--value", "x"), 4, "in which you have a role"),
    (("answer", "brook", "--as", "ada", "--fact", "nonsense", "--value", "x"), 4, "There is no question “nonsense”"),
    (("submit", "brook", "--as", "ada", "--step", "nonsense"), 4, "There is no step “nonsense”"),
    (("add-row", "brook", "--as", "ada", "--list", "nonsense", "--row", "a"), 4, "There is no list “nonsense”"),
    (("attach", "brook", "--as", "ada", "--step", "nonsense", "--key", "k", "--path", __file__), 4, "no step"),
    (("attach", "brook", "--as", "ghost", "--step", "vision", "--key", "k", "--path", __file__), 4, "no formation"),
    (("give-role", "brook", "--as", "ada", "--person", "ghost", "--role", "staff_member", "--side", "group"), 4, "ghost"),  # noqa: E501
    (("start", "two", "--as", "ada", "--host", "a|A|nhs_body", "--member", "kit|host_sponsor|host|b"), 4, "there are: a."),  # noqa: E501
    # refused: what is not a value
    (("status", "brook", "--as", "ada", "--on", "9999-12-31"), 3, "the year 9999 cannot be meant"),
    (("status", "brook", "--as", "ada", "--on", "2024-02-30"), 3, "is no day of the calendar"),
    (("status", "brook", "--as", "ada", "--on", "20240101"), 3, "write YYYY-MM-DD"),
    (("be-away", "brook", "--as", "ada", "--since", "soon", "--until", "2024-01-01"), 3, "'soon' is not a day"),
    (("submit", "brook", "--as", "ada", "--step", "vision", "--seen", "x"), 3, "'x' is not a whole number"),
    (("submit", "brook", "--as", "ada", "--step", "vision", "--seen", "-1"), 3, "'-1' is not a whole number"),
    (("plan", "brook", "--as", "ada", "--milestone", "moon", "--day", "2024-01-01"), 3, "'moon' is not one of idea"),
    (("plan", "brook", "--as", "ada", "--milestone", "go_live", "--day", "9999-12-31"), 3, "the year 9999"),
    (("give-role", "brook", "--as", "ada", "--person", "kit", "--role", "king", "--side", "group"), 3, "'king'"),
    (("add-row", "brook", "--as", "ada", "--list", "group_members", "--row", "a", "--values", "x"), 3, "name=value"),
    (("add-row", "brook", "--as", "ada", "--list", "group_members", "--row", "[red]"), 3, "cannot name a row"),
    (("attach", "brook", "--as", "ada", "--step", "vision", "--key", "k", "--path", "/nowhere"), 3, "is not there"),
    (("attach", "brook", "--as", "ada", "--step", "vision", "--key", "k", "--path", "/dev/zero"), 3, "is no file"),
    (("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", ESCAPE), 3, "cannot be seen (U+001B)"),
    (("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", "a\u202eb"), 3, "cannot be seen (U+202E)"),
    (("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", "x " * 500_000), 3, "longer than"),
    (("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", " "), 3, "an empty answer"),
    (("person", "eve", "--name", ESCAPE), 3, "cannot be seen (U+001B)"),
    (("person", "eve", "--name", "a\u202eb"), 3, "cannot be seen (U+202E)"),
    (("person", "eve", "--name", "  "), 3, "The name is empty."),
    (("person", "eve", "--name", "n " * 4_000), 3, "the most is 300"),
    (("person", "[red]", "--name", "Eve"), 3, "cannot name a person"),
    (("person", "eve", "--name", "Eve", "--email", "a@example.org\nBcc: b@example.org"), 3, "no e-mail address"),
    (("person", "eve", "--name", "Eve", "--email", "<script>@x"), 3, "no e-mail address"),
    (("person", "eve", "--name", "Eve", "--phone", "call me"), 3, "no telephone number"),
    (("person", "eve", "--name", "Eve", "--nation", "moon"), 3, "choose england, wales"),
    (("person", "eve", "--name", "Eve", "--time-zone", "Mars/Base"), 3, "no time zone"),
    (("person", "eve", "--name", "Eve", "--time-zone", "../../etc/passwd"), 3, "no time zone"),
    (("start", "two", "--as", "ada", "--name", ESCAPE), 3, "cannot be seen (U+001B)"),
    (("start", "two", "--as", "ada", "--nation", "moon"), 3, "choose england, wales"),
    (("start", "two", "--as", "ada", "--host", "[b]|A|nhs_body"), 3, "cannot name an organisation"),
    (("start", "two", "--as", "ada", "--host", "a|A|nhs_body", "--host", "a|B|nhs_body"), 3, "is named twice"),
    (("start", "two", "--as", "ada", "--host", "a||nhs_body"), 3, "name of the organisation a is empty"),
)  # fmt: skip


@pytest.mark.parametrize(("command", "code", "words"), WRONG, ids=lambda v: str(v)[:50].encode("ascii", "replace"))
def test_what_is_wrong_is_said_in_a_sentence(brook: Run, command: tuple[str, ...], code: int, words: str) -> None:
    """For a person on the error stream, for a program as JSON there; nothing is written, and no inside shown."""
    sentence = refused(brook, code, *command)
    assert words in sentence
    assert "\x1b" not in sentence
    if command[0] in ("status", "answer", "person", "start") and command[-1] != "--as":
        ran = brook(*command, "--json")
        assert (ran.code, ran.out) == (code, "")
        assert set(json.loads(ran.err)) == {"refused", "sentence", "who_can"}
    assert len(brook("history", "brook", "--as", "ada", "--json").json()["lines"]) == 1


BROKEN = {
    "key: [\n": "file: expected",
    "a: 1\na: 2\n": "this key stands there twice",
    "- 1\n": "has to be a mapping",
    "": "key: is missing",
    "[" * 5_000: "nested deeper",
    "a: &x [1]\nb: *y\n": "undefined alias",
    "key: 2023-99-99\ntext: 2023-02-30\n": "official_source: is missing",
}


ADVISED = (
    (("answer", "--fact", "why_leaf", "--value", "x"), "Did you mean why_leave?"),
    (("show", "visoin"), "Did you mean vision?"),
    (("why", "readines"), "Did you mean readiness"),
    (("add-row", "--list", "group_member", "--row", "a"), "Did you mean group_members?"),
    (("done", "--task", "rotta"), "Did you mean rota?"),
    (("lay-task", "--key", "t", "--title", "T", "--owner", "kti"), "Did you mean kit?"),
    (("submit", "--step", "vision"), "See what is open: mutualflow show brook vision --as ada"),
    (("submit", "--step", "vision", "--seen", "9"), "See it with: mutualflow show brook vision --as ada"),
    (("pause", "--review-on", "2030-01-01"), "Add --reason …"),
)


@pytest.mark.parametrize(("command", "words"), ADVISED, ids=lambda v: str(v)[:40])
def test_a_refusal_says_what_to_type_next(brook: Run, command: tuple[str, ...], words: str) -> None:
    """The right name for a slip of the pen, or the command that helps; nothing of it for a stranger."""
    ok(brook, "lay-task", "brook", "--as", "ada", "--key", "rota", "--title", "A rota", "--owner", "ada")
    name, *rest = command
    ran = brook(name, "brook", *rest, "--as", "ada")
    assert ran.code in (3, 4)
    assert words in " ".join(ran.err.split())
    ok(brook, "person", "eve", "--name", "Eve Else")
    assert "mean" not in brook(name, "brook", *rest, "--as", "eve").err


def test_a_key_that_cannot_be_is_told_with_one_that_can(run: Run) -> None:
    """Of a formation, an organisation and a person."""
    ok(run, "init")
    assert "for example ada-lead." in refused(run, 3, "person", "Ada Lead", "--name", "Ada Lead")
    ok(run, "person", "ada", "--name", "Ada Lead")
    assert "for example brook-street." in refused(run, 3, "start", "Brook Street", "--as", "ada")
    assert "for example care-board." in refused(run, 3, "start", "b", "--as", "ada", "--host", "care_board|A|nhs_body")


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: ascii(text)[:30])
def test_a_broken_file_is_named_with_what_is_wrong(brook: Run, tmp_path: Path, text: str) -> None:
    """YAML that cannot be read, for official wording and for histories; wrong use of the program, not a fault of it."""
    file = tmp_path / "broken.yaml"
    file.write_text(text)
    said = refused(brook, 2, "prescribed", "load", str(file))
    assert "broken.yaml" in said
    assert BROKEN[text] in said
    assert "broken.yaml" in refused(brook, 2, "replay", str(file))


def test_what_is_no_text_file_is_no_official_wording(brook: Run, tmp_path: Path) -> None:
    """A folder, a device, bytes, words that cannot be seen."""
    assert "is a folder" in refused(brook, 2, "prescribed", "load", str(tmp_path))
    assert "is no file" in refused(brook, 2, "prescribed", "load", "/dev/zero")
    file = tmp_path / "text.yaml"
    file.write_bytes(b"\xff\xfe")
    assert "is not UTF-8" in refused(brook, 2, "prescribed", "load", str(file))
    file.write_text('key: lock\ntext: "a\\x1b[31mred"\nofficial_source: SI 1\n')
    assert "cannot be seen (U+001B)" in refused(brook, 3, "prescribed", "load", str(file))


def _garbage(folder: Path) -> None:
    folder.mkdir()
    (folder / "mutualflow.db").write_bytes(os.urandom(5_000))


def _empty(folder: Path) -> None:
    folder.mkdir()
    (folder / "mutualflow.db").touch()


def _a_folder(folder: Path) -> None:
    (folder / "mutualflow.db").mkdir(parents=True)


def _a_file(folder: Path) -> None:
    folder.touch()


@pytest.mark.parametrize(
    ("make", "command", "words"),
    [
        (_garbage, "next", "is not a database of ours"),
        (_garbage, "init", "is not a database of ours"),
        (_empty, "next", "run “mutualflow init”"),
        (_a_folder, "next", "cannot be opened"),
        (_a_folder, "init", "cannot be opened"),
        (_a_file, "init", "cannot be made"),
        (_a_file, "next", "Set MUTUALFLOW_DATA_DIR to a folder"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence(
    run: Run, tmp_path: Path, make: Callable[[Path], None], command: str, words: str
) -> None:
    """Unreadable, empty, no file at all, no folder to put it in."""
    make(tmp_path / "data")
    assert words in refused(run, 1, command)


def test_a_database_that_is_locked_says_so(brook: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program writes and does not let go."""
    monkeypatch.setattr("mutualflow.storage.database.PATIENCE", 50)
    other = sqlite3.connect(tmp_path / "data" / "mutualflow.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "busy with another program" in refused(brook, 1, "person", "eve", "--name", "Eve")
    finally:
        other.close()


def test_markup_in_words_stays_words(brook: Run, tmp_path: Path) -> None:
    """Names, answers, reasons and titles that look like the terminal's or the browser's own language."""
    html = "<script>alert(1)</script> & [b]"
    ok(brook, "person", "ada", "--name", html, "--email", "ada@example.org")
    ok(brook, "person", "eve", "--name", MARKUP)
    assert MARKUP in ok(brook, "start", "two", "--as", "eve", "--name", MARKUP, "--host", f"trust|{html}|nhs_body")
    for command in ("status", "people", "history", "tasks", "dates", "milestones", "documents"):
        brook(command, "two", "--as", "eve")
        assert brook(command, "two", "--as", "eve").code == 0
    assert "[red]Not red[/]" in ok(brook, "status", "two", "--as", "eve")
    assert "[red]Not red[/]" in ok(brook, "next")
    task = ("lay-task", "brook", "--as", "ada", "--key", "t", "--title", MARKUP, "--owner", "ada")
    ok(brook, *task)
    assert "[red]Not red[/]" in ok(brook, "tasks", "brook", "--as", "ada")
    ok(brook, "remind", "--on", "2023-09-11")
    mails = [message_from_bytes(p.read_bytes()) for p in (tmp_path / "data" / "mail").rglob("*.eml")]
    hers = next(m for m in mails if "ada@example.org" in m["To"])
    assert hers["Bcc"] is None
    parts = [p.get_payload(decode=True) for p in hers.walk() if p.get_content_type() == "text/html"]
    assert parts
    assert all(isinstance(p, bytes) and b"<script>" not in p for p in parts)


def test_a_line_end_begins_no_header() -> None:
    """Whatever reached the rows: a subject and a name are one line each, and an address that is none is told."""
    good = Message(
        to="a@example.org", to_name="A\nBcc: b@example.org", subject="S\r\nBcc: c@example.org", text="t",
        html="<p>t</p>", message_id="<1@example.org>",
    )  # fmt: skip
    mail = message_from_bytes(as_mail(good, "m@example.org").as_bytes())
    assert mail["Bcc"] is None
    assert mail["Subject"] == "S Bcc: c@example.org"
    for address in ("", "<script>@x", "a@b@c", "a@b\nBcc: c@d"):
        bad = Message(to=address, to_name="A", subject="S", text="", html="", message_id="<2@example.org>")
        with pytest.raises(Undeliverable):
            as_mail(bad, "m@example.org")


def test_what_acts_on_a_terminal_is_shown_by_its_name() -> None:
    """Escape sequences, their one-byte forms, and marks that turn the writing round; Welsh letters stay."""
    assert plain.visible("a\x1b[31m \x9b31m \u202eb") == "a<U+001B>[31m <U+009B>31m <U+202E>b"
    assert plain.visible("Llŷr\tŵ\n") == "Llŷr\tŵ\n"
    said = plain.escaped(json.dumps({"a": "\x1b\x9b\u202e ŷ"}, ensure_ascii=False))
    assert json.loads(said) == {"a": "\x1b\x9b\u202e ŷ"}
    assert not set("\x1b\x9b\u202e") & set(said)


NARROW = (
    *((name, "brook") for name in ("status", "people", "tasks", "dates", "milestones", "documents", "history")),
    ("show", "brook", "vision", "--all"),
    ("why", "brook", "challenge_window"),
    ("dates", "brook", "--plan"),
    ("documents", "brook", "--blanks", "articles"),
)


@pytest.mark.parametrize("columns", ["80", "40", "20"])
def test_a_narrow_window_is_never_overrun(brook: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """Lines are folded at its edge."""
    monkeypatch.setenv("COLUMNS", columns)
    for command in NARROW:
        ran = brook(*command, "--as", "ada")
        assert ran.code == 0
        assert max(map(len, ran.out.splitlines())) <= int(columns)
        assert not any(line != line.rstrip() for line in ran.out.splitlines())


def test_a_file_is_kept_only_when_it_is_attached(brook: Run, tmp_path: Path) -> None:
    """Who may not attach it leaves nothing of it in the house."""
    file = tmp_path / "notes.pdf"
    file.write_bytes(b"what was said on the first evening")
    words = ("attach", "brook", "--step", "vision", "--key", "notes", "--path", str(file), "--on", "2023-09-05")
    assert "that is for the" in refused(brook, 3, *words, "--as", "sam")
    kept = tmp_path / "data" / "evidence"
    assert not [p for p in kept.rglob("*") if p.is_file()]
    assert brook(*words, "--as", "ada").code == 0
    assert [p.read_bytes() for p in kept.rglob("*") if p.is_file()] == [file.read_bytes()]


def test_a_fault_of_ours_is_no_traceback(brook: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that it is not the person's mistake, and how the place can be seen."""

    def broken(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mutualflow.services.home.home", broken)
    said = refused(brook, 1, "status", "brook", "--as", "ada")
    assert "this is not your mistake" in said
    assert "MUTUALFLOW_LOG=debug" in said


def test_a_command_that_is_stopped_says_so(brook: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is the person's wish, not a fault."""

    def stopped(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "command_of", lambda entry: stopped)
    assert "Stopped." in refused(brook, 130, "status", "brook", "--as", "ada")


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    """Without colours when piped; a reader who has read enough is no fault."""
    ran = subprocess.run(
        [sys.executable, "-m", "mutualflow", "--help"], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0
    assert "status" in ran.stdout
    assert "\x1b" not in ran.stdout


def test_a_database_of_another_version_says_so(brook: Run, tmp_path: Path) -> None:
    """A column that this program wants is not there; and what nobody foresaw is told in the database's own words."""
    with sqlite3.connect(tmp_path / "data" / "mutualflow.db") as db:
        db.execute("ALTER TABLE awaited RENAME COLUMN since TO began")
    assert "made by another version of this program; run “mutualflow init”" in refused(brook, 1, "next", "--as", "ada")
