"""The application: everything that reaches outside, built once from the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Connection, Engine

from mutualflow import rules
from mutualflow.channels.email import EmailChannel
from mutualflow.channels.file import FileChannel
from mutualflow.documents import library
from mutualflow.documents.library import Template
from mutualflow.documents.press import Press
from mutualflow.domain.law import LawBook
from mutualflow.domain.messages import Channel
from mutualflow.pathways import release
from mutualflow.settings import Settings, from_environment
from mutualflow.storage import database, releases, revision
from mutualflow.storage.files import DiskFault
from mutualflow.storage.notices import Delivery

Result = TypeVar("Result")


@dataclass
class App:
    """What a command, a flow or a request works with."""

    settings: Settings
    between: Callable[[Delivery], None] = lambda delivery: None  # after the channel took a mail, before that is written

    @cached_property
    def engine(self) -> Engine:
        """The database."""
        if self.settings.database_url.startswith("sqlite"):
            try:
                self.settings.data_dir.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DiskFault(
                    f"The data folder {self.settings.data_dir} cannot be made: {error.strerror}. "
                    "Set MUTUALFLOW_DATA_DIR to a folder that you may write to."
                ) from None
        return database.open_engine(self.settings.database_url)

    @cached_property
    def ours(self) -> Engine:
        """The database, seen once to be of this program's revision; DatabaseFault where it is not."""
        with database.reading(self.engine) as db:
            revision.check(db)
        return self.engine

    @cached_property
    def law(self) -> LawBook:
        """The dated law of this installation."""
        return LawBook(rules.load())

    @cached_property
    def templates(self) -> Mapping[str, Template]:
        """The documents' sources."""
        return library.load_all()

    @cached_property
    def _pinned(self) -> dict[str, Mapping[str, Template]]:
        return {}

    def templates_of(self, db: Connection, sha256: str) -> Mapping[str, Template]:
        """The documents' sources of a release, read once."""
        if sha256 not in self._pinned:
            body = releases.body(db, sha256)
            self._pinned[sha256] = library.from_texts(release.document_texts(body.encode())) if body else {}
        return self._pinned[sha256]

    @cached_property
    def press(self) -> Press:
        """The child process that prints; started at the first print."""
        return Press()

    @cached_property
    def channel(self) -> Channel:
        """How digests go out: SMTP where a server is named, else files."""
        s = self.settings
        if s.smtp_host:
            return EmailChannel(s.smtp_host, s.smtp_port, s.mail_sender)
        return FileChannel(s.mail_dir, s.mail_sender)

    def write(
        self, use_case: Callable[[Connection], Result], *, prepare: Callable[[], None] = database.nothing
    ) -> Result:
        """Run a use case in a transaction of its own (database.write), in a database of our revision."""
        return database.write(self.ours, use_case, prepare=prepare)

    def read(self, use_case: Callable[[Connection], Result]) -> Result:
        """Run a reading use case in one snapshot, in a database of our revision."""
        with database.reading(self.ours) as db:
            return use_case(db)

    def close(self) -> None:
        """Let go of what was opened."""
        if "press" in self.__dict__:
            self.press.close()
        if "engine" in self.__dict__:
            self.engine.dispose()


def build(settings: Settings | None = None) -> App:
    """The application of this environment."""
    return App(settings or from_environment())
