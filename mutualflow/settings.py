"""What the environment tells us, read once; every default is fit for production and for publishing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingFault(Exception):
    """A variable cannot be used; the sentence names it and says what is allowed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`data_dir` holds the SQLite file, evidence, printed documents and (without SMTP) written mails."""

    data_dir: Path
    database_url: str
    smtp_host: str
    smtp_port: int
    mail_sender: str
    mail_domain: str
    prefect_api_url: str
    prefect_port: int

    @property
    def evidence_dir(self) -> Path:
        """Where the bytes of attached files lie, by their hash."""
        return self.data_dir / "evidence"

    @property
    def printed_dir(self) -> Path:
        """Where printed documents lie, by their hash."""
        return self.data_dir / "printed"

    @property
    def mail_dir(self) -> Path:
        """Where mails are written when no SMTP server is named."""
        return self.data_dir / "mail"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read MUTUALFLOW_* (and PREFECT_API_URL); SettingFault names what cannot be used."""
    said = os.environ if environment is None else environment
    data = Path(said.get("MUTUALFLOW_DATA_DIR", "data")).expanduser()
    sender = said.get("MUTUALFLOW_MAIL_SENDER", "mutualflow@example.org")
    return Settings(
        data_dir=data,
        database_url=said.get("MUTUALFLOW_DATABASE_URL") or f"sqlite:///{data / 'mutualflow.db'}",
        smtp_host=said.get("MUTUALFLOW_SMTP_HOST", ""),
        smtp_port=_number(said, "MUTUALFLOW_SMTP_PORT", 25),
        mail_sender=sender,
        mail_domain=sender.rpartition("@")[2] or "example.org",
        prefect_api_url=said.get("PREFECT_API_URL", ""),
        prefect_port=_number(said, "MUTUALFLOW_PREFECT_PORT", 4200),
    )


def _number(said: Mapping[str, str], name: str, fallback: int) -> int:
    text = said.get(name, str(fallback))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingFault(f"{name} is {text[:40]!r}; it has to be a port number between 1 and 65535.")
    return int(text)
