"""E-mail by SMTP."""

import smtplib
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage

from mutualflow.domain.messages import Message, Undeliverable

PERMANENT = 500


class EmailChannel:
    """One SMTP server; a connection per message, so that one failure stays its own."""

    name = "email"

    def __init__(self, host: str, port: int, sender: str, *, timeout_s: float = 20) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._timeout = timeout_s

    def send(self, message: Message) -> str:
        """Hand it to the server; 5xx answers are for good, everything else is tried again."""
        mail = as_mail(message, self._sender)
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout) as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Undeliverable(f"refused with {codes}", for_good=all(c >= PERMANENT for c in codes)) from None
        except smtplib.SMTPResponseException as error:
            raise Undeliverable(f"answered {error.smtp_code}", for_good=error.smtp_code >= PERMANENT) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Undeliverable(f"no connection: {type(error).__name__}", for_good=False) from None
        return "accepted"


def as_mail(message: Message, sender: str) -> EmailMessage:
    """The message as a mail with a plain and an HTML part."""
    mail = EmailMessage()
    mail["From"] = sender
    try:
        mail["To"] = Address(" ".join(message.to_name.split()), addr_spec=message.to)
    except (ValueError, LookupError, MessageError):  # the ways in which the standard library says so
        raise Undeliverable("the address cannot be used", for_good=True) from None
    mail["Subject"] = " ".join(message.subject.split())  # a line end would begin another header
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail
