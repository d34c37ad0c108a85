"""Attaching: the bytes of a file take their place once every rule has let the act pass, and never otherwise."""

import mimetypes
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from mutualflow.domain.acts import Attach
from mutualflow.domain.law import LawBook
from mutualflow.services import acting
from mutualflow.services.acting import Acted
from mutualflow.storage import evidence
from mutualflow.storage.files import Staged

ANY_BYTES = "application/octet-stream"
_TYPES = mimetypes.MimeTypes()  # Python's own table: what a machine adds to it is no part of a record


def attach(
    db: Connection,
    key: str,
    what: Attach,
    staged: Staged,
    *,
    by: str,
    now: datetime,
    law: LawBook,
    via: str = "cli",
    today: date | None = None,
) -> Acted:
    """Attach a file whose bytes lie ready. Refused leaves neither a row nor bytes; DiskFault leaves no row."""
    kind, _ = _TYPES.guess_type(what.name)
    evidence.keep(db, staged.sha256, what.name, kind or ANY_BYTES, staged.size, now)
    done = acting.act(db, key, replace(what, sha256=staged.sha256), by=by, now=now, law=law, via=via, today=today)
    staged.settle()
    return done
