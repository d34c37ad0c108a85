"""The engine and its transactions: SQLite by default, PostgreSQL in production."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from mutualflow.domain.errors import Conflict

Result = TypeVar("Result")
TRIES = 4
PATIENCE = 15_000
"""Milliseconds that a writer waits for another."""
WRITING = "mutualflow_writing"
NAP_S = 0.008
"""The longest nap while another process writes SQLite. Its own waiting naps longer and longer, and whoever comes later
goes first: of many writers some would starve until they give up."""
GUARDED = "only ever added"
"""What the triggers of added-only tables say (tables.py)."""

_write_locks: dict[str, threading.Lock] = {}


class DatabaseFault(Exception):
    """The database cannot be used; the sentence says what to do."""


def open_engine(url: str) -> Engine:
    """An engine with the settings that both databases need; parameters never reach an error text."""
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    except ModuleNotFoundError as error:
        raise DatabaseFault(
            f"The database driver {error.name} is not installed. For PostgreSQL: pip install 'mutualflow[postgres]'."
        ) from None
    except Exception as error:
        raise DatabaseFault(f"The database address cannot be read: {type(error).__name__}.") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _write_locks.setdefault(str(engine.url), threading.Lock())
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, entry: ConnectionPoolEntry) -> None:
    """Nobody waits for ever behind a transaction that was left open."""
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{PATIENCE}ms'")
    connection.autocommit = False


def _prepare_sqlite(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and loses updates
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITING):
        _take_turn(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_turn(connection: Connection) -> None:
    """BEGIN IMMEDIATE, asked for again at short random intervals while another process writes."""
    own = connection.connection.driver_connection
    assert isinstance(own, sqlite3.Connection)
    patience = int(own.execute("PRAGMA busy_timeout").fetchone()[0])
    give_up = time.monotonic() + patience / 1000
    own.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                own.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > give_up:
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from None  # as SQLAlchemy would say it
            time.sleep(random.uniform(0.0005, NAP_S))
    finally:
        own.execute(f"PRAGMA busy_timeout={patience}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: one snapshot, rolled back at its end."""
    with plain_faults(), engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # whose transactions are snapshots anyway
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin() as transaction:
            yield connection
            transaction.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; it commits once, at its end. SQLite: one writer per process at a time."""
    lock = _write_locks.get(str(engine.url))
    if lock is not None:
        lock.acquire()
    try:
        with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
            yield connection
    finally:
        if lock is not None:
            lock.release()


def nothing() -> None:
    """No preparation."""


def write(engine: Engine, use_case: Callable[[Connection], Result], *, prepare: Callable[[], None] = nothing) -> Result:
    """Run a use case in a transaction of its own; when somebody else wrote first, run it again as a whole.

    `prepare` runs before each try, outside the transaction: what it reads may have moved on.
    """
    for attempt in range(TRIES):
        prepare()
        try:
            with plain_faults(), writing(engine) as db:
                return use_case(db)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        except IntegrityError as error:  # two people added the same thing at once, or it cannot be added at all
            if attempt == TRIES - 1 or GUARDED in str(error.orig):
                raise DatabaseFault(_sentence(str(error.orig).lower())) from None
        time.sleep(0.02 * 2**attempt)
    raise AssertionError("unreachable")


@contextmanager
def plain_faults() -> Iterator[None]:
    """Turn a database that is gone, locked, full or unreadable into a sentence."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseFault(_sentence(str(error.orig).lower())) from None
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise DatabaseFault(_sentence(str(error.orig).lower())) from None


def _sentence(said: str) -> str:
    known = {
        "lock timeout": "The database is busy with another program; try again in a moment.",
        "deadlock": "The database is busy with another program; try again in a moment.",
        "locked": "The database is busy with another program; try again in a moment.",
        "disk is full": "The disk is full; nothing was written. Make room and try again.",
        "no space": "The disk is full; nothing was written. Make room and try again.",
        "not a database": "The database file is not a database of ours; check MUTUALFLOW_DATABASE_URL.",
        "malformed": "The database file is damaged; restore it from a backup.",
        "unable to open": "The database file cannot be opened; check the folder and its permissions.",
        "readonly": "The database can only be read here; check the permissions of its file and folder.",
        "i/o error": "The disk cannot be read or written; check it, and the folder of the database.",
        "no such table": "The database has no tables yet; run “mutualflow init”.",
        "no such column": "The database was made by another version of this program; run “mutualflow init”.",
        "has no column": "The database was made by another version of this program; run “mutualflow init”.",
        "does not exist": "The database or its tables are not there; run “mutualflow init”.",
        "foreign key": "This names something that is not kept here; nothing was written.",
        "connection": "The database does not answer; check that it runs and the address is right.",
        GUARDED: "Rows of the history are only ever added; this change was refused.",
    }
    for words, sentence in known.items():
        if words in said:
            return sentence
    first = (said.splitlines() or ["it does not say why"])[0]
    return f"The database refused the work and nothing was written: {first[:200]}."
