"""What goes out to a person, and the ways out."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person. `message_id` is the same every time it is tried."""

    to: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str


class Undeliverable(Exception):
    """It could not be sent; `for_good`: trying again will not help. str() holds no address."""

    def __init__(self, why: str, *, for_good: bool) -> None:
        super().__init__(why)
        self.for_good = for_good


class Channel(Protocol):
    """One way out."""

    name: str

    def send(self, message: Message) -> str:
        """Send it and return a receipt; Undeliverable says why not."""
