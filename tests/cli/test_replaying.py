"""`replay` as people and programs use it: what it prints, and its exit codes."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"
SPIRAL = str(SAMPLES / "spiral-health.yaml")


def test_an_accepted_history_is_told_and_ends_with_nought(run: Run) -> None:
    ran = run("replay", SPIRAL)
    assert ran.code == 0
    assert "Spiral Health" in ran.out
    assert "wound up" in ran.out
    said = run("replay", SPIRAL, "--json").json()
    assert said["assumed"]
    assert f"Assumed ({len(said['assumed'])})" in ran.out
    assert said["outcome"] == "wound_up"
    assert said["refused"] == []


def test_strict_refuses_what_is_assumed(run: Run) -> None:
    ran = run("replay", SPIRAL, "--strict", "--json")
    assert ran.code == 3
    assert [no["code"] for no in ran.json()["refused"]] == ["assumed"]


def test_what_the_schema_sees_ends_with_two(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("case: x\nkind: history\nform: mutual\n", encoding="utf-8")
    ran = run("replay", str(file))
    assert ran.code == 2
    assert "x.yaml:3" in ran.err
    assert run("replay", str(tmp_path / "nothing.yaml")).code == 2


def test_what_cannot_have_been_ends_with_three(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(
        "case: x\nkind: history\nform: none\nstates:\n  - {date: 2012, state: launched}\n", encoding="utf-8"
    )
    ran = run("replay", str(file))
    assert ran.code == 3
    assert "somebody to transfer to" in ran.out


def test_a_kept_history_is_read_by_the_other_commands(run: Run) -> None:
    assert run("init").code == 0
    kept = run("replay", str(SAMPLES / "suffolk-libraries.yaml"), "--keep")
    assert kept.code == 0
    assert "mutualflow status suffolk-libraries --as operator" in kept.out
    assert "launched since 1 August 2012" in run("status", "suffolk-libraries", "--as", "operator").out
    assert "116 days late" in run("milestones", "suffolk-libraries", "--as", "operator").out
    assert "what the record shows" in run("history", "suffolk-libraries", "--as", "operator").out
    assert run("audit", "verify", "--replay").code == 0
    assert run("replay", str(SAMPLES / "suffolk-libraries.yaml"), "--keep").code == 3


@pytest.fixture
def short_sample(tmp_path: Path) -> Path:
    """The first steps of the rich sample, with one row that cannot be."""
    text = (SAMPLES / "homeless-health.yaml").read_text(encoding="utf-8")
    head = text[: text.index("happened:")].replace("case: homeless-health", "case: short-health")
    rows = """happened:
  - {date: '2023-09-04', move: answer, fact: why_leave, value: To be nearer to people., by: lead}
  - {date: '2023-09-05', step: vision, move: approve, by: colleague}
"""
    file = tmp_path / "short-health.yaml"
    file.write_text(head + rows, encoding="utf-8")
    return file


def test_a_sample_is_lived_until_a_row_goes_otherwise(run: Run, short_sample: Path) -> None:
    ran = run("replay", str(short_sample), "--json")
    assert ran.code == 3
    said = ran.json()
    assert said["kind"] == "sample"
    assert [no["code"] for no in said["refused"]] == ["wrong_status"]
    assert said["refused"][0]["line"] > 100
    assert run("replay", str(short_sample), "--keep").code == 2
