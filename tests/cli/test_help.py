"""The help of every command: readable in any window, with an example that the command itself would accept."""

import shlex

import pytest
import typer

from mutualflow.cli import acting, running
from mutualflow.cli.examples import EXAMPLES
from mutualflow.cli.main import main
from mutualflow.cli.table import ACT, COMMANDS
from mutualflow.domain.moves import ACTS
from tests.cli.conftest import Run

LINES = [(name, line) for name, lines in EXAMPLES.items() for line in lines]


def test_every_command_has_an_example() -> None:
    assert set(EXAMPLES) == set(COMMANDS)
    assert all(EXAMPLES.values())


@pytest.mark.parametrize(("name", "line"), LINES, ids=lambda said: str(said)[:60])
def test_an_example_is_read_as_the_command_reads_it(
    name: str, line: str, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """Every option there is, nothing needed left out; the words of an act make an act."""
    program, command, *arguments = shlex.split(line)
    assert (program, command) == ("mutualflow", name)
    entry = COMMANDS[name]
    if entry.group != ACT:
        caught: list[dict[str, object]] = []
        monkeypatch.setattr(typer.core.TyperCommand, "invoke", lambda self, ctx: caught.append(ctx.params))
        running.command_of(entry)(arguments)
        assert len(caught) == 1
        return
    move = ACTS[name.replace("-", "_")]
    made: list[object] = []
    spelled = acting._spelled

    def stop(*said: object) -> None:
        made.append(spelled(*said))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(acting, "_spelled", stop)
    monkeypatch.setattr(acting, "_bytes_of", lambda path: b"a paper")
    assert run(*shlex.split(line)[1:]).code == 130
    assert isinstance(made[0], move.act)


@pytest.mark.parametrize("columns", ["40", "80"])
@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_the_window(name: str, columns: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folded, never cut; only the long word of an example may stand out."""
    monkeypatch.setenv("COLUMNS", columns)
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "…" not in ran.out
    body = ran.out[: ran.out.index("\nExample")]
    assert max(map(len, body.splitlines())) <= int(columns)
    assert not any(line != line.rstrip() for line in ran.out.splitlines())


def test_help_says_how_things_are_typed(run: Run) -> None:
    """Conditions, steps that were done before, days, what is needed, and what can be chosen."""
    said = run("approve-subject-to", "--help").out
    assert "--conditions KEY|TITLE|OWNER|DAY|HOLDS" in said
    assert "milestone:KEY" in said
    assert "--steps STEP=DAY" in run("adopt", "--help").out
    assert "--day DAY" in run("plan", "--help").out
    assert "first_year_complete" in run("end", "--help").out
    assert "--as PERSON" in run("status", "--help").out


def test_help_has_a_word_for_every_way_to_ask(run: Run) -> None:
    assert run("help", "answer").out == run("answer", "-h").out == run("answer", "--help").out
    assert run("help").out == run().out == run("--help").out
    assert run("help", "poem").code == 2


def test_the_first_page_fits_a_narrow_window(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = run("--help").out.splitlines()
    assert max(map(len, lines)) <= 40
    assert "   approve-subject-to" in lines


def test_a_needed_list_that_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Not a refusal by a rule: the command line is short of a word."""
    assert main(["adopt", "brook", "--as", "ada"]) == 2
    assert "Missing option '--steps'" in capsys.readouterr().err
