"""One step at a time: what it is and what one can do, why it stands where it does, and the tasks around it."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree
from sqlalchemy import Connection

from mutualflow.cli import picture
from mutualflow.cli.advice import advised
from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, print_json, today
from mutualflow.cli.rows import Rows
from mutualflow.domain.material import say_date, say_day
from mutualflow.domain.moves import ACTS
from mutualflow.domain.spelling import arguments, required
from mutualflow.domain.tri import MAYBE, NO, YES, Tri
from mutualflow.services import looking, rounds, step_page
from mutualflow.services import why as reasons
from mutualflow.services.looking import Look
from mutualflow.services.offers import Offer
from mutualflow.services.rounds import Difference, FactChange, RoundLine, StatementLine
from mutualflow.services.step_page import FileLine, ListLine, PaperLine, QuestionLine, SlotLine, StepPage, TaskLine
from mutualflow.services.why import Because, ToKnow, Why

StepKey = Annotated[str, typer.Argument(help="key of the step", show_default=False)]
Compare = Annotated[
    str, typer.Option("--changes", help="what changed: last, or two rounds as 1..2 (0 = today)", show_default="")
]
DIM = "bright_black"
TRUTHS = {YES: ("✔", "green"), NO: ("✘", "red"), MAYBE: ("?", "magenta")}
SLOTS = {
    "waiting": "yellow",
    "to_be_checked": "yellow",
    "approved": "green",
    "approved_subject_to": "green",
    "returned": "red",
    "lapsed": DIM,
    "not_asked_yet": DIM,
}


def show(
    formation: FormationKey,
    step: StepKey,
    as_person: AsPerson,
    changes: Compare = "",
    all_: Annotated[bool, typer.Option("--all", help="also what you cannot do now, and why")] = False,
    on: On = "",
    json_: AsJson = False,
) -> None:
    """One step: what is asked, put forward and answered, what changed since the last round, and what you can do."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> tuple[StepPage, tuple[RoundLine, ...], Difference | None]:
            look = looking.look(db, formation, by=as_person, today=day, law=app.law)
            return step_page.step_page(look, step), rounds.of(look, step), _difference(look, step, changes)

        with advised(app, formation, as_person, day, {"step": step}):
            page, past, changed = app.read(use_case)
    if json_:
        print_json(
            {
                **picture.plain(page),
                "rounds": [picture.plain(r) for r in past],
                "difference": picture.plain(changed) if changed else None,
            }
        )
        return
    _show(console(), page, past, changed, as_person, all_)


def _difference(look: Look, step: str, said: str) -> Difference | None:
    """The rounds asked for; without a word, the last round against today or the one before, where there is one."""
    if said in ("", "last"):
        return rounds.difference(look, step) if look.formation.steps[step].round else None
    first, dots, second = said.partition("..")
    if not dots or not first.isdigit() or not second.isdigit():
        raise typer.BadParameter("write --changes last, or two rounds like 1..2; 0 is today")
    return rounds.difference(look, step, int(first), int(second))


def _show(
    out: Console, page: StepPage, past: tuple[RoundLine, ...], changed: Difference | None, by: str, everything: bool
) -> None:
    out.print(_heading(page))
    parts = (
        ("Why", _prose(page.why)),
        ("How", _prose(page.how)),
        ("What goes wrong", _prose(page.goes_wrong)),
        ("Law", _law(page)),
        ("Waits for", Text("\n".join(page.waits_for)) if page.waits_for else None),
        ("Held up by", Text("\n".join(page.held_by)) if page.held_by else None),
        ("Questions", _questions(page)),
        *((line.label.capitalize(), _list(line)) for line in page.lists),
        ("Files", _files(page.files)),
        ("Documents", _papers(page.papers)),
        ("Who answers", _slots(page.slots)),
        ("Register", _filing(page)),
        ("What changed", _changed(changed, past)),
        ("Rounds", _past(past)),
        ("Tasks", task_table(page.tasks) if page.tasks else None),
        ("Notes", _notes(page)),
        ("What you can do", _offers(page, by, everything)),
    )
    for title, body in parts:
        if body is not None:
            out.print(picture.section(title, body))
    out.print()


