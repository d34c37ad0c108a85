"""What a record shows of a formation: its days, steps done, facts and states, gathered row by row (model.md 10)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mutualflow.domain.applies import number_range
from mutualflow.domain.desk import title, words
from mutualflow.domain.errors import Refusal, Refused
from mutualflow.domain.formation import DecisionOutcome
from mutualflow.domain.history import Actor, Happening, History, SaidDate, SaidFact, SaidState
from mutualflow.domain.keys import ADVISER_ROLES, Body, Milestone, Part, Registrar, Role
from mutualflow.domain.material import say_date, say_day
from mutualflow.domain.pathway import Pathway, Slot
from mutualflow.domain.spans import UNKNOWN_DAY, Span
from mutualflow.domain.spans import parse as parse_span
from mutualflow.domain.values import canonical

LAUNCH = Milestone.GO_LIVE.value
BODYLESS = ("undecided", "none")
STOPS_BEFORE = "the record stops before it"
SAID_YES = frozenset({DecisionOutcome.YES, DecisionOutcome.YES_SUBJECT_TO, DecisionOutcome.PARTLY})
APPROVALS = frozenset({"approve", "approve_subject_to"})
BODIES = frozenset(b.value for b in Body)
ROLES = frozenset(r.value for r in Role)
MILESTONES = frozenset(m.value for m in Milestone)


@dataclass(frozen=True, slots=True)
class No:
    """One thing that cannot be, with the refusal's code and the line of the file (0: no one line)."""

    code: Refusal
    sentence: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class CannotSay:
    """One thing that the record does not show."""

    about: str
    why: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something recorded without a paper behind it."""

    about: str
    on: str


@dataclass(slots=True)
class Record:
    """Everything gathered. Spans of `done` and `actual` may be unknown: it happened, nobody says when.

    `acts`: (step, submitted | approved | filed | answered) -> when. `refused_on`: step -> the day of a last "no".
    """

    known_until: Span
    plans: dict[str, list[Span]] = field(default_factory=dict)
    actual: dict[str, Span] = field(default_factory=dict)
    done: dict[str, Span] = field(default_factory=dict)
    acts: dict[tuple[str, str], Span] = field(default_factory=dict)
    refused_on: dict[str, Span] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)  # rows of lists
    states: list[SaidState] = field(default_factory=list)
    forms: tuple[str, ...] = ()
    form: str = ""
    complete: dict[str, Span] = field(default_factory=dict)
    rows: list[tuple[str, Span, int]] = field(default_factory=list)  # what happened, when, on which line
    no: list[No] = field(default_factory=list)
    cannot_say: list[CannotSay] = field(default_factory=list)
    lacking: list[Lacking] = field(default_factory=list)

    def refuse(self, code: Refusal, sentence: str, line: int = 0) -> None:
        """Note what cannot be, once."""
        no = No(code, sentence, line)
        if no not in self.no:
            self.no.append(no)

    def unsaid(self, about: str, why: str) -> None:
        """Note what the record does not show, once."""
        one = CannotSay(about, why)
        if one not in self.cannot_say:
            self.cannot_say.append(one)

    @property
    def launched(self) -> Span | None:
        """The day of going live."""
        return self.actual.get(Milestone.GO_LIVE.value)

    @property
    def ended(self) -> SaidState | None:
        """The end, where there is one."""
        return next((s for s in self.states if s.state == "ended"), None)


def say(span: Span) -> str:
    """A day as a sentence says it."""
    if span.day is not None:
        return f"on {say_day(span.day)}"
    if span == UNKNOWN_DAY:
        return "on a day that is not known"
    text = short(span)
    return say_date(text) if ".." in text else f"in {say_date(text)}"


def short(span: Span) -> str:
    """A day as a file writes it: a whole month or year by its own name."""
    first, last = span.earliest, span.latest
    if first is None or last is None or first == last:
        return str(span)
    for text in (f"{first:%Y-%m}", f"{first:%Y}"):
        if parse_span(text) == span:
            return text
    return str(span)


def after(one: Span, other: Span) -> bool:
    """Does the one surely lie after the other?"""
    return one.earliest is not None and other.latest is not None and one.earliest > other.latest


def perhaps_after(one: Span, other: Span) -> bool:
    """Can the one lie after the other, as far as is known?"""
    return one.latest is None or other.earliest is None or one.latest > other.earliest


def meet(one: Span, other: Span) -> Span | None:
    """The days that are in both; None where there is none."""
    lows = [d for d in (one.earliest, other.earliest) if d is not None]
    highs = [d for d in (one.latest, other.latest) if d is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else Span(low, high)


def gather(history: History, pathway: Pathway) -> Record:
    """The record of a thin history, with everything about it that cannot be or is not shown."""
    record = Record(history.known_until, forms=history.forms, form=history.form)
    _facts(record, history, pathway)
    _plans(record, history.milestones)
    _actuals(record, history.milestones)
    _Happened(record, history, pathway).gather()
    record.states = sorted(history.states, key=_by_day)
    for state in record.states:
        record.rows.append((f"the state “{state.state}”", state.on, state.line))
        if not state.source:
            record.lacking.append(Lacking(f"state {state.state}", short(state.on)))
    _people(record, history)
    return record


def _by_day(state: SaidState) -> str:
    day = state.on.earliest or state.on.latest
    return day.isoformat() if day else "9999"


# facts ------------------------------------------------------------------------------------------------------------


def _facts(record: Record, history: History, pathway: Pathway) -> None:
    by_key: dict[str, list[SaidFact]] = {}
    for fact in history.facts:
        question = pathway.questions.get(fact.key)
        if question is None:
            record.refuse(Refusal.UNKNOWN_KEY, f"There is no question “{fact.key}”.", fact.line)
            continue
        try:
            text = canonical(question, fact.text)
        except Refused as refused:
            record.refuse(refused.code, refused.sentence, fact.line)
            continue
        by_key.setdefault(fact.key, []).append(replace(fact, text=text))
    for key, rows in by_key.items():
        value = _agreed(rows)
        if value is None:
            said = "; ".join(f"{r.source or 'no source'} says {r.text}" for r in rows)
            record.unsaid(key, f"The sources differ: {said}.")
        else:
            record.said[key] = value
    heads = {"route": history.route, "nation": history.nation, "host_kind": history.host_kind}
    if len(history.forms) == 1 and history.form_status == "chosen":
        heads["legal_form"] = history.forms[0]
    for key, value in heads.items():
        if not value or value == "unknown":
            continue
        if record.said.get(key, value) != value:
            record.refuse(
                Refusal.INVALID_VALUE,
                f"The file says {words(key)} {value} at its head, and {record.said[key]} among its facts.",
            )
        record.said[key] = value
    _form_fact(record, history)
    _host_kind(record, history)


def _form_fact(record: Record, history: History) -> None:
    said = record.said.get("legal_form")
    if said is None or said in history.forms or history.form == "unknown":
        return
    record.refuse(
        Refusal.INVALID_VALUE, f"The file gives the form as {history.form}, and a fact says that it is {said}."
    )


def _host_kind(record: Record, history: History) -> None:
    kinds = tuple(dict.fromkeys(o.kind.value for o in history.organisations if o.part is Part.HOST))
    said = record.said.get("host_kind")
    if said is not None and kinds and said not in kinds:
        record.refuse(
            Refusal.INVALID_VALUE, f"The kind of the host is given as {said}, and the host listed is {kinds[0]}."
        )
    elif said is None and len(kinds) == 1:
        record.said["host_kind"] = kinds[0]


def _agreed(rows: list[SaidFact]) -> str | None:
    """The one value on which sources agree; of one source the later word counts; None where they differ."""
    last: dict[str, SaidFact] = {}
    for row in rows:
        held = last.get(row.source)
        if held is None or not after(held.said_on, row.said_on):
            last[row.source] = row
    texts = list(dict.fromkeys(r.text for r in last.values()))
    value = texts[0]
    for text in texts[1:]:
        narrower = _narrower(value, text)
        if narrower is None:
            return None
        value = narrower
    return value


def _narrower(one: str, other: str) -> str | None:
    """What two numbers or ranges have in common; None where that is nothing, or they are words."""
    (low, high), (low2, high2) = number_range(one), number_range(other)
    if low is None or low2 is None:
        return None
    least = max(low, low2)
    tops = [h for h in (high, high2) if h is not None]
    most = min(tops) if tops else None
    if most is not None and least > most:
        return None
    if most == least:
        return str(least)
    return f"{least}..{most if most is not None else ''}"


# milestones -------------------------------------------------------------------------------------------------------


def _plans(record: Record, rows: Iterable[SaidDate]) -> None:
    """The plans of each milestone in the order in which they were made: by day where said, else as written."""
    by_key: dict[str, list[SaidDate]] = {}
    for row in rows:
        if row.planned is not None:
            by_key.setdefault(row.milestone, []).append(row)
    for key, plans in by_key.items():
        dated = [n for n, p in enumerate(plans) if p.said_on.earliest is not None]
        ordered = list(plans)
        known = sorted((plans[n] for n in dated), key=lambda p: str(p.said_on.earliest))
        for place, plan in zip(dated, known, strict=True):
            ordered[place] = plan
        record.plans[key] = [p.planned for p in ordered if p.planned is not None]


def _actuals(record: Record, rows: Iterable[SaidDate]) -> None:
    for row in rows:
        if row.actual is None:
            continue
        held = record.actual.get(row.milestone)
        if held is not None and held != row.actual:
            record.refuse(
                Refusal.INVALID_VALUE,
                f"{_title(row.milestone)} has two actual days: {short(held)} and {short(row.actual)}. Where sources "
                "differ, write one stretch that holds both.",
                row.line,
            )
            continue
        record.actual[row.milestone] = row.actual
        record.rows.append((_title(row.milestone), row.actual, row.line))
        if not row.source:
            record.lacking.append(Lacking(row.milestone, short(row.actual)))


def _title(milestone: str) -> str:
    return words(milestone).capitalize()


# what happened ----------------------------------------------------------------------------------------------------


class _Happened:
    """Reads the rows of `happened` into a record."""

    def __init__(self, record: Record, history: History, pathway: Pathway) -> None:
        self.record = record
        self.history = history
        self.pathway = pathway
        self.people = {p.key: p for p in history.people}
        self.organisations = {o.key for o in history.organisations}
        self.hosts = [o.key for o in history.organisations if o.part is Part.HOST]
        self.left: dict[str, Span] = {}
        self.yes: dict[str, dict[str, Span]] = {}  # step -> host -> when
        self.submitter: dict[str, str] = {}
        self.filled: dict[str, dict[str, str]] = {}  # step -> slot -> person, of this round

    def gather(self) -> None:
        """All rows; first those with a day, so that the others may lie before or after them."""
        rows = self.history.happened
        for row in rows:
            person = str(row.row.get("person", ""))
            if person and self._person(person, row):
                self.left[person] = row.on
        for row in sorted(rows, key=lambda r: bool({"before", "after"} & set(r.row))):
            self._row(replace(row, on=self._placed(row)))
        for step in self.record.done:
            reaches = self.pathway.steps[step].reaches
            if reaches is not None:
                self._reach(reaches.value, self.record.done[step], 0)
        for milestone, span in tuple(self.record.actual.items()):
            step_key = self.pathway.reached_by.get(Milestone(milestone))
            if step_key is not None:
                self.record.done[step_key] = span

    def _placed(self, row: Happening) -> Span:
        """The day of a row, bounded by what it says it comes before and after."""
        on = row.on
        for key, last in (("before", True), ("after", False)):
            if key not in row.row:
                continue
            other = self._day_of(str(row.row[key]), row)
            if other is None:
                continue
            bound = Span(None, other.latest) if last else Span(other.earliest, None)
            within = meet(on, bound)
            if within is None:
                self.record.refuse(
                    Refusal.ORDER,
                    f"Something dated {short(on)} is said to lie {key} {words(str(row.row[key]))}, which was "
                    f"{say(other)}.",
                    row.line,
                )
            else:
                on = within
        return on

    def _day_of(self, key: str, row: Happening) -> Span | None:
        step, milestone = self._resolve(key, row)
        if milestone in self.record.actual:
            return self.record.actual[milestone]
        return self.record.done.get(step)

    def _resolve(self, key: str, row: Happening) -> tuple[str, str]:
        """Step and milestone of a key that may name either; ('', '') and a refusal for neither."""
        if key in self.pathway.steps:
            reaches = self.pathway.steps[key].reaches
            return key, reaches.value if reaches else ""
        if key in MILESTONES:
            return self.pathway.reached_by.get(Milestone(key), ""), key
        self.record.refuse(Refusal.UNKNOWN_KEY, f"“{key}” is neither a step nor a milestone.", row.line)
        return "", ""

    def _row(self, row: Happening) -> None:
        said = row.row
        self._actor(row)
        if "complete" in said:
            listed = said["complete"]
            for key in listed if isinstance(listed, list) else [listed]:
                step, _ = self._resolve(str(key), row)
                if step:
                    self.record.complete[step] = row.on
        if "filing" in said:
            self._filing(row)
        if "step" not in said:
            if set(said) - {"date", "note", "source", "before", "after"}:
                self.record.rows.append(("a row", row.on, row.line))
            return
        step, milestone = self._resolve(str(said["step"]), row)
        about = title(self.pathway, step) if step else words(milestone)
        if step or milestone:
            self.record.rows.append((about, row.on, row.line))
        if "decision" in said:
            self._decision(row, step, milestone)
        elif "move" in said and step:
            self._move(row, step)

    def _actor(self, row: Happening) -> None:
        """Who acts is a body, a role, or somebody of the file in the time in which she was there."""
        for key in ("by", "of"):
            if key not in row.row:
                continue
            who = str(row.row[key])
            if key == "of" and who in self.organisations:
                continue
            if key == "by" and who in BODIES | ROLES | self.organisations:
                continue
            if key == "of" or who not in self.people:
                self.record.refuse(Refusal.UNKNOWN_KEY, f"Nobody in the file is called “{who}”.", row.line)
            else:
                self._was_there(self.people[who], row)

    def _was_there(self, person: Actor, row: Happening) -> None:
        gone = self.left.get(person.key) or person.until
        early = after(person.since, row.on)
        late = gone is not None and gone != UNKNOWN_DAY and after(row.on, gone)
        if early or late:
            when = f"was there only from {person.since}" if early else f"had left by {gone}"
            self.record.refuse(
                Refusal.NOT_PERMITTED, f"“{person.key}” cannot have acted {say(row.on)}: she {when}.", row.line
            )

    def _person(self, key: str, row: Happening) -> bool:
        if key not in self.people:
            self.record.refuse(Refusal.UNKNOWN_KEY, f"Nobody in the file is called “{key}”.", row.line)
        return key in self.people

    def _decision(self, row: Happening, step: str, milestone: str) -> None:
        outcome = DecisionOutcome(str(row.row["decision"]))
        about = step or milestone
        if not {"evidence", "source"} & set(row.row):
            self.record.lacking.append(Lacking(about, short(row.on)))
        by = str(row.row.get("by", ""))
        if step and by in self.people:
            self._fills(row, step, by)
        if outcome is DecisionOutcome.NO and step:
            self.record.refused_on[step] = row.on
        if outcome not in SAID_YES:
            return
        self.record.refused_on.pop(step, None)
        if not step:
            self._reach(milestone, row.on, row.line)
            return
        given = self.yes.setdefault(step, {})
        given[str(row.row.get("of", ""))] = row.on
        each = any(s.each_host for s in self.pathway.steps[step].slots)
        missing = [h for h in self.hosts if h not in given] if each and "" not in given else []
        if missing and len(self.hosts) > 1:
            names = ", ".join(missing)
            self.record.unsaid(step, f"Whether {names} decided on {title(self.pathway, step)} is not recorded.")
        self._finish(step, _latest(given.values()))

    def _move(self, row: Happening, step: str) -> None:
        move, by = str(row.row["move"]), str(row.row.get("by", ""))
        if move == "submit":
            self.record.acts[(step, "submitted")] = row.on
            self.submitter[step], self.filled[step] = by, {}
            if not self.pathway.steps[step].slots:
                self._finish(step, row.on)
        elif move in APPROVALS:
            if by in self.people:
                self._fills(row, step, by)
            self.record.refused_on.pop(step, None)
            self._finish(step, row.on)
        elif move in ("waive", "confirm"):
            self._finish(step, row.on)
        elif move == "reopen":
            self.record.done.pop(step, None)

    def _fills(self, row: Happening, step: str, person: str) -> None:
        """A person fills a slot: never of what she submitted, never two of one submission."""
        about = title(self.pathway, step)
        if person and person == self.submitter.get(step):
            self.record.refuse(
                Refusal.FOUR_EYES, f"“{person}” put {about} forward, so somebody else has to approve it.", row.line
            )
            return
        filled = self.filled.setdefault(step, {})
        slot = str(row.row.get("slot", "")) or self._fitting(step, person, filled)
        others = [s for s, who in filled.items() if who == person and s != slot]
        if others:
            self.record.refuse(
                Refusal.FOUR_EYES, f"“{person}” stands in two slots of {about}: {others[0]} and {slot}.", row.line
            )
        filled[slot] = person

    def _fitting(self, step: str, person: str, filled: Mapping[str, str]) -> str:
        """The slot that fits the person's roles; of several the first that is not filled."""
        fits = [s.key for s in self.pathway.steps[step].slots if _fits(s, self.people[person])]
        free = [key for key in fits if key not in filled or filled[key] == person]
        return next(iter(free or fits), "")

    def _filing(self, row: Happening) -> None:
        registrar = Registrar(str(row.row["filing"]))
        step, milestone = self._filed_at(registrar)
        sent = parse_span(str(row.row["sent"])) if "sent" in row.row else None
        answered = parse_span(str(row.row["answered"])) if "answered" in row.row else row.on
        self.record.rows.append((f"the answer of {words(registrar.value)}", answered, row.line))
        if sent is not None:
            self.record.acts[(step, "filed")] = sent
            if after(sent, answered):
                self.record.refuse(
                    Refusal.ORDER, f"What was sent {say(sent)} cannot have been answered {say(answered)}.", row.line
                )
        if "answer" not in row.row:
            return
        if not {"evidence", "source"} & set(row.row):
            self.record.lacking.append(Lacking(milestone, short(answered)))
        if row.row["answer"] == "refused":
            self.record.refused_on[step or milestone] = answered
            return
        self.record.refused_on.pop(step or milestone, None)
        self.record.acts[(step, "answered")] = answered
        if step:
            self._finish(step, answered)
        else:
            self._reach(milestone, answered, row.line)

    def _filed_at(self, registrar: Registrar) -> tuple[str, str]:
        charity_only = registrar is Registrar.CHARITY_COMMISSION and "cio" not in self.record.forms
        milestone = Milestone.CHARITY_REGISTRATION if charity_only else Milestone.REGISTRATION
        return self.pathway.reached_by.get(milestone, ""), milestone.value

    def _finish(self, step: str, on: Span) -> None:
        self.record.done[step] = on
        self.record.acts[(step, "approved")] = on

    def _reach(self, milestone: str, on: Span, line: int) -> None:
        """A milestone was reached; a day given elsewhere in the file has to agree."""
        held = self.record.actual.get(milestone)
        both = on if held is None else meet(held, on)
        if both is not None:
            self.record.actual[milestone] = both
        elif held is not None:
            sentence = f"{_title(milestone)} has two actual days: {short(held)} and {short(on)}."
            self.record.refuse(Refusal.INVALID_VALUE, sentence, line)


def _fits(slot: Slot, person: Actor) -> bool:
    return any(r.role is slot.role and (r.side is slot.side or not r.side_said) for r in person.roles)


def _latest(spans: Iterable[Span]) -> Span:
    """The day on which the last of several things had happened."""
    many = list(spans)
    lows = [s.earliest for s in many if s.earliest is not None]
    highs = [s.latest for s in many if s.latest is not None]
    high = max(highs) if len(highs) == len(many) else None
    return Span(max(lows, default=None), high)


# people -----------------------------------------------------------------------------------------------------------


def _people(record: Record, history: History) -> None:
    for person in history.people:
        for role in ADVISER_ROLES:
            sides = {r.side for r in person.roles if r.role is role and r.side_said}
            if len(sides) > 1:
                sentence = f"“{person.key}” advises two sides as {words(role.value)}; an adviser has one."
                record.refuse(Refusal.NOT_PERMITTED, sentence)


def contradictions(record: Record) -> Iterator[tuple[str, Span, int]]:
    """Rows dated after the day on which the record is said to stop."""
    return (row for row in record.rows if after(row[1], record.known_until))
