"""What a browser sent: read within limits, as text that a database and a page can hold."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

MOST_FIELDS = 200
MOST_FILES = 1
LONGEST_FIELD = 1_200_000  # bytes; the core says what is too long for an answer, with the question's name
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
ONCE = "once"


class BadForm(Exception):
    """The request is not one that our pages send."""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in the order in which they came; files beside them."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str, bytes], ...] = field(default=())

    def text(self, name: str) -> str:
        """A field without blanks around it; '' where it is missing. New lines are told as \\n."""
        found = [value for key, value in self.fields if key == name]
        return found[-1].strip().replace("\r\n", "\n").replace("\r", "\n") if found else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may come several times, empty ones left out."""
        return tuple(value.strip() for key, value in self.fields if key == name and value.strip())

    def number(self, name: str) -> int | None:
        """A whole number from our own hidden field; None where it is none."""
        text = self.text(name)
        return int(text) if re.fullmatch(r"\d{1,9}", text) else None

    def file(self, name: str) -> tuple[str, bytes] | None:
        """Name and bytes of a file; None where none was chosen."""
        found = [(said, data) for key, said, data in self.files if key == name and said]
        return found[0] if found else None


async def read(request: Request) -> Form:
    """The form of a request; BadForm for anything else."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        raise BadForm(kind)
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD) as sent:
        return await _kept(sent)


async def _kept(sent: FormData) -> Form:
    fields, files = [], []
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            files.append((name, UNFIT.sub("", value.filename or ""), await value.read()))
        elif UNFIT.search(name):
            raise BadForm(name)
        else:
            fields.append((name, value))
    return Form(tuple(fields), tuple(files))


def made_key(form: Form, letter: str) -> str:
    """A key for what a form makes: the same for the same form, so that sent twice it makes one thing."""
    return f"{letter}-{hashlib.sha256(form.text(ONCE).encode()).hexdigest()[:10]}"


def fresh_once() -> str:
    """A form's own number: sent twice it is taken once."""
    return secrets.token_urlsafe(12)
