"""Reading commands: a picture for people, the same as JSON for programs, a sentence and a code where it cannot be."""

import pytest

from tests.cli.conftest import Run

READING = (
    ("status", "brook", "--as", "ada"),
    ("next", "--as", "ada"),
    ("next",),
    ("show", "brook", "vision", "--as", "ada"),
    ("show", "brook", "permission_given", "--as", "sam", "--all"),
    ("why", "brook", "challenge_window", "--as", "ada"),
    ("tasks", "brook", "--as", "ada"),
    ("dates", "brook", "--as", "ada"),
    ("dates", "brook", "--as", "ada", "--plan"),
    ("milestones", "brook", "--as", "ada"),
    ("people", "brook", "--as", "ada"),
    ("history", "brook", "--as", "ada"),
    ("documents", "brook", "--as", "ada"),
    ("documents", "brook", "--as", "ada", "--blanks", "expression_of_interest"),
    ("pathways", "list"),
    ("pathways", "show", "explore"),
    ("pathways", "show", "registration"),
    ("prescribed", "list"),
    ("audit", "verify", "--replay"),
)


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_every_reading_command_speaks_to_people_and_to_programs(brook: Run, command: tuple[str, ...]) -> None:
    """Both end well; JSON is one document and nothing else."""
    plain = brook(*command)
    assert (plain.code, plain.err) == (0, "")
    assert plain.out.strip()
    assert isinstance(brook(*command, "--json").json(), (dict, list))


def test_status_is_a_picture_of_the_walk(brook: Run) -> None:
    """Every stage is a row; who is waited for, dates, what is unknown and which roles are empty stand below."""
    out = brook("status", "brook", "--as", "ada", "--on", "2023-09-06").out
    for words in (
        "Brook Street",
        "SAMPLE",
        "Explore",
        "Sustain",
        "○ · · · ·",
        "0/5",
        "Waits for you",
        "since 4 September 2023 (2 days)",
        "Staff transfer: not planned yet, expected",
        "must be known before it is certain",
        "Roles that nobody holds yet",
    ):
        assert words in out, words
    page = brook("status", "brook", "--as", "ada", "--json", "--on", "2023-09-06").json()
    assert page["stages"][0]["steps"][0]["status"] == "open"
    assert page["mine"][0]["doing"] == "Put forward"
    assert page["mine"][0]["days"] == 2


