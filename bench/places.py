"""Where the bench runs: fresh SQLite files and databases of a PostgreSQL server of its own, with usual durability."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, text

from mutualflow.storage import migrating
from mutualflow.storage.database import open_engine
from tests import postgres
from tests.postgres import Server

DURABLE = {"listen_addresses": "", "shared_buffers": "128MB", "max_connections": "80", "autovacuum": "off"}
"""PostgreSQL as it ships (every commit is on disk), but for a vacuum that would start in the middle of a figure."""

_count = itertools.count(1)


class Place(Protocol):
    """A kind of database."""

    name: str

    def fresh(self) -> str:
        """Address of a migrated database without rows."""

    def copy(self, url: str) -> str:
        """Address of a copy; nobody may be connected to the first."""


@dataclass
class Sqlite:
    """Files in a folder; write-ahead log and synchronous=NORMAL, as the product sets them."""

    folder: Path
    name: str = "SQLite"

    def fresh(self) -> str:
        """A new file."""
        return _migrated(f"sqlite:///{self.folder / f'{next(_count)}.db'}")

    def copy(self, url: str) -> str:
        """The same file under another name."""
        path = self.folder / f"{next(_count)}.db"
        shutil.copy(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"


@dataclass
class Postgres:
    """Databases of one server."""

    server: Server
    name: str = "PostgreSQL"
    made: list[str] = field(default_factory=list)

    def fresh(self) -> str:
        """A new database."""
        return _migrated(self.server.create(f"b{next(_count)}"))

    def copy(self, url: str) -> str:
        """A database made from another as its template."""
        template = url.partition("@/")[2].partition("?")[0]
        return self.server.create(f"b{next(_count)}", template)


def _migrated(url: str) -> str:
    engine = open_engine(url)
    migrating.upgrade(engine)
    engine.dispose()
    return url


def settle(engine: Engine) -> None:
    """Statistics as a server keeps them by itself in time; SQLite is used without."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def both() -> Iterator[tuple[Sqlite, Postgres]]:
    """Both kinds, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="mutualflow-bench-") as folder, postgres.running(DURABLE) as server:
        yield Sqlite(Path(folder)), Postgres(server)
