"""Mails that a page sends at once: a code that nothing keeps in clear. What cannot go is noted without its address."""

import logging
from email.utils import make_msgid
from html import escape

from mutualflow.domain.messages import Message, Undeliverable
from mutualflow.web.site import Site

log = logging.getLogger("mutualflow.web")


def send(site: Site, *, to: str, name: str, subject: str, text: str) -> bool:
    """Send a mail; False where it could not go."""
    message = Message(
        to=to,
        to_name=name,
        subject=subject,
        text=text,
        html="".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n")),
        message_id=make_msgid(domain=site.app.settings.mail_domain),
    )
    try:
        site.app.channel.send(message)
    except Undeliverable as fault:
        log.error("a mail of a page could not be sent: %s", fault)
        return False
    return True


def spelled(code: str) -> str:
    """A code in two halves, as it is easier to type."""
    return f"{code[:4]} {code[4:]}"
