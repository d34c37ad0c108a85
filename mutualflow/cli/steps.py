"""One step at a time: what it is and what one can do, why it stands where it does, and the tasks around it."""

from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree
from sqlalchemy import Connection

from mutualflow.cli import picture
from mutualflow.cli.common import AsJson, AsPerson, FormationKey, On, application, console, print_json, table, today
from mutualflow.domain.material import say_date, say_day
from mutualflow.domain.moves import ACTS
from mutualflow.domain.spelling import arguments, required
from mutualflow.domain.tri import MAYBE, NO, YES, Tri
from mutualflow.services import looking, rounds, step_page
from mutualflow.services import why as reasons
from mutualflow.services.looking import Look
from mutualflow.services.offers import Offer
from mutualflow.services.rounds import Difference, RoundLine
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
        ("What changed", _changed(changed)),
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
        text.append(f"\nAgreed day: {picture.day(page.agreed)}; by the plan at the latest: {picture.day(page.latest)}")
    return text


def _prose(words: str) -> Text:
    return Text(words.strip())


def _law(page: StepPage) -> RenderableType | None:
    if not page.law and not page.clocks:
        return None
    text = Text()
    for entry in page.law:
        text.append("§ ", style="cyan")
        text.append(entry.text.strip())
        until = f" to {say_date(entry.in_force_to)}" if entry.in_force_to else ""
        text.append(f" ({entry.source_title}; from {say_date(entry.in_force_from)}{until})", style=DIM)
        text.append(f" {entry.note}" if entry.note else "", style="yellow")
        text.append("\n")
    for clock in page.clocks:
        text.append("◷ ", style="cyan")
        text.append(f"{clock.title}: ", style="bold")
        text.append(f"{clock.why} ({clock.nature.replace('_', ' ')}; {clock.source or 'no source named'})")
        text.append(f" {clock.source_note}" if clock.source_note else "", style="yellow")
        text.append("\n")
    text.rstrip()
    return text


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
    head = Text()
    head.append_text(_truth(YES) if line.complete else Text("○", style="yellow"))
    head.append(f" {line.words}", style="bold")
    head.append(f"  {line.key}", style=DIM)
    state = "complete" if line.complete else "not said to be complete"
    head.append(f" · {state}; at least {line.at_least} wanted" if line.at_least else f" · {state}", style=DIM)
    if not line.rows:
        return head
    rows = table("", *line.columns.values())
    for row in line.rows:
        rows.add_row(Text(row.key, style=DIM), *(Text(row.cells.get(c, "") or "–") for c in line.columns))
    return Group(head, rows)


def _files(lines: tuple[FileLine, ...]) -> RenderableType | None:
    if not lines:
        return None
    text = Text()
    for line in lines:
        held = [f for f in line.held if not f.taken_out]
        text.append_text(_truth(YES) if held else Text("○", style=DIM if line.optional else "yellow"))
        text.append(f" {line.title}")
        notes = [n for n in (line.catalogue, line.evidence, "may be left out" if line.optional else "") if n]
        if line.comes_with not in ("", "submit"):
            notes.append(f"comes with {line.comes_with.replace('_', ' ')}")
        text.append(f"  {' · '.join(notes)}\n" if notes else "\n", style=DIM)
        for one in line.held:
            text.append(f"    {one.key}: {one.name}, {one.by}", style="strike" if one.taken_out else "")
            text.append(f"  {one.sha256[:12]}\n", style=DIM)
    text.rstrip()
    return text


def _papers(lines: tuple[PaperLine, ...]) -> RenderableType | None:
    if not lines:
        return None
    text = Text()
    for line in lines:
        text.append_text(_truth(line.wanted))
        text.append(f" {line.document.replace('_', ' ')}")
        text.append(f"  {line.catalogue}{' · for filing' if line.for_filing else ''}", style=DIM)
        if line.number:
            text.append(f"\n    {line.number}: {line.blanks} blanks")
            text.append(f", {line.gaps} official texts not loaded" if line.gaps else "")
            text.append(", printed" if line.printed else ", being printed", style=DIM)
        text.append("\n")
    text.rstrip()
    return text


def _slots(lines: tuple[SlotLine, ...]) -> RenderableType | None:
    if not lines:
        return Text("Nobody has to approve this step.", style=DIM)
    text = Text()
    for line in lines:
        text.append_text(Text("●" if line.by else "○", style=SLOTS[line.state]))
        text.append(f" {line.who}")
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
            text.append(f"\n    decided: {line.outcome.replace('_', ' ')}")
            text.append(f", votes {line.votes}" if line.votes else "")
            text.append(f", minute {line.minute}, recorded by {line.recorded_by}", style=DIM)
            text.append(f", checked by {line.checked_by}" if line.checked_by else "", style=DIM)
            text.append(" (kept until what is open is finished)" if line.kept else "", style="yellow")
        text.append(f"\n    {line.note}" if line.note else "")
        text.append(f"\n    points at: {', '.join(line.points)}" if line.points else "", style=DIM)
        text.append("\n")
    text.rstrip()
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


