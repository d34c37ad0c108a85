"""Putting forward with documents: words made before the transaction, kept inside it, printed after it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from mutualflow.documents import page, source
from mutualflow.documents.about import About
from mutualflow.documents.library import Template
from mutualflow.documents.press import PrintFailed
from mutualflow.domain import document as model
from mutualflow.domain.acts import Act, Attach, KeepVersion, Submit, TakeOut
from mutualflow.domain.formation import DocumentRef, Formation, Kind
from mutualflow.domain.keys import Audience
from mutualflow.domain.material import Mark, PrescribedText, draft_line, kept_line
from mutualflow.domain.numbering import number
from mutualflow.domain.pathway import Pathway, Produced
from mutualflow.domain.printing import Wanted, material_for
from mutualflow.domain.submitting import facts_fingerprint
from mutualflow.domain.tri import YES
from mutualflow.services import acting, attaching, pathways
from mutualflow.services.acting import Acted
from mutualflow.storage import documents as kept
from mutualflow.storage import evidence, files, formations, people, releases
from mutualflow.storage.files import DiskFault, Staged
from mutualflow.wiring.app import App

PRINT_LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Made:
    """One document as made from a snapshot: ready to keep and to print."""

    ref: DocumentRef
    row: kept.Kept
    paper: str
    lacks: tuple[model.Missing, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What documents are made from: read once, outside any writing transaction."""

    formation: Formation
    pathway: Pathway
    prescribed: dict[str, PrescribedText]
    names: dict[str, str]
    counted: kept.Counted
    templates: Mapping[str, Template]  # of the release to which the formation is pinned


@dataclass(frozen=True, slots=True)
class Printing:
    """What one round of printing did; `failed`: number of a document and the sentence that says why."""

    printed: int = 0
    failed: tuple[tuple[str, str], ...] = ()


def act(
    app: App,
    key: str,
    what: Act,
    *,
    by: str,
    now: datetime,
    via: str = "cli",
    today: date | None = None,
    file: bytes = b"",
    beside: Callable[[Connection], None] = lambda db: None,
) -> Acted:
    """Do any act through the one writing function; a submission brings its documents and prints them afterwards.

    `file`: the bytes of what is attached. `beside` writes in the same transaction, before the act.
    """
    today = today or acting.day_of(now)

    def do(db: Connection, ready: Act) -> Acted:
        beside(db)
        return acting.act(db, key, ready, by=by, now=now, law=app.law, via=via, today=today)

    def attach(db: Connection, ready: Attach, staged: Staged) -> Acted:
        beside(db)
        return attaching.attach(db, key, ready, staged, by=by, now=now, law=app.law, via=via, today=today)

    if isinstance(what, Attach) and file:
        with files.staged(app.settings.evidence_dir, file) as staged:
            return app.write(lambda db: attach(db, what, staged))
    if isinstance(what, TakeOut):
        done = app.write(lambda db: do(db, what))
        destroy_taken_out(app, now=now)
        return done
    if not isinstance(what, (Submit, KeepVersion)):
        return app.write(lambda db: do(db, what))

    paper = _Papers(app, key, what, today)

    def use_case(db: Connection) -> Acted:
        done = do(db, paper.ready)
        if done.moved.events:
            round_ = done.formation.steps[what.step].round
            submission = done.formation.submissions.get(what.step)
            put_forward = [ref.number for ref in submission.documents] if submission else []
            for one in paper.made:
                row = replace(one.row, round=round_, paper=one.paper)
                kept.keep(db, done.formation.id, row, put_forward=put_forward)
        return done

    done = app.write(use_case, prepare=paper.prepare)
    _say_unprinted(print_waiting(app, now=now, formation=key))
    return done


def destroy_taken_out(app: App, *, now: datetime) -> int:
    """Destroy the bytes of files that were taken out everywhere they stood; how many.

    Each in a transaction of its own that holds its row: whoever attaches the same bytes at that moment has them.
    """

    def one(sha: str) -> Callable[[Connection], bool]:
        def use_case(db: Connection) -> bool:
            gone = evidence.destroyed(db, sha, now)
            if gone:
                files.destroy(app.settings.evidence_dir, sha)
            return gone

        return use_case

    return sum(app.write(one(sha)) for sha in app.read(evidence.taken_out))


def _say_unprinted(printing: Printing) -> None:
    """The act stands whatever happens to the printing: the sentence says both."""
    if printing.failed:
        documents = ", ".join(number_ for number_, _ in printing.failed)
        raise PrintFailed(
            f"It is done and its words are kept, but {documents} could not be printed: {printing.failed[0][1]} "
            "It is tried again with the next sending; until it is printed nobody can approve it."
        )


class _Papers:
    """The documents of one act, made anew before each try."""

    def __init__(self, app: App, key: str, what: Submit | KeepVersion, today: date) -> None:
        self.made: tuple[Made, ...] = ()
        self.ready: Submit | KeepVersion = what
        self._app, self._key, self._what, self._today = app, key, what, today

    def prepare(self) -> None:
        """Read a snapshot and make the words."""
        snapshot = self._app.read(lambda db: take(db, self._app, self._key))
        if snapshot is None:
            return
        made = make_all(self._app, snapshot, self._what.step, self._today)
        if isinstance(self._what, Submit):
            self.made = made
            self.ready = replace(
                self._what, documents=tuple(m.ref for m in made), facts_seen=facts_fingerprint(snapshot.formation)
            )
        else:
            wanted = self._what.document.document
            self.made = tuple(m for m in made if m.ref.document == wanted)
            self.ready = self._what
            for one in self.made:
                self.ready = replace(self._what, document=one.ref, document_audience=Audience(one.row.audience))