def _heading(page: StepPage) -> Text:
    text = Text()
    text.append(page.title, style="bold")
    text.append("   ")
    text.append_text(picture.status_words(page.status, page.overtaken))
    text.append(f"\n{page.formation_name} · {page.stage} · {page.key} · revision {page.revision}", style=DIM)
    marks = [
        name
        for name, holds in (
            ("gate", page.gate),
            ("cannot be taken back", page.irrevocable),
            ("may be left out", page.optional),
        )
        if holds
    ]
    marks += [f"reaches the milestone {page.reaches}"] if page.reaches else []
    if marks:
        text.append(f" · {', '.join(marks)}", style=DIM)
    text.append(f"\n{page.sentence}")
    who = f"\nPut forward by: {page.owner}"
    who += f" ({', '.join(page.owners)})" if page.owners else " (nobody yet)"
    text.append(who)
    text.append(f"; in hand with {page.assignee}" if page.assignee else "")
    text.append(f"; helpers: {page.helpers}" if page.helpers else "")
    if page.agreed or page.latest:
        days = [f"agreed for {say_day(page.agreed)}"] if page.agreed else []
        days += [f"by the plan at the latest on {say_day(page.latest)}"] if page.latest else []
        text.append(f"\nTo be done: {', '.join(days)}")
    return text


def _prose(words: str) -> Text:
    return Text(words.strip())


def _law(page: StepPage) -> RenderableType | None:
    items = []
    for entry in page.law:
        text = Text(entry.text.strip())
        until = f" to {say_date(entry.in_force_to)}" if entry.in_force_to else ""
        text.append(f" ({entry.source_title}; from {say_date(entry.in_force_from)}{until})", style=DIM)
        text.append(f" {entry.note}" if entry.note else "", style="yellow")
        items.append((Text("§", style="cyan"), text))
    for clock in page.clocks:
        text = Text(f"{clock.title}: ", style="bold")
        text.append(
            f"{clock.why} ({clock.nature.replace('_', ' ')}; {clock.source or 'no source named'})", style="not bold"
        )
        text.append(f" {clock.source_note}" if clock.source_note else "", style="not bold yellow")
        items.append((Text("◷", style="cyan"), text))
    return picture.hanging(items) if items else None


def _truth(truth: Tri) -> Text:
    glyph, style = TRUTHS[truth]
    return Text(glyph, style=style)


def _questions(page: StepPage) -> RenderableType | None:
    if not page.questions and not page.withheld:
        return None
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=1)
    grid.add_column(overflow="fold", ratio=1)
    for q in page.questions:
        mark = _truth(YES) if q.answer and q.asked is YES else Text("?" if q.asked is MAYBE else "○", style="yellow")
        grid.add_row(mark, _question(q))
    if page.withheld:
        grid.add_row(Text("–", style=DIM), Text(f"{page.withheld} more that you do not see", style=DIM))
    return grid


def _question(q: QuestionLine) -> Text:
    text = Text()
    text.append(q.words, style="bold")
    text.append(f"  {q.key}", style=DIM)
    text.append("  may be left out" if q.optional else "", style=DIM)
    text.append("  may be asked" if q.asked is MAYBE else "", style="magenta")
    if q.answer:
        text.append(f"\n{q.answer}", style="" if q.asked is YES else DIM)
        text.append(f"\n{q.by}, {say_date(q.said_on)}" if q.said_on else f"\n{q.by}", style=DIM)
        text.append(f" · revision {q.revision}{' · words corrected' if q.corrected else ''}", style=DIM)
    elif q.choices:
        text.append("\n" + "; ".join(f"{key} = {words}" for key, words in q.choices.items()), style=DIM)
    elif q.hint:
        text.append(f"\n{q.hint.strip()}", style=DIM)
    return text


