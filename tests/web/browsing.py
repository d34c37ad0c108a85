"""Honest people at their browsers: each act is the form of a page, filled in and sent as a browser sends it."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

from mutualflow.domain import acts
from mutualflow.domain.pathway import QuestionType, With
from mutualflow.services import publishing
from mutualflow.web.site import Site
from mutualflow.wiring import samples
from tests.honest import Honest, real_pathway
from tests.stored import GUARANTEE, load, moment, the_law
from tests.web.conftest import PROJECT, Browser, Calendar

PDF = b"%PDF-1.7\nwords\n"


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and the fields that it carries already."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((said.get("action", ""), {}))
        elif tag == "input" and said.get("type") == "hidden" and self.forms:
            self.forms[-1][1][said["name"]] = said.get("value", "")

    def at(self, place: str, page: str) -> dict[str, str]:
        """The fields of the form that is sent to a place."""
        found = [fields for action, fields in self.forms if action == place]
        assert found, (place, page)
        return found[0]


class Browsing(Honest):
    """Honest people over a site; what they do is loaded back from the database."""

    def __init__(self, site: Site, browser: Callable[[str], Browser], facts: Mapping[str, str] | None = None) -> None:
        formation = load(site.app.engine, PROJECT)
        super().__init__(real_pathway(), {**GUARANTEE, **(facts or {})}, law=the_law().thresholds, formation=formation)
        self.site, self.open, self.browsers = site, browser, dict[str, Browser]()
        assert isinstance(site.calendar, Calendar)
        self.calendar = site.calendar
        self.pages = 0

    def do(self, by: str, act: acts.Act) -> None:
        """Open the page of the act, fill in its form, send it, and look at where it leads."""
        self.calendar.day = self.today
        place, fields, file = self._form(act)
        self.send(by, place, fields, file)
        self.f = load(self.site.app.engine, PROJECT)
        self.log.append((by, act))

    def send(self, by: str, place: str, fields: Mapping[str, str], file: str = "", page: str = "") -> None:
        """One form from its page to the page that it leads to."""
        client = self.browsers.setdefault(by, self.open(by))
        shown = client.get(page or place)
        assert shown.status_code == 200, (by, page or place, shown.status_code, words(shown.text))
        hidden = Forms(shown.text).at(place, words(shown.text))
        files = {"file": (file, PDF + file.encode(), "application/pdf")} if file else None
        answer = client.post(place, data={**hidden, **fields}, files=files)
        assert answer.status_code == 303, (by, place, fields, answer.status_code, words(answer.text))
        after = client.get(answer.headers["location"])
        assert after.status_code == 200, (by, answer.headers["location"], words(after.text))
        self.pages += 2

    def attach(self, key: str, comes_with: With, by: str) -> str:
        """As honest people do, but the site names the file."""
        before = set(self.f.evidence)
        last = super().attach(key, comes_with, by)
        new = [k for k in self.f.evidence if k not in before]
        return new[-1] if new else last

    def _form(self, act: acts.Act) -> tuple[str, dict[str, str], str]:
        """Where an act's form is sent, what is filled in, and the file chosen."""
        base = f"/projects/{PROJECT}"
        match act:
            case acts.Answer():
                kind = self.pathway.questions[act.fact].type
                place = f"{base}/steps/{self.pathway.asker[act.fact]}/questions/{act.fact}"
                return place, {**boxes("answer", act.value, kind), "way": "save", "single": "yes"}, ""
            case acts.AddRow():
                columns = self.pathway.lists[act.list].columns
                filled: dict[str, str] = {}
                for name, value in act.values.items():
                    filled |= boxes(name, value, columns[name].type)
                return f"{base}/steps/{self.pathway.asker[act.list]}/lists/{act.list}/new", filled, ""
            case acts.CompleteList():
                return f"{base}/steps/{self.pathway.asker[act.list]}/lists/{act.list}", {}, ""
            case acts.Attach():
                unnamed = {"record_decision": "minute", "record_answer": "certificate"}.get(act.comes_with, "other")
                return f"{base}/steps/{act.step}/evidence/{act.evidence or unnamed}", {}, f"{act.key}.pdf"
            case acts.Submit():
                return (
                    f"{base}/steps/{act.step}/send",
                    boxes("happened_on", str(act.happened_on), QuestionType.DATE),
                    "",
                )
            case acts.Done() | acts.Accept():
                way = "done" if isinstance(act, acts.Done) else "accept"
                return f"{base}/tasks/{act.task}", {"way": way}, ""
            case _:
                return self._act_page(base, act)

    def _act_page(self, base: str, act: acts.Act) -> tuple[str, dict[str, str], str]:
        name = re.sub(r"(?<!^)([A-Z])", r"_\1", type(act).__name__).lower()
        said: dict[str, str] = {}
        for field in ("slot", "organisation", "reason", "outcome", "minute", "answer", "certificate", "reference"):
            value = getattr(act, field, "")
            said |= {field: str(value)} if value else {}
        for field in ("decided_on", "answered_on", "happened_on"):
            if getattr(act, field, None):
                said |= boxes(field, str(getattr(act, field)), QuestionType.DATE)
        assert isinstance(act, acts.StepAct)
        return f"{base}/steps/{act.step}/act/{name}", said, ""


def boxes(name: str, value: str, kind: QuestionType) -> dict[str, str]:
    """An answer as the boxes of its question take it."""
    if kind is not QuestionType.DATE:
        return {name: value}
    year, month, day = value.split("-")
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


def load_official_wording(site: Site) -> None:
    """Stand-ins for every official text, as the operator loads them for samples."""
    for path in sorted((samples.folder() / "prescribed").glob("*")):
        one = samples.stand_in(path.stem)
        site.app.write(
            lambda db, one=one: publishing.load_prescribed(  # type: ignore[misc]
                db,
                one.key,
                one.text,
                one.official_source,
                sample=True,
                by="operator",
                now=moment(site.calendar.today()),
            )
        )


def words(page: str) -> str:
    """The words of a page's main part, for a failing test."""
    main = page.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:600]
