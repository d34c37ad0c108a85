"""What the environment tells us, read once; every default is fit for production and for publishing."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ADDRESS = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?|http://localhost(:\d{1,5})?")


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


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What a site needs that people reach. `address`: scheme and host as they type it, without a path."""

    address: str
    secret_key: bytes
    operator: str
    contact: str


WEB = {
    "MUTUALFLOW_PUBLIC_ADDRESS": "the address that people type, like https://mutuals.example.org",
    "MUTUALFLOW_SECRET_KEY": "a secret of at least 32 characters, the same for every process of the site",
    "MUTUALFLOW_MAIL_SENDER": "the address from which mails are sent",
    "MUTUALFLOW_OPERATOR": "who runs the site, as people should read it",
    "MUTUALFLOW_CONTACT": "the e-mail address to which people write for help",
}
SHORTEST_SECRET = 32


def web_from_environment(environment: Mapping[str, str] | None = None) -> WebSettings:
    """Read what the site needs; SettingFault names everything that is missing, and what it is for."""
    said = os.environ if environment is None else environment
    missing = [f"{name} ({what})" for name, what in WEB.items() if not said.get(name)]
    if missing:
        raise SettingFault(f"Missing: {'; '.join(missing)}.")
    address, secret = said["MUTUALFLOW_PUBLIC_ADDRESS"].rstrip("/"), said["MUTUALFLOW_SECRET_KEY"]
    if not ADDRESS.fullmatch(address):
        raise SettingFault(
            f"MUTUALFLOW_PUBLIC_ADDRESS is {address[:60]!r}; it has to begin with https:// and have no path "
            "(http:// only for localhost)."
        )
    if len(secret) < SHORTEST_SECRET:
        raise SettingFault(f"MUTUALFLOW_SECRET_KEY has {len(secret)} characters; it needs {SHORTEST_SECRET}.")
    return WebSettings(address, secret.encode(), said["MUTUALFLOW_OPERATOR"], said["MUTUALFLOW_CONTACT"])


def _number(said: Mapping[str, str], name: str, fallback: int) -> int:
    text = said.get(name, str(fallback))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingFault(f"{name} is {text[:40]!r}; it has to be a port number between 1 and 65535.")
    return int(text)