def _list(line: ListLine) -> RenderableType:
    head = Text(line.words, style="bold")
    head.append(f"  {line.key}", style=f"not bold {DIM}")
    state = "complete" if line.complete else "not said to be complete"
    wanted = f"; at least {line.at_least} wanted" if line.at_least else ""
    head.append(f" · {state}{wanted}", style=f"not bold {DIM}")
    columns = ", ".join(f"{key} = {label}" for key, label in line.columns.items())
    head.append(f"\ncolumns: {columns}", style=f"not bold {DIM}")
    mark = _truth(YES) if line.complete else Text("○", style="yellow")
    if not line.rows:
        return picture.hanging([(mark, head)])
    rows = Rows("Row", *line.columns.values())
    for row in line.rows:
        rows.add_row(Text(row.key, style=DIM), *(Text(row.cells.get(c, "")) for c in line.columns))
    return Group(picture.hanging([(mark, head)]), Padding(rows, (0, 0, 0, 2)))


def _files(lines: tuple[FileLine, ...]) -> RenderableType | None:
    items = []
    for line in lines:
        held = [f for f in line.held if not f.taken_out]
        text = Text(line.title[:1].upper() + line.title[1:])
        notes = [n for n in (line.catalogue, line.evidence, "may be left out" if line.optional else "") if n]
        if line.comes_with not in ("", "submit"):
            notes.append(f"comes with {line.comes_with.replace('_', ' ')}")
        text.append(f"  {' · '.join(notes)}" if notes else "", style=DIM)
        for one in line.held:
            text.append(f"\n{one.key}: {one.name}, {one.by}", style="strike" if one.taken_out else "")
            if one.valid_until:
                text.append(f", valid until {say_date(one.valid_until)}", style="yellow" if one.expired else "")
            text.append(f"  {one.sha256[:12]}", style=DIM)
        items.append((_truth(YES) if held else Text("○", style=DIM if line.optional else "yellow"), text))
    return picture.hanging(items) if items else None


def _papers(lines: tuple[PaperLine, ...]) -> RenderableType | None:
    items = []
    for line in lines:
        text = Text(line.document.replace("_", " ").capitalize())
        text.append(f"  {line.document} · {line.catalogue}{' · for filing' if line.for_filing else ''}", style=DIM)
        if line.number:
            text.append(f"\n{line.number}: {line.blanks or 'no'} {'blank' if line.blanks == 1 else 'blanks'}")
            text.append(f", {line.gaps} official texts not loaded" if line.gaps else "")
            text.append(", printed" if line.printed else ", being printed", style=DIM)
        items.append((_truth(line.wanted), text))
    return picture.hanging(items) if items else None


def _slots(lines: tuple[SlotLine, ...]) -> RenderableType:
    if not lines:
        return Text("Nobody has to approve this step.", style=DIM)
    return picture.hanging((Text("●" if one.by else "○", style=SLOTS[one.state]), _slot(one)) for one in lines)


def _slot(line: SlotLine) -> Text:
    text = Text(line.who)
    text.append(f", {line.organisation}" if line.organisation else "")
    text.append(f": {line.state.replace('_', ' ')}", style=SLOTS[line.state])
    if line.applies is MAYBE:
        text.append(" (it is not known yet whether it is asked)", style="magenta")
    if line.by:
        text.append(f" by {line.by}{', ' + say_date(line.decided_on) if line.decided_on else ''}")
    elif line.people:
        text.append(f" ({', '.join(line.people)})", style=DIM)
    else:
        text.append(" (nobody holds this role)", style="red")
    text.append(f"; {line.taken_by} is looking at it" if line.taken_by and not line.by else "", style="cyan")
    if line.outcome:
        text.append(f"\ndecided: {line.outcome.replace('_', ' ')}")
        text.append(f", votes {line.votes}" if line.votes else "")
        text.append(f", minute {line.minute}, recorded by {line.recorded_by}", style=DIM)
        text.append(f", checked by {line.checked_by}" if line.checked_by else "", style=DIM)
        text.append(" (kept until what is open is finished)" if line.kept else "", style="yellow")
    text.append(f"\n{line.note}" if line.note else "", style="italic")
    text.append(f"\npoints at: {', '.join(line.points)}" if line.points else "", style=DIM)
    return text