def take(db: Connection, app: App, key: str) -> Snapshot | None:
    """Read what documents need; None where there is no such formation."""
    formation = formations.load(db, key)
    if formation is None:
        return None
    pathway = pathways.of(db, formation.release)
    texts = releases.prescribed(db, sample=formation.kind is Kind.SAMPLE)
    prescribed = {
        k: PrescribedText(
            k, tuple(p.strip() for p in x.text.split("\n\n") if p.strip()), x.sha256, x.sample, x.official_source
        )
        for k, x in texts.items()
    }
    counted = kept.counted(db, formation.id)
    names = people.names(db, [m.person for m in formation.members])
    return Snapshot(formation, pathway, prescribed, names, counted, app.templates_of(db, formation.release))


def make_all(app: App, snapshot: Snapshot, step: str, today: date, *, draft: bool = False) -> tuple[Made, ...]:
    """Every document that the step prints in this formation now."""
    if step not in snapshot.pathway.steps:
        return ()
    reading = app.law.read(snapshot.pathway, snapshot.formation)
    wanted = [p for p in snapshot.pathway.steps[step].produces if reading.holds(p.when) is YES]
    return tuple(make(app, snapshot, step, one, today, draft=draft) for one in wanted)


def make(app: App, snapshot: Snapshot, step: str, produced: Produced, today: date, *, draft: bool) -> Made:
    """One document: words, numbers, hashes, page."""
    template = snapshot.templates[produced.document]
    about = template.about
    formation = snapshot.formation
    counted = snapshot.counted
    if draft:
        paper_number, version = f"{formation.key}/{produced.catalogue}/draft", draft_line(today)
    else:
        paper_number = counted.next_number(formation.key, produced.catalogue)
        version = kept_line(counted.next_version(step, produced.document), today)
    mark = Mark.SAMPLE if formation.kind is Kind.SAMPLE else Mark.DRAFT if draft else Mark.NONE
    material = material_for(
        snapshot.pathway,
        formation,
        app.law.read(snapshot.pathway, formation),
        Wanted(produced.document, about.facts, about.lists, about.terms),
        step=step,
        number=paper_number,
        version=version,
        as_on=today,
        mark=mark,
        prescribed=snapshot.prescribed,
        names=snapshot.names,
    )
    document = source.read(template, material)
    numbers = number(document)
    lacks = model.missing(document)
    gaps = sum(1 for lack in lacks if lack.lack is model.Lack.PRESCRIBED)
    data = model.to_json(document, numbers.beside, {"number": material.number})
    hashes = model.clause_hashes(document)
    ref = DocumentRef(
        produced.document, material.number, model.document_hash(document), len(lacks) - gaps, gaps, False, hashes
    )
    row = kept.Kept(
        produced.document, produced.catalogue, material.number, step, formation.steps[step].round + 1, data.decode(),
        ref.sha256, hashes, _revisions(formation, about), ref.blanks, ref.gaps, today, about.audience.value,
    )  # fmt: skip
    clean = not draft and (produced.for_filing or about.kind is model.Kind.LETTER)
    return Made(ref, row, page.paper(document, about, numbers, material, clean=clean), lacks)


def _revisions(formation: Formation, about: About) -> str:
    """The answers that a document prints, each with its revision: JSON, "key" or "list/row/column" -> revision."""
    found = {}
    for (key, subject), answer in formation.answers.items():
        if key in about.facts if not subject else key in about.lists.get(subject.partition("/")[0], ()):
            found[f"{subject}/{key}" if subject else key] = answer.revision
    return json.dumps(found, sort_keys=True)


def print_waiting(app: App, *, now: datetime, formation: str = "") -> Printing:
    """Print what is kept and has no PDF yet; each file is written before its hash is added.

    One that cannot be printed keeps nobody else's waiting, and is let go for the next round.
    """
    waiting = app.write(lambda db: kept.lease_unprinted(db, now, PRINT_LEASE, formation))
    failed = []
    for one in waiting:
        try:
            pdf = print_one(app, one.paper or "", one.model.encode(), one.kept_on)
            sha = files.keep(app.settings.printed_dir, pdf)
        except (PrintFailed, DiskFault) as error:
            failed.append((one.number, str(error)))
            app.write(_let_go(one.number))
        else:
            app.write(_printed(one.number, sha))
    return Printing(len(waiting) - len(failed), tuple(failed))


def _let_go(number_: str) -> Callable[[Connection], None]:
    return lambda db: kept.let_go(db, number_)


def _printed(number_: str, sha: str) -> Callable[[Connection], None]:
    return lambda db: kept.printed(db, number_, sha)


def print_one(app: App, paper: str, data: bytes, as_on: date) -> bytes:
    """The PDF of one page; its dates come from the model, so that the same words give the same bytes."""
    return app.press.print(paper, data, datetime.combine(as_on, time(12), UTC))
