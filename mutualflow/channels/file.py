"""Mails written to files: for demonstrations, and where no server is named."""

import os
import re
from email.policy import SMTP
from pathlib import Path

from mutualflow.channels.email import as_mail
from mutualflow.domain.messages import Message, Undeliverable


class FileChannel:
    """One file per message, named after its Message-ID: sending twice leaves one file."""

    name = "file"

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, message: Message) -> str:
        """Write the mail beside its final name, then move it there."""
        name = re.sub(r"[^A-Za-z0-9.@-]+", "_", message.message_id.strip("<>")) + ".eml"
        target = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(f".part{os.getpid()}")
            part.write_bytes(as_mail(message, self._sender).as_bytes(policy=SMTP))
            part.replace(target)
        except OSError as error:
            raise Undeliverable(f"cannot write: {error.strerror}", for_good=False) from None
        return name
