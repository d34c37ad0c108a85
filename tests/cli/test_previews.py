"""What an answer would do is shown before it is given, and showing it changes nothing."""

from tests.cli.conftest import Run

ON = ["--as", "ada", "--on", "2023-09-05"]
AGAIN = ["answer", "brook", "--fact", "why_leave", "--value", "Other words", *ON]


def put_forward(brook: Run) -> None:
    """The first step, as its owner puts it forward."""
    asked = [q["key"] for q in brook("show", "brook", "vision", *ON, "--json").json()["questions"]]
    for fact in asked:
        assert brook("answer", "brook", "--fact", fact, "--value", "Words", *ON).code == 0, fact
    row = [
        "--list",
        "group_members",
        "--row",
        "kit",
        "--values",
        "name=Kit",
        "--values",
        "job=Nurse",
        "--values",
        "employer=Trust",
    ]
    assert brook("add-row", "brook", *row, *ON).code == 0
    assert brook("complete-list", "brook", "--list", "group_members", *ON).code == 0
    assert brook("submit", "brook", "--step", "vision", *ON).code == 0


def test_an_answer_shows_what_it_would_take_back_and_changes_nothing(brook: Run) -> None:
    """The step that was put forward goes back in hand, and only when the answer is given."""
    put_forward(brook)
    before = brook("history", "brook", *ON[:2], "--json").json()
    shown = brook(*AGAIN, "--preview")
    assert shown.code == 0
    assert "would go back in hand" in shown.out
    assert "Nothing has been changed." in shown.out
    touched = brook(*AGAIN, "--preview", "--json").json()["touched"]
    assert [(one["step"], one["how"]) for one in touched] == [("vision", "taken_back")]
    assert brook("history", "brook", *ON[:2], "--json").json() == before
    kinds = [e["kind"] for e in brook(*AGAIN, "--json").json()["events"]]
    assert "effect_taken_back" in kinds


def test_an_answer_that_touches_nothing_says_so(brook: Run) -> None:
    """Before anything has been put forward."""
    assert "It would touch nothing" in brook(*AGAIN, "--preview").out


def test_only_acts_that_answer_have_a_preview(brook: Run) -> None:
    """Elsewhere it is no option."""
    assert brook("note", "brook", "--step", "vision", "--text", "A word", *ON, "--preview").code == 2
    for name in ("answer", "add-row", "retire-row", "complete-list"):
        assert "--preview" in brook(name, "--help").out