def _filing(page: StepPage) -> RenderableType | None:
    filing = page.filing
    if filing is None:
        return None
    fee = f", fee £{filing.fee}" if filing.fee is not None else ""
    text = Text(f"Sent to {filing.registrar} on {say_day(filing.sent_on)} as {filing.reference}{fee}, by {filing.by}")
    if filing.answer:
        day = f" on {say_day(filing.answered_on)}" if filing.answered_on else ""
        text.append(f"\nAnswered{day}: {filing.answer}", style="green" if filing.answer == "registered" else "red")
        text.append(f", {filing.certificate}" if filing.certificate else "", style=DIM)
        text.append(f"\n{filing.reasons}" if filing.reasons else "")
    return text


def _changed(found: Difference | None, past: tuple[RoundLine, ...]) -> RenderableType | None:
    if found is None:
        return None
    later = f"round {found.later}" if found.later else "today"
    text = Text(f"From round {found.earlier} to {later}: ", style=DIM)
    if found.nothing:
        text.append("no change that you may see", style=DIM)
        return text
    thin = any(r.round == found.earlier and r.basis in ("outside", "assumed") for r in past)
    unknown = [fact.label for fact in found.facts if thin and not fact.was]
    items = [
        (Text("≈" if fact.same_meaning else "≠", style="yellow"), _fact(fact))
        for fact in found.facts
        if fact.label not in unknown
    ]
    items += [(Text("−", style="red"), Text(f"file {name}", style="red")) for name in found.files_removed]
    items += [(Text("+", style="green"), Text(f"file {name}", style="green")) for name in found.files_added]
    items += [
        (Text("≠", style="yellow"), Text(f"{c.document.replace('_', ' ')}, {c.clause}: {c.change}"))
        for c in found.clauses[:20]
    ]
    items += [(Text("+", style="green"), Text(f"statement of {_statement(s)}")) for s in found.statements_added]
    items += [(Text("−", style="red"), Text(f"not said yet: {_statement(s)}")) for s in found.statements_missing]
    if len(found.clauses) > 20:
        items.append((Text(" "), Text(f"and {len(found.clauses) - 20} more clauses", style=DIM)))
    if unknown:
        items.append((Text("○", style=DIM), Text(f"answered since, not known to the body: {', '.join(unknown)}")))
    return Group(text, picture.hanging(items))


def _fact(fact: FactChange) -> Text:
    text = Text(fact.label, style="bold")
    text.append(" (same meaning, words corrected)" if fact.same_meaning else "", style=f"not bold {DIM}")
    text.append(f"\n− {fact.was or 'no answer'}", style="not bold red")
    text.append(f"\n+ {fact.now or 'no answer'}", style="not bold green")
    return text


def _past(past: tuple[RoundLine, ...]) -> RenderableType | None:
    if not past:
        return None
    items = []
    for one in past:
        by = f"by {one.by}" if one.by else one.basis.replace("_", " ")
        text = Text(f"{say_day(one.on)}, {by}")
        text.append(f"  {one.sha256[:12]}  {' '.join(one.documents)}", style=DIM)
        for answer in one.answers:
            text.append(f"\n{answer.slot}{', ' + answer.organisation if answer.organisation else ''}: ")
            text.append(answer.state.replace("_", " "), style=SLOTS.get(answer.state, ""))
            text.append(f", {answer.by}" if answer.by else "")
            text.append(f": {answer.note}" if answer.note else "")
        for said in one.statements:
            text.append(f"\nStatement of {_statement(said)}")
        for said in one.since_then:
            text.append(f"\nSince then, statement of {_statement(said)}", style=DIM)
        items.append((Text(f"{one.round}."), text))
    return picture.hanging(items)


