"""The pathway that a formation is pinned to, read once per process."""

from sqlalchemy import Connection

from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.pathway import Pathway
from mutualflow.pathways.release import from_json
from mutualflow.storage import releases

_known: dict[str, Pathway] = {}


def of(db: Connection, sha256: str) -> Pathway:
    """The compiled pathway of a release; FileFault where the database does not hold it."""
    known = _known.get(sha256)
    if known is None:
        body = releases.body(db, sha256)
        if body is None:
            raise FileFault((Fault("database", 0, sha256[:12], "this release is not in the database"),))
        known = _known[sha256] = from_json(body.encode())
    return known
