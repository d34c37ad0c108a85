"""What day it is: the world's, or the practice site's own."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

from mutualflow.services.acting import day_of


class Calendar(Protocol):
    """`clock`: the real moment, for sessions and codes. `moment` and `today`: when an act is done."""

    def clock(self) -> datetime: ...

    def moment(self) -> datetime: ...

    def today(self) -> date: ...


class RealCalendar:
    """The world's."""

    def clock(self) -> datetime:
        """Now."""
        return datetime.now(UTC)

    def moment(self) -> datetime:
        """Now."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Today in London."""
        return day_of(self.moment())


@dataclass
class PracticeCalendar:
    """The practice site's: a day of its own that a button moves on; the time of day is real."""

    day: date
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clock(self) -> datetime:
        """Now."""
        return datetime.now(UTC)

    def moment(self) -> datetime:
        """The present time of the practice day."""
        return datetime.combine(self.day, self.clock().timetz())

    def today(self) -> date:
        """The practice day."""
        return self.day

    def move_to(self, day: date) -> None:
        """Never backwards."""
        with self._lock:
            self.day = max(self.day, day)
