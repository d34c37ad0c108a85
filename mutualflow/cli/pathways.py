"""Pathways as they ship: which forms there are, what each asks for, and what can be proved of them."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from mutualflow.cli import picture
from mutualflow.cli.common import AsJson, application, console, print_json
from mutualflow.cli.rows import Rows
from mutualflow.domain.conditions import ALWAYS
from mutualflow.domain.desk import role_words, words
from mutualflow.domain.errors import FileFault, Refusal, Refused
from mutualflow.domain.keys import FORMS
from mutualflow.domain.pathway import Pathway, Step, say
from mutualflow.domain.prove import Proof
from mutualflow.pathways import compile as compiler
from mutualflow.pathways import expected, proving
from mutualflow.pathways.compile import Compiled, Sources
from mutualflow.wiring import publishing
from mutualflow.wiring.app import App

DIM = "bright_black"
ACTIONS = ("list", "show", "check")


def pathways(
    action: Annotated[str, typer.Argument(help="list, show or check")] = "list",
    key: Annotated[str, typer.Argument(help="for show: a stage, a step or a form", show_default=False)] = "",
    folder: Annotated[
        Path | None, typer.Option("--folder", help="for check: pathway files that do not ship", show_default=False)
    ] = None,
    json_: AsJson = False,
) -> None:
    """List, show and check the pathways that came with this program."""
    if action not in ACTIONS:
        raise typer.BadParameter(f"write {', '.join(ACTIONS)}, not {action[:40]!r}")
    with application() as app:
        compiled = _compiled(app, folder)
        if action == "list":
            _list(compiled.pathway, json_)
        elif action == "show":
            _show(compiled.pathway, key, json_)
        else:
            _check(app, compiled, folder, json_)


def _compiled(app: App, folder: Path | None) -> Compiled:
    if folder is None:
        return publishing.pathway(app.templates, app.law.book)
    if not folder.is_dir():
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no folder {folder}.")
    book = app.law.book
    printed = publishing.printed(app.templates)
    return compiler.compiled(
        Sources(compiler.read_files(folder), printed, frozenset(book.rules), frozenset(book.sources))
    )


def _list(pathway: Pathway, json_: bool) -> None:
    rows = [
        {
            "form": form,
            "title": say(pathway.forms[form]) if form in pathway.forms else name,
            "ready": form in pathway.forms,
        }
        for form, name in FORMS.items()
    ]
    steps = sum(1 for s in pathway.steps.values() if not s.puts_right)
    if json_:
        print_json({"forms": rows, "steps": steps, "questions": len(pathway.questions), "sha256": pathway.sha256})
        return
    out = console()
    shown = Rows("", "Form", "Key", "")
    for row in rows:
        ready = bool(row["ready"])
        shown.add_row(
            Text("✔" if ready else "·", style="green" if ready else DIM),
            Text(str(row["title"]), style="" if ready else DIM),
            Text(str(row["form"]), style=DIM),
            Text("ready" if ready else "known by name, for histories", style="green" if ready else DIM),
        )
    out.print(shown)
    stages = " → ".join(say(s.title) for s in pathway.stages)
    out.print(
        Text(f"\n{stages}\n{steps} steps, {len(pathway.questions)} questions, {len(pathway.lists)} lists", style=DIM)
    )


def _show(pathway: Pathway, key: str, json_: bool) -> None:
    if key in pathway.steps:
        _show_step(console(), pathway.steps[key], json_)
        return
    wanted = [s for s in pathway.stages if key in ("", s.key) or key in pathway.forms]
    if not wanted:
        raise Refused(Refusal.UNKNOWN_KEY, f"There is no stage, step or ready form “{key}”. See “pathways list”.")
    if json_:
        print_json([{"stage": s.key, "title": say(s.title), "steps": _keys(pathway, s.steps)} for s in wanted])
        return
    out = console()
    for stage in wanted:
        out.print(Text(f"\n{say(stage.title)}", style="bold"))
        out.print(Text(say(stage.summary).strip(), style=DIM))
        rows = Rows("", "Step", "Put forward by", "Answered by", "Comes after")
        for one in _keys(pathway, stage.steps):
            step = pathway.steps[one]
            title = Text(say(step.title))
            title.append(f"\n{step.key}{'' if step.when == ALWAYS else ' · only where its condition holds'}", style=DIM)
            rows.add_row(
                Text("◇" if step.gate else "■" if step.irrevocable else "·", style="yellow"),
                title,
                Text(role_words(step.owner.role, step.owner.side)),
                Text(", ".join(_slot_words(step)) or "nobody"),
                Text(", ".join(dict.fromkeys(a.step for a in step.after)), style=DIM),
            )
        out.print(rows)
    out.print(Text("\n◇ gate   ■ cannot be taken back", style=DIM))


def _keys(pathway: Pathway, keys: tuple[str, ...]) -> list[str]:
    return [k for k in keys if not pathway.steps[k].puts_right]


def _slot_words(step: Step) -> list[str]:
    return [words(s.body.value) if s.body else role_words(s.role, s.side) if s.role else s.key for s in step.slots]


def _show_step(out: Console, step: Step, json_: bool) -> None:
    said = {
        "key": step.key,
        "stage": step.stage,
        "title": say(step.title),
        "why": say(step.why).strip(),
        "how": say(step.how).strip(),
        "goes_wrong": say(step.goes_wrong).strip(),
        "owner": role_words(step.owner.role, step.owner.side),
        "helpers": [role_words(h.role, h.side) for h in step.helpers],
        "answered_by": _slot_words(step),
        "after": list(dict.fromkeys(a.step for a in step.after)),
        "asks": [a.key for a in step.asks],
        "lists": [a.key for a in step.lists],
        "produces": [p.document for p in step.produces],
        "brings": [b.evidence for b in step.brings],
        "reaches": step.reaches.value if step.reaches else "",
        "gate": step.gate,
        "irrevocable": step.irrevocable,
        "optional": step.optional,
        "weeks": [step.duration.optimistic, step.duration.likely, step.duration.pessimistic],
        "clocks": list(step.clocks),
        "law": [{"text": say(entry.text).strip(), "source": entry.source} for entry in step.law],
    }
    if json_:
        print_json(said)
        return
    out.print(Text(say(step.title), style="bold"))
    for name in ("why", "how", "goes_wrong"):
        out.print(picture.section(words(name).capitalize(), Text(str(said[name]))))
    rows = Rows("", "")
    for name in (
        "owner",
        "helpers",
        "answered_by",
        "after",
        "asks",
        "lists",
        "produces",
        "brings",
        "reaches",
        "clocks",
    ):
        value = said[name]
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if shown:
            rows.add_row(Text(words(name).capitalize(), style=DIM), Text(shown))
    low, likely, high = step.duration.optimistic, step.duration.likely, step.duration.pessimistic
    rows.add_row(Text("Weeks", style=DIM), Text(f"{low} at best, {likely} likely, {high} at worst"))
    out.print(rows)


def _check(app: App, compiled: Compiled, folder: Path | None, json_: bool) -> None:
    """Every proof with its number of cases; the exit code says whether all of them hold."""
    stated = proving.statements(expected.FOLDER if folder is None else folder / "expected")
    proved = proving.proofs(compiled.pathway, app.law.book, stated)
    faults = proving.faults(compiled, proved)
    if json_:
        print_json({"proofs": [_plain(p) for p in proved], "faults": [asdict(f) for f in faults]})
        if faults:
            raise typer.Exit(2)
        return
    out = console()
    steps = sum(1 for s in compiled.pathway.steps.values() if not s.puts_right)
    out.print(Text(f"✔ Compiled: {steps} steps, {len(compiled.pathway.questions)} questions, every name known"))
    for proof in proved:
        bad = len(proof.findings)
        text = Text("✘ " if bad else "✔ ", style="red" if bad else "green")
        text.append(f"Proof {proof.number}: {proof.says}", style="default")
        text.append(f"  {proof.cases:,} cases", style=DIM)
        text.append(f", {bad} do not hold" if bad else "", style="red")
        out.print(text)
    if faults:
        raise FileFault(faults)


def _plain(proof: Proof) -> dict[str, object]:
    return {"number": proof.number, "says": proof.says, "cases": proof.cases, "failed": len(proof.findings)}
