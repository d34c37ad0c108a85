"""The pathway that a formation is pinned to, read once per process."""

from functools import lru_cache

from sqlalchemy import Connection

from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.pathway import Pathway
from mutualflow.pathways import release
from mutualflow.storage import releases


def of(db: Connection, sha256: str) -> Pathway:
    """The compiled pathway of a release; FileFault where the database does not hold it."""
    known = _known.get(sha256)
    if known is None:
        body = releases.body(db, sha256)
        if body is None:
            raise FileFault((Fault("database", 0, sha256[:12], "this release is not in the database"),))
        known = _known[sha256] = _compiled(body)
    return known


@lru_cache(maxsize=8)
def _compiled(body: str) -> Pathway:
    return release.from_json(body.encode())


_known: dict[str, Pathway] = {}
