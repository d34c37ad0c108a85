"""Running the installation: set up, start a formation, people, official texts, reminders, audit."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.markup import escape
from sqlalchemy import Connection

from mutualflow.cli.common import (
    AsJson,
    AsPerson,
    FormationKey,
    On,
    application,
    console,
    now,
    print_json,
    say_unreachable,
    today,
)
from mutualflow.cli.rows import Rows
from mutualflow.domain.errors import Fault, FileFault, Refusal, Refused
from mutualflow.domain.formation import Formation, Kind, Membership, Organisation
from mutualflow.domain.keys import OrganisationKind, Part, Role, Side
from mutualflow.domain.material import say_day
from mutualflow.pathways import yamlfile
from mutualflow.pathways.yamlfile import Notes
from mutualflow.services import auditing, publishing, starting
from mutualflow.services.auditing import Verified
from mutualflow.services.publishing import Published
from mutualflow.services.starting import Start
from mutualflow.storage import migrating, notices, people, releases
from mutualflow.storage.people import Person
from mutualflow.wiring import publishing as shipped
from mutualflow.wiring import pulses
from mutualflow.wiring.app import App

OPERATOR = "operator"
LARGEST_TEXT = 1_000_000  # bytes of a file of official wording
Word = TypeVar("Word", bound=StrEnum)
By = Annotated[str, typer.Option("--by", help="who runs the installation, for its own history")]


def init(by: By = OPERATOR, json_: AsJson = False) -> None:
    """Make or upgrade the database, and publish the pathways and the law that came with this program.

    Safe to repeat: what is there already is left alone. Formations under way stay with the pathways they began with;
    new law reaches all of them.
    """
    with application() as app:
        migrating.upgrade(app.engine)
        new = ship(app)
        news = app.write(lambda db: publishing.publish(db, new, by=by, now=now()))
        place = app.engine.url.render_as_string(hide_password=True)
        if json_:
            said = {"database": place, "release": new.release, "rulebook": new.rulebook}
            print_json({**said, "new_release": news.release, "new_rulebook": news.rulebook})
            return
        out = console()
        out.print(f"[green]✔[/] The database is ready: {escape(place)}")
        words = {True: "published", False: "was published already"}
        out.print(f"[green]✔[/] Pathways {new.release[:12]} {words[news.release]}.")
        out.print(f"[green]✔[/] Law {new.rulebook[:12]} {words[news.rulebook]}.")
        out.print("\nNext: [bold]mutualflow person KEY --name NAME[/], then [bold]mutualflow start KEY --as PERSON[/]")


def ship(app: App) -> Published:
    """The release and rulebook of this program."""
    return shipped.ship(app)


def start(
    formation: FormationKey,
    as_person: AsPerson,
    name: Annotated[str, typer.Option("--name", help="the name of the group", show_default="the key")] = "",
    host: Annotated[
        list[str], typer.Option("--host", help="key|name|kind of the organisation that runs the service now")
    ] = [],  # noqa: B006  # Typer reads the default and never writes to it
    organisation: Annotated[
        list[str], typer.Option("--organisation", help="key|name|kind|part of another organisation")
    ] = [],  # noqa: B006
    member: Annotated[
        list[str], typer.Option("--member", help="person|role|side, and |organisation where one has one")
    ] = [],  # noqa: B006
    nation: Annotated[str, typer.Option("--nation", help="where the organisations are")] = "england",
    sample: Annotated[bool, typer.Option("--sample", help="an invented formation; its papers say so")] = False,
    on: On = "",
    json_: AsJson = False,
) -> None:
    """Start a formation. Who starts it becomes its staff lead, and can invite everybody else.

    People named with --member hold their roles at once: whoever runs the installation vouches for them.
    """
    day = today(on)
    organisations = tuple(_organisation(one, Part.HOST) for one in host) + tuple(
        _organisation(one, None) for one in organisation
    )
    members = (
        Membership(as_person, Role.STAFF_LEAD, Side.GROUP, day, invited_by=as_person, confirmed_by=as_person),
        *(_member(one, as_person, day) for one in member),
    )
    new = Start(formation, name or formation, Kind.SAMPLE if sample else Kind.LIVED, nation, members, organisations)

    def use_case(db: Connection) -> Formation:
        missing = [m.person for m in members if people.person(db, m.person) is None]
        if missing:
            raise Refused(
                Refusal.UNKNOWN_KEY,
                f"Nobody is known as {', '.join(dict.fromkeys(missing))}. Add them first: mutualflow person KEY "
                "--name NAME.",
            )
        return starting.start(db, new, by=as_person, now=now(), law=app.law, today=day)

    with application() as app:
        started = app.write(use_case)
    if json_:
        print_json({"formation": started.key, "name": started.name, "release": started.release, "on": day})
        return
    console().print(
        f"[green]✔[/] “{escape(started.name)}” has started on {say_day(day)}, with {len(members)} "
        f"{'person' if len(members) == 1 else 'people'}.\n\n"
        f"Next: [bold]mutualflow status {started.key} --as {as_person}[/]"
    )


def _organisation(said: str, part: Part | None) -> Organisation:
    """`key|name|kind` of a host, `key|name|kind|part` of others."""
    fields = [p.strip() for p in said.split("|")]
    if len(fields) != (3 if part else 4):
        raise Refused(
            Refusal.INVALID_VALUE,
            f"Write an organisation as key|name|kind{'' if part else '|part'}, not {said[:60]!r}. "
            f"Kinds: {', '.join(OrganisationKind)}." + ("" if part else f" Parts: {', '.join(Part)}."),
        )
    kind = _word(OrganisationKind, fields[2], "kind of organisation")
    return Organisation(fields[0], fields[1], kind, part or _word(Part, fields[3], "part"))


def _member(said: str, by: str, day: date) -> Membership:
    """`person|role|side` or `person|role|side|organisation`."""
    fields = [p.strip() for p in said.split("|")]
    if len(fields) not in (3, 4):
        raise Refused(Refusal.INVALID_VALUE, f"Write a member as person|role|side, not {said[:60]!r}.")
    role, side = _word(Role, fields[1], "role"), _word(Side, fields[2], "side")
    return Membership(fields[0], role, side, day, (fields[3:] or [""])[0], invited_by=by, confirmed_by=by)


def _word(words: type[Word], said: str, what: str) -> Word:
    try:
        return words(said)
    except ValueError:
        raise Refused(Refusal.INVALID_VALUE, f"{said[:40]!r} is no {what}; choose {', '.join(words)}.") from None


def person(
    key: Annotated[str, typer.Argument(help="short name of the person, used with --as", show_default=False)],
    name: Annotated[str, typer.Option("--name", help="her name, as papers and reminders print it", show_default=False)],
    email: Annotated[str, typer.Option("--email", help="where her reminders go")] = "",
    phone: Annotated[str, typer.Option("--phone", help="for text messages")] = "",
    nation: Annotated[str, typer.Option("--nation", help="for bank holidays")] = "england",
    time_zone: Annotated[str, typer.Option("--time-zone", help="where she is")] = "Europe/London",
    by: By = OPERATOR,
    json_: AsJson = False,
) -> None:
    """Add a person, or renew her contact. Roles are given in each formation."""
    one = Person(key, name, email, phone, nation, time_zone)
    with application() as app:
        new = app.write(lambda db: publishing.add_person(db, one, by=by, now=now()))
    if json_:
        print_json({"person": key, "new": new})
        return
    console().print(f"[green]✔[/] {escape(name)} ({escape(key)}) {'is known now' if new else 'has been renewed'}.")


def vouch(
    formation: FormationKey,
    person: Annotated[str, typer.Option("--person", help="key of the person who was invited", show_default=False)],
    role: Annotated[str, typer.Option("--role", help="the role she was given", show_default=False)],
    by: By = OPERATOR,
    json_: AsJson = False,
) -> None:
    """Confirm somebody's role where nobody of the formation can: for whoever runs the installation.

    The first person of a side but the group's waits until a programme manager confirms her. Where there is no
    programme manager yet, whoever runs the installation vouches, and the history says so.
    """
    word = _word(Role, role, "role")
    with application() as app:
        app.write(lambda db: starting.vouch(db, formation, person, word, by=by, now=now(), law=app.law))
    if json_:
        print_json({"formation": formation, "person": person, "role": word, "by": by})
        return
    console().print(f"[green]✔[/] {escape(person)} is {word.replace('_', ' ')} in “{escape(formation)}”.")


def prescribed(
    action: Annotated[str, typer.Argument(help="load or list", show_default=False)],
    file: Annotated[
        Path | None, typer.Argument(help="for load: a YAML file with key, text and official_source", show_default=False)
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="an invented stand-in, for samples only")] = False,
    by: By = OPERATOR,
    json_: AsJson = False,
) -> None:
    """Load official wording that documents print word for word, and see what is loaded.

    Until it is loaded it stands as a marked gap, and a document for filing that has one cannot be put forward.
    """
    with application() as app:
        if action == "list":
            _list_prescribed(app, json_)
        elif action == "load" and file is not None:
            key, text, source = _read_prescribed(file, sample)
            new = app.write(
                lambda db: publishing.load_prescribed(db, key, text, source, sample=sample, by=by, now=now())
            )
            if json_:
                print_json({"key": key, "new": new, "sample": sample})
            else:
                what = "has been loaded" if new else "was loaded already"
                console().print(f"[green]✔[/] “{escape(key)}” {what}{' as a stand-in for samples' if sample else ''}.")
        else:
            raise typer.BadParameter("write “prescribed load FILE” or “prescribed list”")


def _read_prescribed(file: Path, sample: bool) -> tuple[str, str, str]:
    """Key, text and official source of a file; FileFault says what is wrong with it."""
    try:
        if file.is_file() and file.stat().st_size > LARGEST_TEXT:
            raise FileFault((Fault(file.name, 0, "file", "is larger than any official wording", "one megabyte"),))
        text = file.read_text(encoding="utf-8") if file.is_file() else _no_file(file)
    except OSError as error:
        raise FileFault((Fault(str(file), 0, "file", f"cannot be read: {error.strerror}"),)) from None
    except UnicodeDecodeError:
        raise FileFault((Fault(file.name, 0, "file", "is not UTF-8"),)) from None
    notes = Notes()
    node = yamlfile.load(text, file.name, notes)
    said = {key: node.word(key) for key in ("key", "text", "official_source")}
    for key, words in said.items():
        if not words and (node.data or not notes.faults):  # a file that could not be read lacks no key in particular
            node.fault(key, "is missing or empty", "words")
    stand_in = node.flag("sample")
    if stand_in and not sample:
        node.fault("sample", "this text says that it is invented", "--sample")
    if sample and not stand_in:
        node.fault("sample", "a stand-in says of itself that it is one", "sample: yes")
    faults = notes.faults
    if faults:
        raise FileFault(tuple(faults))
    return said["key"], said["text"], said["official_source"]


def _no_file(file: Path) -> str:
    what = "is a folder" if file.is_dir() else "is no file" if file.exists() else "there is no such file"
    raise FileFault((Fault(str(file), 0, "file", what),))


def _list_prescribed(app: App, json_: bool) -> None:
    official = app.read(lambda db: releases.prescribed(db, sample=False))
    every = app.read(lambda db: releases.prescribed(db, sample=True))
    wanted = sorted({(key, words) for t in app.templates.values() for key, words in t.about.prescribed.items()})
    rows = [
        {
            "key": key,
            "words": words,
            "loaded": key in official,
            "stand_in": key in every and every[key].sample,
            "official_source": official[key].official_source if key in official else "",
            "sha256": official[key].sha256 if key in official else "",
            "loaded_by": official[key].loaded_by if key in official else "",
        }
        for key, words in wanted
    ]
    if json_:
        print_json(rows)
        return
    shown = Rows("Text", "What it is", "Loaded", "Source")
    for row in rows:
        loaded = (
            "[green]✔ loaded[/]" if row["loaded"] else "[yellow]stand-in for samples[/]" if row["stand_in"] else "no"
        )
        shown.add_row(escape(str(row["key"])), escape(str(row["words"])), loaded, escape(str(row["official_source"])))
    console().print(shown)


def remind(on: On = "", json_: AsJson = False) -> None:
    """Do what time makes due, write today's digests and send them; without Prefect."""
    day = today(on)
    with application() as app:
        swept = pulses.sweep_plainly(app, today=day, now=now())
        done, sent = swept.walked, swept.counts["sent"]
        waiting, since = app.read(notices.unsent)
    if json_:
        print_json({"on": day, **swept.counts, "unsent": waiting, "unsent_since": since})
        return
    out = console()
    out.print(
        f"[green]✔[/] {say_day(day)}: {done.walked} walked, {done.changed} changed, {done.told} notices written, "
        f"{sent} mail{'' if sent == 1 else 's'} sent."
    )
    for kind, count in sorted(done.kinds.items()):
        out.print(f"  {count} × {kind.replace('_', ' ')}")
    if waiting:
        out.print(f"[yellow]{waiting} digests wait to be sent.[/]")
    say_unreachable(out, swept.counts["unreachable"])
    if done.failed:
        out.print(f"[red]{done.failed} could not be walked; the log says why, and they stay due.[/]")


