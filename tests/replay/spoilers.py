"""Ways to spoil a sample, computed from its own rows, each with what has to come of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mutualflow.domain.cases import operands, step_conditions
from mutualflow.domain.errors import Refusal
from mutualflow.domain.formation import DateKind
from mutualflow.domain.history import Happening
from mutualflow.domain.keys import ADVISER_ROLES, FORMS, Milestone
from mutualflow.domain.pathway import QuestionType, With
from mutualflow.domain.spans import on
from tests.replay.memory import Memory, Moment

ONE = timedelta(days=1)
DONE = {"approve", "approve_subject_to", "check_decision"}


@dataclass(frozen=True)
class Spoilt:
    """One spoilt file: from which row on it differs, the rows from there, and what is expected.

    `refused`: the code with which a row or the whole is refused; `reported`: what the whole reports; `missed`: a clock.
    """

    name: str
    at: int
    rows: tuple[Happening, ...]
    refused: Refusal | None = None
    reported: str = ""
    missed: str = ""


def but(row: Happening, **changes: object) -> Happening:
    """The row with other words; None takes a word out."""
    said = {k: v for k, v in {**row.row, **changes}.items() if v is not None}
    return replace(row, row=said)


class Spoiler:
    """Makes spoilt files of one sample that goes as it says."""

    def __init__(self, memory: Memory, moments: list[Moment]) -> None:
        self.memory = memory
        self.rows = memory.rows
        self.moments = moments
        self.pathway = memory.pathway
        self.steps = memory.pathway.steps

    def rest(self, at: int, *first: Happening, without: str = "") -> tuple[Happening, ...]:
        """Other rows in place of row `at`, then the file as it was (less all rows of a step)."""
        return (*first, *(r for r in self.rows[at + 1 :] if not without or r.row.get("step") != without))

    def moves(self, *moves: str) -> Iterator[tuple[int, Happening]]:
        """Rows with one of these moves that the file does not expect to be refused."""
        for at, row in enumerate(self.rows):
            if row.row.get("move") in moves and "refused" not in row.row:
                yield at, row

    def every(self) -> dict[str, list[Spoilt]]:
        """All of them, by kind."""
        kinds = (
            self.people_swapped, self.strangers, self.gates_skipped, self.not_put_forward, self.too_early,
            self.files_missing, self.answers_missing, self.nonsense, self.form_changed, self.after_the_end,
            self.orders, self.future, self.breaches, self.unknown, self.one_side, self.unexpected,
        )  # fmt: skip
        return {kind.__name__: list(kind()) for kind in kinds}

    def people_swapped(self) -> Iterator[Spoilt]:
        """Whoever put a step forward approves it herself."""
        for at, row in self.moves("approve", "approve_subject_to"):
            step = str(row.row["step"])
            who = self.moments[at].formation.submissions[step].by
            spoilt = but(row, by=who.removeprefix(f"{self.memory.history.case}."))
            yield Spoilt(f"{step} approved by who put it forward", at, (spoilt,), Refusal.FOUR_EYES)

    def strangers(self) -> Iterator[Spoilt]:
        """Somebody approves who holds no slot of the step and had no part in it."""
        scrutineer = "scrutineer"
        for at, row in self.moves("approve"):
            step = str(row.row["step"])
            if not any(s.role == scrutineer for s in self.steps[step].slots):
                yield Spoilt(
                    f"{step} approved by the scrutineer", at, (but(row, by=scrutineer),), Refusal.NOT_PERMITTED
                )

    def gates_skipped(self) -> Iterator[Spoilt]:
        """A body decides nothing at a gate: whatever comes next waits."""
        for at, row in enumerate(self.rows):
            step = str(row.row.get("step", ""))
            if "decision" in row.row and self.steps[step].gate:
                yield Spoilt(f"no decision at {step}", at, self.rest(at, without=step), Refusal.WAITS)
        for at, row in self.moves("check_decision"):
            yield Spoilt(f"nobody checks {row.row['step']}", at, self.rest(at), Refusal.WAITS)

    def not_put_forward(self) -> Iterator[Spoilt]:
        """What was not put forward cannot be approved."""
        for at, row in self.moves("submit"):
            following = next((r for r in self.rows[at + 1 :] if r.row.get("step") == row.row["step"]), None)
            if following is not None and following.row.get("move") in DONE and "refused" not in following.row:
                yield Spoilt(f"{row.row['step']} not put forward", at, (following,), Refusal.WRONG_STATUS)

    def too_early(self) -> Iterator[Spoilt]:
        """A step is put forward on the day on which the group began."""
        first = self.rows[0].on
        assert first.earliest is not None
        members = self.moments[0].formation.members
        for _, row in self.moves("submit"):
            key = str(row.row["step"])
            if not self.steps[key].after or self.steps[key].puts_right:
                continue
            who = self.memory.history.person(str(row.row["by"]))
            there = any(m.person == who and m.since <= first.earliest for m in members)
            code = Refusal.WAITS if there else Refusal.NOT_PERMITTED
            moved = but(row, happened_on=first.earliest.isoformat()) if "happened_on" in row.row else row
            yield Spoilt(f"{key} on the first day", 0, (replace(moved, on=first),), code)

    def files_missing(self) -> Iterator[Spoilt]:
        """A file that a step asks for is not attached."""
        for at, row in self.moves("attach"):
            key, evidence = str(row.row["step"]), str(row.row.get("evidence", ""))
            asked = [b for b in self.steps[key].brings if b.evidence == evidence]
            if asked and not asked[0].optional and asked[0].comes_with is With.SUBMIT:
                until = next(n for n in range(at, len(self.rows)) if self._submits(n, key))
                yield Spoilt(f"{key} without {evidence}", at, self.rest(at)[: until - at], Refusal.MISSING)

    def answers_missing(self) -> Iterator[Spoilt]:
        """A question that no condition reads is not answered."""
        deciding = {
            name
            for step in self.steps.values()
            for _, _, condition in step_conditions(step)
            for _, name in operands(self.pathway, condition)
        }
        said = [str(r.row.get("fact")) for _, r in self.moves("answer")]
        for at, row in self.moves("answer"):
            fact = str(row.row["fact"])
            key = self.pathway.asker.get(fact, "")
            alone = said.count(fact) == 1 and fact not in deciding and "row" not in row.row
            if alone and not self.pathway.asked[fact].optional:
                until = next((n for n in range(at, len(self.rows)) if self._submits(n, key)), at)
                if until > at:
                    yield Spoilt(f"{fact} not answered", at, self.rest(at)[: until - at], Refusal.UNANSWERED)

    def _submits(self, at: int, step: str) -> bool:
        return self.rows[at].row.get("move") == "submit" and self.rows[at].row.get("step") == step

    def nonsense(self) -> Iterator[Spoilt]:
        """An answer of another kind than the question asks for."""
        words = {QuestionType.YES_NO: "perhaps", QuestionType.CHOICE: "whatever", QuestionType.NUMBER: "many",
                 QuestionType.MONEY: "a lot", QuestionType.DATE: "soon"}  # fmt: skip
        for at, row in self.moves("answer"):
            question = self.pathway.questions.get(str(row.row["fact"]))
            if question is not None and question.type in words and "row" not in row.row:
                spoilt = but(row, value=words[question.type])
                yield Spoilt(f"{question.key} answered {words[question.type]}", at, (spoilt,), Refusal.INVALID_VALUE)

    def form_changed(self) -> Iterator[Spoilt]:
        """A form that cannot be formed here, or cannot be what it is wanted to be."""
        for at, row in self.moves("answer"):
            if row.row["fact"] == "legal_form":
                for form in FORMS:
                    if form not in self.pathway.forms:
                        yield Spoilt(f"form {form}", at, (but(row, value=form),), Refusal.INVALID_VALUE)
                yield Spoilt("no form", at, (but(row, value="none"),), Refusal.INVALID_VALUE)
            if row.row["fact"] == "charity_status_wanted":
                yield Spoilt("a charity, too", at, (but(row, value="yes"),), Refusal.IMPOSSIBLE)
            if row.row["fact"] == "route":
                spoilt = but(row, value="community_right_to_challenge")
                yield Spoilt("a challenge to the NHS", at, (spoilt,), Refusal.IMPOSSIBLE)

    def after_the_end(self) -> Iterator[Spoilt]:
        """Acts after the end."""
        end = len(self.rows)
        for move in ("submit", "plan", "answer"):
            row = next(r for _, r in self.moves(move))
            late = replace(row, on=on(self._day(end - 1) + timedelta(days=30)))
            yield Spoilt(f"{move} after the end", end, (late,), Refusal.ENDED)

    def _day(self, at: int) -> date:
        day = self.rows[at].on.earliest
        assert day is not None
        return day

    def orders(self) -> Iterator[Spoilt]:
        """The second milestone of a pair is dated before the first."""
        for pair in self.pathway.never:
            if {Milestone(pair.first), Milestone(pair.second)} <= set(self._held()):
                name = f"{pair.second} before {pair.first}"
                yield self._dated(name, pair.second, self._held()[Milestone(pair.first)] - ONE, refused=Refusal.ORDER)

    def future(self) -> Iterator[Spoilt]:
        """What is recorded as having happened has not yet."""
        for milestone in self._held():
            at = self._reached(milestone)
            spoilt = self._redated(at, self._day(at) + ONE)
            yield Spoilt(f"{milestone.value} recorded before it happened", at, (spoilt,), Refusal.INVALID_VALUE)

    def breaches(self) -> Iterator[Spoilt]:
        """What can really happen is reported, and what was late is called missed."""
        for first, second in (
            ("pension_secured", "staff_transfer"), ("staff_vote", "final_decision"), ("contract_signed", "go_live"),
            ("case_approved", "decision_in_principle"), ("permission_given", "decision_in_principle"),
        ):  # fmt: skip
            day = self._held()[Milestone(first)] - ONE
            step = self.pathway.reached_by[Milestone(first)]
            yield self._dated(f"{second} before {first}", second, day, reported=step)
        for step, rule, days in (
            ("employee_liability_information", "employee_liability_information", 20),
            ("tupe_information", "tupe_inform", -3),
        ):
            told = next(r.on.earliest for _, r in self.moves("submit") if r.row["step"] == step)
            assert told is not None
            day = told + timedelta(days=days)
            yield self._dated(f"staff moved {days} days after {step}", "staff_transfer", day, missed=rule)

    def _held(self) -> dict[Milestone, date]:
        """The actual days of the sample."""
        dates = self.moments[-1].formation.dates
        return {m: d.span.earliest for (m, k), d in dates.items() if k is DateKind.ACTUAL and d.span.earliest}

    def _dated(self, name: str, milestone: str, day: date, *, refused: Refusal | None = None, reported: str = "",
               missed: str = "") -> Spoilt:  # fmt: skip
        """The file with another day for a milestone, to its end."""
        at = self._reached(Milestone(milestone))
        return Spoilt(name, at, self.rest(at, self._redated(at, day)), refused, reported, missed)

    def _reached(self, milestone: Milestone) -> int:
        """The last row that gives the day of a milestone."""
        step = self.pathway.reached_by[milestone]
        giving = ("happened_on", "answered_on", "decision")
        mine = (n for n, r in enumerate(self.rows) if r.row.get("step") == step and any(k in r.row for k in giving))
        return max(mine)

    def _redated(self, at: int, day: date) -> Happening:
        """The row with another day of what it says happened."""
        row = self.rows[at]
        word = next((k for k in ("happened_on", "answered_on") if k in row.row), "decided_on")
        return but(row, **{word: day.isoformat()})

    def unknown(self) -> Iterator[Spoilt]:
        """Steps, questions and tasks that nobody knows."""
        for move, word in (("submit", "step"), ("answer", "fact"), ("approve", "step"), ("done", "task"),
                           ("complete_list", "list"), ("attach", "step")):  # fmt: skip
            at, row = next(iter(self.moves(move)))
            yield Spoilt(f"{move} of nothing", at, (but(row, **{word: "no_such_thing"}),), Refusal.UNKNOWN_KEY)

    def one_side(self) -> Iterator[Spoilt]:
        """An adviser who acts for the host approves for the group."""
        for at, row in self.moves("approve"):
            step, who = str(row.row["step"]), str(row.row["by"])
            role = next(r for p in self.memory.history.people if p.key == who for r in p.roles)
            other = f"host_{who}" if role.side == "group" else who.removeprefix("host_")
            if role.role in ADVISER_ROLES and other != who and any(p.key == other for p in self.memory.history.people):
                fits = any(s.role is role.role and s.side is not role.side for s in self.steps[step].slots)
                submission = self.moments[at].formation.submissions[step]
                person = self.memory.history.person(other)
                touched = person in (submission.by, *submission.answered_by, *submission.attached_by)
                if not fits and not touched:
                    yield Spoilt(f"{step} by {other} for {who}", at, (but(row, by=other),), Refusal.NOT_PERMITTED)

    def unexpected(self) -> Iterator[Spoilt]:
        """A row that is refused, in a file that does not say so."""
        for at, row in enumerate(self.rows):
            if "refused" in row.row:
                code = Refusal(str(row.row["refused"]))
                yield Spoilt(f"line {row.line} as if it were done", at, (but(row, refused=None),), code)
