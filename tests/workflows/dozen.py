"""A dozen formations with something due, and what must hold of them when all is walked, told and sent."""

import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from email import message_from_bytes

from sqlalchemy import Connection, select

from mutualflow.services import auditing, walking
from mutualflow.storage import tables as t
from mutualflow.wiring.app import App
from tests import stored

DAY = date(2024, 3, 2)
KEYS = [f"group-{n:02}" for n in range(12)]


def a_dozen(app: App) -> App:
    """Start them, in an installation that has a release and everybody."""
    for key in KEYS:
        stored.start(app.engine, key)
    return app


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for something that happens in another process."""
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it never happened"
        time.sleep(0.01)


def nothing_lost(app: App, today: date) -> None:
    """Every formation was walked, everybody told, every mail sent."""

    def look(db: Connection) -> None:
        assert walking.due(db, today) == []
        told = Counter(db.execute(select(t.formation.c.key).join(t.notice)).scalars())
        assert set(told) == set(KEYS)
        assert len(set(told.values())) == 1, f"each formation has told as much as the others: {told}"
        assert list(db.execute(select(t.notice.c.id).where(t.notice.c.delivery_id.is_(None)))) == []
        assert list(db.execute(select(t.delivery.c.id).where(t.delivery.c.sent_at.is_(None)))) == []
        verified = auditing.verify(db, replay=True)
        assert verified.findings == ()

    app.read(look)
    mails = {message_from_bytes(p.read_bytes())["Message-ID"] for p in app.settings.mail_dir.glob("*.eml")}
    assert mails == set(app.read(lambda db: db.execute(select(t.delivery.c.message_id)).scalars().all()))


def nothing_doubled(app: App) -> None:
    """No event of a walk stands twice, nobody is told one thing twice, one digest a person a day."""

    def look(db: Connection) -> None:
        by_walk = select(t.formation.c.key, t.event_row.c.kind, t.event_row.c.body).join(
            t.event_row, t.event_row.c.formation_id == t.formation.c.id
        )
        changes = Counter(
            (r.key, json.dumps(json.loads(r.body)["refs"], sort_keys=True))
            for r in db.execute(by_walk)
            if r.kind in ("law_changed", "clock_missed", "mended")
        )
        assert changes
        assert max(changes.values()) == 1
        assert len(set(Counter(key for key, _ in changes).values())) == 1, "all alike"
        n = t.notice.c
        told = Counter(tuple(r) for r in db.execute(select(n.person, n.kind, n.formation_id, n.subject, n.mark)))
        assert max(told.values()) == 1
        sent = Counter(tuple(r) for r in db.execute(select(t.delivery.c.person, t.delivery.c.day, t.delivery.c.kind)))
        assert max(sent.values()) == 1

    app.read(look)