def _changed(found: Difference | None) -> RenderableType | None:
    if found is None:
        return None
    later = f"round {found.later}" if found.later else "today"
    text = Text(f"From round {found.earlier} to {later}: ", style=DIM)
    if found.nothing:
        text.append("nothing that you may see", style=DIM)
        return text
    for fact in found.facts:
        text.append(f"\n{fact.label}", style="bold")
        text.append(" (same meaning, words corrected)" if fact.same_meaning else "", style=DIM)
        text.append(f"\n  − {fact.was or 'no answer'}", style="red")
        text.append(f"\n  + {fact.now or 'no answer'}", style="green")
    for name in found.files_removed:
        text.append(f"\n− file {name}", style="red")
    for name in found.files_added:
        text.append(f"\n+ file {name}", style="green")
    for clause in found.clauses[:20]:
        text.append(f"\n{clause.document.replace('_', ' ')}, {clause.clause}: {clause.change}")
    if len(found.clauses) > 20:
        text.append(f"\nand {len(found.clauses) - 20} more clauses", style=DIM)
    return text


def _past(past: tuple[RoundLine, ...]) -> RenderableType | None:
    if not past:
        return None
    text = Text()
    for one in past:
        by = f"by {one.by}" if one.by else one.basis.replace("_", " ")
        text.append(f"{one.round}. {say_day(one.on)}, {by}")
        text.append(f"  {one.sha256[:12]}  {' '.join(one.documents)}\n", style=DIM)
        for answer in one.answers:
            text.append(f"    {answer.slot}{', ' + answer.organisation if answer.organisation else ''}: ")
            text.append(answer.state.replace("_", " "), style=SLOTS.get(answer.state, ""))
            text.append(f", {answer.by}" if answer.by else "")
            text.append(f": {answer.note}\n" if answer.note else "\n")
    text.rstrip()
    return text


def _notes(page: StepPage) -> RenderableType | None:
    if not page.notes:
        return None
    text = Text()
    for note in page.notes:
        to = f" to {note.asked_of}" if note.asked_of else ""
        about = f" on {note.answers}" if note.answers else ""
        text.append(f"{note.by}, {note.kind}{to}{about}  {note.key}\n", style=DIM)
        text.append(f"  {note.text}\n")
    text.rstrip()
    return text


def _offers(page: StepPage, by: str, everything: bool) -> RenderableType:
    can = [o for o in page.acts if o.allowed]
    cannot = [o for o in page.acts if not o.allowed]
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=1)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for offer in can:
        grid.add_row(Text("✔", style="green"), Text(offer.command, style="bold"), _offer_words(offer, page, by))
    if not can:
        grid.add_row(Text("–", style=DIM), Text(""), Text("Nothing just now."))
    if everything:
        for offer in cannot:
            why_not = Text(offer.why_not, style=DIM)
            if offer.who_can and offer.who_can not in offer.why_not:
                why_not.append(f" Who can: {offer.who_can}.")
            grid.add_row(Text("✘", style="red"), Text(offer.command, style=DIM), why_not)
    elif cannot:
        grid.add_row("", "", Text(f"{len(cannot)} more that you cannot do now: --all says why", style=DIM))
    return grid


def _offer_words(offer: Offer, page: StepPage, by: str) -> Text:
    text = Text(f"{offer.words}{' (' + offer.how + ')' if offer.how else ''}")
    text.append(f"\n{_to_type(offer, page, by)}", style=DIM)
    return text


def _to_type(offer: Offer, page: StepPage, by: str) -> str:
    """The command as it is typed, with what it cannot do without."""
    said = [f"mutualflow {offer.command} {page.formation}"]
    for name, (field, _) in arguments(ACTS[offer.act]).items():
        if name == "step":
            said.append(f"--step {page.key}")
        elif required(field) or name in ("reason", "values"):
            said.append(f"--{name.replace('_', '-')} {'COLUMN=…' if name == 'values' else '…'}")
    said += ["--path …"] if offer.act == "attach" else []
    return " ".join([*said, f"--as {by}"])


def why(formation: FormationKey, step: StepKey, as_person: AsPerson, on: On = "", json_: AsJson = False) -> None:
    """Why a step is needed, waits, or may be needed: its condition in words, and which answer would settle it."""
    day = today(on)
    with application() as app:

        def use_case(db: Connection) -> Why:
            look = looking.look(db, formation, by=as_person, today=day, law=app.law)
            return reasons.why(look, step)

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


def task_table(found: tuple[TaskLine, ...]) -> Table:
    """Tasks, open ones first."""
    rows = table("", "Task", "Owes", "By", "Holds up", "From", "")
    for one in found:
        over = one.state in ("accepted", "withdrawn") or (one.state == "done" and not one.slot)
        rows.add_row(
            Text("●" if over else "○", style="green" if over else "yellow"),
            Text(one.title),
            Text(one.owner),
            Text(picture.day(one.due_on)),
            Text(one.holds, style="" if one.held else DIM),
            Text(one.step_title or one.origin.replace("_", " "), style=DIM),
            Text(f"{one.state} · {one.key}", style=DIM),
        )
    return rows