def _statement(said: StatementLine) -> str:
    return f"{said.by}, {say_date(said.on)}: {said.text}"


def _notes(page: StepPage) -> RenderableType | None:
    if not page.notes:
        return None
    items = []
    for note in page.notes:
        to = f" to {note.asked_of}" if note.asked_of else ""
        about = f" on {note.answers}" if note.answers else ""
        text = Text(f"{note.by}, {note.kind}{to}{about}  {note.key}", style=DIM)
        text.append(f"\n{note.text}", style="default")
        items.append((Text("›", style=DIM), text))
    return picture.hanging(items)


def _offers(page: StepPage, by: str, everything: bool) -> RenderableType:
    """What she can do, with the command to type; with `everything` also what she cannot, and why."""
    can = [o for o in page.acts if o.allowed]
    cannot = [o for o in page.acts if not o.allowed]
    items = [(Text("✔", style="green"), _can(o, page, by)) for o in can]
    if not can:
        items.append((Text("–", style=DIM), Text("Nothing to this step just now.")))
    words = f"You can always write to the others: mutualflow note {page.formation} --step {page.key} --text … --as {by}"
    items.append((Text("✎", style=DIM), Text(f"{words} (or ask, make-statement)", style=DIM)))
    if everything:
        items += [(Text("✘", style="red"), _cannot(o)) for o in cannot]
    elif cannot:
        words = f"{len(cannot)} {'more that' if can else 'acts that'} you cannot do now: --all says why"
        items.append((Text(" "), Text(words, style=DIM)))
    return picture.hanging(items)


def _can(offer: Offer, page: StepPage, by: str) -> Text:
    text = Text(f"{offer.words}{' (' + offer.how + ')' if offer.how else ''}")
    text.append(f"\n{_to_type(offer, page, by)}", style="cyan")
    return text


def _cannot(offer: Offer) -> Text:
    text = Text(offer.command)
    text.append(f": {offer.why_not}", style=DIM)
    if offer.who_can and offer.who_can not in offer.why_not:
        text.append(f" Who can: {offer.who_can}.", style=DIM)
    return text


def _to_type(offer: Offer, page: StepPage, by: str) -> str:
    """The command as it is typed, with what it cannot do without."""
    said = [f"mutualflow {offer.command} {page.formation}"]
    known = {"step": page.key, "fact": _only(q.key for q in page.questions if not q.answer and q.asked is not NO)}
    known["list"] = _only(one.key for one in page.lists)
    for name, (field, _) in arguments(ACTS[offer.act]).items():
        if required(field) or name in ("reason", "values"):
            flag = name.rstrip("_").replace("_", "-")
            said.append(f"--{flag} {known.get(name) or ('COLUMN=…' if name == 'values' else '…')}")
    said += ["--path …"] if offer.act == "attach" else []
    said += ["--decided-on … --minute …"] if offer.act == "record_decision" else []
    said += ["--outside"] if offer.how else []
    return " ".join([*said, f"--as {by}"])


def _only(keys: Iterable[str]) -> str:
    """The key, where there is one to choose."""
    found = list(keys)
    return found[0] if len(found) == 1 else ""


