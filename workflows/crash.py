"""A sender that dies between the channel and the mark: how a sample shows that the next walk puts it right."""

from dataclasses import dataclass
from datetime import date

from mutualflow.storage.notices import Delivery

ROW = "crash_between_queue_and_mark"
"""How a sample's row asks for it."""


class SenderKilled(BaseException):
    """The process is gone at this very point: nothing that would tidy up may catch it."""


@dataclass(slots=True)
class Crash:
    """Watches every message between the channel and the mark; once armed, it stops the sender at the next."""

    today: date
    armed: bool = False
    message_id: str = ""
    killed_on: date | None = None
    again_on: date | None = None

    def passed(self, delivery: Delivery) -> None:
        """The channel has taken a message and nothing is written down yet."""
        if self.armed:
            self.armed, self.message_id, self.killed_on = False, delivery.message_id, self.today
            raise SenderKilled
        if delivery.message_id == self.message_id:
            self.again_on = self.today