def test_a_narrow_status_still_shows_the_whole_walk(brook: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stage by its whole name, with its count and its signs under it; a sign stays with its word."""
    monkeypatch.setenv("COLUMNS", "40")
    lines = brook("status", "brook", "--as", "ada", "--on", "2023-09-06").out.splitlines()
    at = lines.index("  ▸  Explore  0/5")
    assert lines[at + 1] == "     ○ · · · ·"
    assert any(line.strip().startswith("Seek permission  0/") for line in lines)
    assert not any(line.endswith("◇") and "gate" not in line and "·" not in line for line in lines)
    assert "◇ gate" in "\n".join(lines)


def test_next_says_what_to_type_for_each_thing(brook: Run) -> None:
    """A step is shown, a task is done, a finished one accepted; what waits for anybody names the formation's key."""
    task = ("--key", "rota", "--title", "A rota", "--owner", "kit")
    assert brook("lay-task", "brook", "--as", "ada", *task).code == 0
    assert "mutualflow done brook --task rota --as kit" in brook("next", "--as", "kit").out
    assert "mutualflow show brook vision --as ada" in brook("next", "--as", "ada").out
    assert "mutualflow show brook vision --as ada" in brook("status", "brook", "--as", "ada").out
    assert " · brook" in brook("next").out


def test_people_are_named_with_the_key_that_others_type(brook: Run) -> None:
    """Without it nobody could be asked, given a task or a role."""
    row = next(line for line in brook("people", "brook", "--as", "ada").out.splitlines() if "Kit Colleague" in line)
    assert row.split()[2] == "kit"


def test_a_step_shows_what_can_be_typed(brook: Run) -> None:
    """The columns of a list, and the only list there is; what one can always do."""
    out = " ".join(brook("show", "brook", "vision", "--as", "ada").out.split())
    assert "columns: name = " in out
    assert "mutualflow add-row brook --list group_members --row … --values COLUMN=… --as ada" in out
    assert "mutualflow note brook --step vision --text … --as ada (or ask, make-statement)" in out
    nothing = " ".join(brook("show", "brook", "vision", "--as", "sam").out.split())
    assert "acts that you cannot do now: --all says why" in nothing


def test_history_tells_what_came_of_an_act_without_a_name(brook: Run) -> None:
    """Nobody "is in hand again"."""
    brook("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", "To do it better")
    said = brook("reopen", "brook", "--as", "ada", "--step", "vision")
    assert said.code == 3
    told = " ".join(brook("adopt", "brook", "--as", "ada", "--steps", "service_scope=2023-08").out.split())
    assert told.startswith("✔ Ada Lead took “Say what the service is and where it ends” over")
    assert "Ada Lead “" not in told
    assert "Ada Lead “" not in brook("history", "brook", "--as", "ada").out


def test_a_correction_says_what_was_corrected(brook: Run) -> None:
    """In the words of the step that was put forward with it."""
    said = ("answer", "brook", "--as", "ada", "--fact", "why_leave")
    for fact in ("why_leave", "vision_statement", "benefits_for_users", "group_contact_name"):
        assert brook("answer", "brook", "--as", "ada", "--fact", fact, "--value", "To do it beter").code == 0
    row = ("--row", "m1", "--values", "name=Ada", "--values", "job=Nurse", "--values", "employer=Trust")
    assert brook("add-row", "brook", "--as", "ada", "--list", "group_members", *row).code == 0
    assert brook("complete-list", "brook", "--as", "ada", "--list", "group_members").code == 0
    assert brook("submit", "brook", "--as", "ada", "--step", "vision").code == 0
    told = brook(*said, "--value", "To do it better", "--correction", "a letter")
    assert "corrected the words of “why the group wants to leave”, put forward in “Write down why" in told.out


def test_blanks_are_told_by_who_knows_them(brook: Run) -> None:
    """Under the step that asks; what no step asks last."""
    out = brook("documents", "brook", "--as", "ada", "--blanks", "articles").out
    assert "things are missing" in out
    assert "mutualflow answer brook --fact registered_name --value ANSWER --as PERSON" in out
    assert out.index("What follows from other answers") > out.index("registered_name")


def test_status_tells_what_is_new_once(brook: Run) -> None:
    """JSON is no visit; a visit is."""
    brook("status", "brook", "--as", "sam")
    assert brook("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", "To do it better").code == 0
    assert brook("status", "brook", "--as", "sam", "--json").json()["news"]["count"] == 1
    assert "Ada Lead answered “why the group wants to leave”" in brook("status", "brook", "--as", "sam").out
    assert "Since you were here last" not in brook("status", "brook", "--as", "sam").out


def test_show_offers_what_the_acts_then_do(brook: Run) -> None:
    """What is offered is done with the command named, and with the revision that was read."""
    assert "answer" in [
        a["act"] for a in brook("show", "brook", "vision", "--as", "ada", "--json").json()["acts"] if a["allowed"]
    ]
    done = brook("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", "To do it better", "--seen", "0")
    assert done.code == 0
    page = brook("show", "brook", "vision", "--as", "ada", "--json").json()
    assert next(q for q in page["questions"] if q["key"] == "why_leave")["answer"] == "To do it better"
    stale = brook("answer", "brook", "--as", "ada", "--fact", "why_leave", "--value", "Else", "--seen", "0")
    assert stale.code == 3


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("status", "brook", "--as", "stranger"), 4, "There is no formation “brook” in which you have a role."),
        (("status", "nowhere", "--as", "ada"), 4, "There is no formation “nowhere”"),
        (("show", "brook", "nothing", "--as", "ada"), 4, "There is no step “nothing” on this pathway."),
        (("why", "brook", "put_right_registration", "--as", "ada"), 4, "There is no step"),
        (("next", "--as", "stranger"), 4, "Nobody is known as “stranger”."),
        (("documents", "brook", "--as", "ada", "--draft", "poem"), 4, "prints “poem”"),
        (("documents", "brook", "--as", "ada", "--save", "brook/D04/1"), 4, "no kept version"),
        (("status", "brook", "--as", "ada", "--on", "tomorrow"), 3, "is not a day; write YYYY-MM-DD."),
        (("pathways", "show", "poem"), 4, "no stage, step or ready form “poem”"),
        (("pathways", "sing"), 2, "Write list, show, check"),
        (("show", "brook", "vision", "--as", "ada", "--changes", "last week"), 2, "two rounds like 1..2"),
        (("status", "brook"), 2, "--as"),
        (("statuss", "brook"), 2, "Did you mean status"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(brook: Run, command: tuple[str, ...], code: int, words: str) -> None:
    """The exit codes of the house, and no trace of the program's insides."""
    ran = brook(*command)
    assert ran.code == code, ran
    assert words in " ".join((ran.out + ran.err).split()), ran
    assert "Traceback" not in ran.err


def test_a_refusal_is_json_for_programs(brook: Run) -> None:
    """On standard error, with its code."""
    ran = brook("status", "nowhere", "--as", "ada", "--json")
    assert ran.out == ""
    assert '"refused": "unknown_key"' in ran.err