def audit(
    action: Annotated[str, typer.Argument(help="verify")] = "verify",
    replay: Annotated[bool, typer.Option("--replay", help="fold the events too, and compare all statuses")] = False,
    json_: AsJson = False,
) -> None:
    """Verify the hash chains of all histories; the first bad event of each is named."""
    if action != "verify":
        raise typer.BadParameter("write “audit verify”")
    with application() as app:
        found = app.read(lambda db: auditing.verify(db, replay=replay))
    if json_:
        print_json({"chains": found.chains, "events": found.events, "replayed": replay, "findings": _findings(found),
                    "heads": {k: {"length": n, "head": head} for k, (n, head) in found.heads.items()}})  # fmt: skip
    else:
        _say_audit(found)
    if found.findings:
        raise typer.Exit(3)


def _findings(found: Verified) -> list[dict[str, object]]:
    return [{"chain": f.chain, "number": f.number, "why": f.why} for f in found.findings]


def _say_audit(found: Verified) -> None:
    out = console()
    what = "chains verified, statuses folded from events" if found.replayed else "chains verified"
    out.print(f"{found.chains} {what}; {found.events:,} events read.")
    for one in found.findings:
        place = f"event {one.number}" if one.number else "its stored rows"
        out.print(f"[red]✘[/] {escape(one.chain)}, {place}: {escape(one.why)}.")
    if not found.findings:
        out.print("[green]✔[/] Every event follows from the one before it.")
