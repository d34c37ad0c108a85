"""Notices into a digest: subject, plain words and HTML from the folders beside this module."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound

from mutualflow.domain.material import say_day
from mutualflow.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Line:
    """One notice, ready to be worded. Days are in words, empty where there is none.

    `rule`: title of the law it is about, whose day was `was` and is `now`; `needed`: whether the law makes the step
    needed (yes, no, maybe); `held_by`: the step that makes a forecast later; `milestone`: whose planned day has
    crossed a change of law.
    """

    kind: str
    formation: str
    title: str
    what: str
    day: str = ""
    late: bool = False  # the day has passed
    since: str = ""
    rule: str = ""
    was: str = ""
    now: str = ""
    needed: str = ""
    held_by: str = ""
    milestone: str = ""


class _Folder(BaseLoader):
    def get_source(self, environment: Environment, template: str) -> tuple[str, str, None]:
        place = files("mutualflow.messages").joinpath(*template.split("/"))
        if not place.is_file():
            raise TemplateNotFound(template)
        return place.read_text(encoding="utf-8"), template, None


@cache
def _environment(html: bool) -> Environment:
    return Environment(
        loader=_Folder(), autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def sentence(line: Line) -> str:
    """What one notice says."""
    words = _environment(False).get_template(f"{line.kind}/line.txt").render(n=line)
    return " ".join(words.split())


def digest(*, to: str, name: str, day: date, lines: Iterable[Line], message_id: str, urgent: frozenset[str]) -> Message:
    """One person's digest of one day: what cannot wait first, then by formation."""
    worded = [(line, sentence(line)) for line in lines]
    first = [(line, words) for line, words in worded if line.kind in urgent]
    rest = [(line, words) for line, words in worded if line.kind not in urgent]
    facts = {"name": name, "day": say_day(day), "first": first, "rest": rest, "count": len(worded)}
    plain, html = _environment(False), _environment(True)
    return Message(
        to=to,
        to_name=name,
        subject=" ".join(plain.get_template("digest/subject.txt").render(facts).split()),
        text=plain.get_template("digest/body.txt").render(facts),
        html=html.get_template("digest/body.html").render(facts),
        message_id=message_id,
    )