def why(formation: FormationKey, step: StepKey, as_person: AsPerson, on: On = "", json_: AsJson = False) -> None:
    """Why a step is needed, waits, or may be needed: its condition in words, and which answer would settle it."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> Why:
            look = looking.look(db, formation, by=as_person, today=day, law=app.law)
            return reasons.why(look, step)

        with advised(app, formation, as_person, day, {"step": step}):
            found = app.read(use_case)
    if json_:
        print_json(picture.plain(found))
        return
    _say_why(console(), found, formation, as_person)


def _say_why(out: Console, found: Why, formation: str, by: str) -> None:
    head = Text(found.title, style="bold")
    head.append("   ")
    head.append_text(picture.status_words(found.status, bool(found.overtaken_by)))
    head.append(f"\n{found.sentence}", style="")
    out.print(head)
    out.print(picture.section("It is needed when", _tree(found.because)))
    if found.to_know:
        out.print(picture.section("To be known first", _to_know(found.to_know, formation, by)))
    if found.waits_for:
        out.print(picture.section("It waits for", _waiting(found)))
    if found.held_by:
        out.print(picture.section("Held up by", Text("\n".join(found.held_by))))
    if found.overtaken_by:
        out.print(picture.section("Overtaken by", Text("\n".join(found.overtaken_by))))
    asked = [s for s in found.slots if s.because.words != "always"]
    if asked:
        branches: list[RenderableType] = []
        for slot in asked:
            branches += [Text(slot.words, style="bold"), Padding(_tree(slot.because), (0, 0, 0, 2))]
        out.print(picture.section("Who answers, and when", Group(*branches)))
    out.print()


def _tree(one: Because) -> RenderableType:
    if not one.parts:
        return _because(one)
    tree = Tree(_because(one), guide_style=DIM)
    _grow(tree, one)
    return tree


def _grow(tree: Tree, one: Because) -> None:
    for part in one.parts:
        _grow(tree.add(_because(part)), part)


def _because(one: Because) -> Text:
    text = _truth(one.truth)
    text.append(f" {one.words}", style="default")
    text.append(f"  ({one.answer})" if one.answer else "", style=DIM)
    return text


def _to_know(wanted: tuple[ToKnow, ...], formation: str, by: str) -> Text:
    text = Text()
    for one in wanted:
        text.append("? ", style="magenta")
        text.append(one.label, style="bold")
        text.append(f": {one.who}" if one.who else "")
        text.append(f", in “{one.asked_in_title}”" if one.asked_in else "")
        text.append("\n" if one.can_be_answered else " (that step waits itself)\n", style=DIM)
        if one.kind == "fact" and one.can_be_answered:
            text.append(f"  mutualflow answer {formation} --fact {one.key} --value … --as {by}\n", style=DIM)
    text.rstrip()
    return text


def _waiting(found: Why) -> Table:
    rows = Table.grid(padding=(0, 2, 0, 0))
    for one in found.waits_for:
        through = Text("further behind" if one.through else "", style=DIM)
        rows.add_row(
            Text(one.title), picture.status_words(one.status, one.overtaken), Text(", ".join(one.who)), through
        )
    return rows


def tasks(formation: FormationKey, as_person: AsPerson, on: On = "", json_: AsJson = False) -> None:
    """Who owes what by when, and what it holds up."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> tuple[TaskLine, ...]:
            look = looking.look(db, formation, by=as_person, today=day, law=app.law)
            return step_page.tasks(look)

        found = app.read(use_case)
    if json_:
        print_json([picture.plain(one) for one in found])
        return
    out = console()
    if not found:
        out.print("There are no tasks.")
        return
    out.print(task_table(found))


def task_table(found: tuple[TaskLine, ...]) -> Rows:
    """Tasks, open ones first."""
    rows = Rows("", "Task", "Owes", "By", "Holds up", "From", "State", "Key", whole=("By", "Key"))
    for one in found:
        over = one.state in ("accepted", "withdrawn") or (one.state == "done" and not one.slot)
        rows.add_row(
            Text("●" if over else "○", style="green" if over else "yellow"),
            Text(one.title),
            Text(one.owner),
            Text(picture.brief_day(one.due_on)),
            Text(one.holds, style="" if one.held else DIM),
            Text(one.step_title or one.origin.replace("_", " "), style=DIM),
            Text(one.state, style=DIM),
            Text(one.key, style=DIM),
        )
    return rows
