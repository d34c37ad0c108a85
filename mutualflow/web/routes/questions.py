"""Questions, one page each, made from the pathway's data."""

from starlette.responses import Response

from mutualflow.domain.acts import Answer
from mutualflow.domain.keys import NOT_KNOWN
from mutualflow.domain.pathway import Question, QuestionType, say
from mutualflow.domain.tri import NO
from mutualflow.services.looking import Look
from mutualflow.web import changing, choices, inputs
from mutualflow.web.inputs import Box, Wrong
from mutualflow.web.site import Needs, Rooms, Visit
from mutualflow.web.templating import led

rooms = Rooms()
KINDS = {
    QuestionType.YES_NO: "choice",
    QuestionType.CHOICE: "choice",
    QuestionType.NUMBER: "number",
    QuestionType.MONEY: "money",
    QuestionType.DATE: "date",
    QuestionType.TEXT: "text",
    QuestionType.LONG_TEXT: "long",
    QuestionType.PERSON: "select",
    QuestionType.ORGANISATION: "select",
}
YES_NO = {"yes": "Yes", "no": "No"}
PATH = "/projects/{project}/steps/{step}/questions/{question}"


@rooms.get(PATH, needs=Needs.MEMBER)
def ask(visit: Visit) -> Response:
    """One question of a step."""
    look = visit.look()
    question = _question(visit, look)
    held = look.formation.answers.get((question.key, ""))
    return _page(visit, look, question, held.text if held else "")


@rooms.post(PATH, needs=Needs.MEMBER)
def answer(visit: Visit) -> Response:
    """Save the answer and go on to the next open question; a change that reopens something is shown first."""
    look, question, value, wrong = visit.site.app.read(lambda db: _sent(visit, visit.look(db)))
    if visit.form.text("way") == "skip":
        return led(_onward(visit, look, question.key))
    if wrong:
        return visit.site.app.read(lambda db: _page(visit, visit.look(db), question, "", wrong))
    act = Answer(
        fact=question.key,
        value=value,
        seen=visit.form.number("seen"),
        correction=visit.form.text("correction"),
        confirm=visit.form.texts("confirm"),
    )
    return changing.change(
        visit,
        act,
        what=say(question.label),
        then=_onward(visit, look, question.key),
        again=lambda now, wrong: _page(visit, now, question, value, wrong),
        at=box_of(look, question).at,
    )


def _sent(visit: Visit, look: Look) -> tuple[Look, Question, str, list[Wrong]]:
    """What was answered, as the core reads it, and what is wrong with it."""
    question = _question(visit, look)
    box = box_of(look, question)
    if visit.form.text("way") == "unknown":
        return look, question, NOT_KNOWN, []
    try:
        value = inputs.sent(visit.form, box)
    except ValueError as fault:
        return look, question, "", [Wrong(box.at, f"Enter a real date: {fault}")]
    if value or visit.form.text("way") == "skip":
        return look, question, value, []
    begin = "Choose an answer" if box.kind in ("choice", "select") else "Enter an answer"
    return look, question, "", [Wrong(box.at, f"{begin}, say that you do not know yet, or skip it for now")]


def _page(visit: Visit, look: Look, question: Question, value: str, wrong: list[Wrong] | None = None) -> Response:
    held = look.formation.answers.get((question.key, ""))
    step = look.pathway.steps[visit.at("step")]
    box = box_of(look, question)
    values = {
        "project": look.formation.key,
        "step": step.key,
        "step_title": look.title(step.key),
        "question": question,
        "heading": say(question.words) or say(question.label),
        "hint": say(question.hint),
        "box": box,
        "value": "" if value == NOT_KNOWN else value,
        "unknown": value == NOT_KNOWN,
        "parts": inputs.date_parts(value),
        "as_sent": inputs.as_sent(visit.form),
        "held": held,
        "held_by": look.name(held.by) if held else "",
        "held_words": look.said(question, held.text) if held else "",
        "readers": choices.AUDIENCES[question.audience],
        "place": _place(look, step.key, question.key),
        "errors": wrong,
        "changes_words": held is not None and question.type in (QuestionType.TEXT, QuestionType.LONG_TEXT),
    }
    return visit.page("question.html", values, status=422 if wrong else 200)


def _question(visit: Visit, look: Look) -> Question:
    """The question of this path, if the step asks it and the person may see it."""
    step = look.pathway.steps.get(visit.at("step"))
    question = look.question(visit.at("question"))
    source = look.pathway.steps.get(step.puts_right) if step and step.puts_right else step
    if source is None or question is None or question.key not in {a.key for a in source.asks}:
        visit.nothing_here()
    return question


def box_of(look: Look, question: Question, name: str = "answer") -> Box:
    """The box for an answer of this question."""
    listed = {key: say(text) for key, text in question.choices.items()}
    if question.type is QuestionType.YES_NO:
        listed = YES_NO
    elif question.type is QuestionType.PERSON:
        listed = choices.members(look)
    elif question.type is QuestionType.ORGANISATION:
        listed = {key: o.name for key, o in look.formation.organisations.items()}
    kind = KINDS[question.type]
    if kind == "select" and not listed:
        kind = "text"
    return Box(name, kind, say(question.words), say(question.hint), listed, question.unit)


def _asked(look: Look, step: str) -> list[str]:
    of = look.pathway.steps[step]
    asks = look.pathway.steps[of.puts_right].asks if of.puts_right else of.asks
    return [a.key for a in asks if look.question(a.key) is not None and look.reading.holds(a.when) is not NO]


def _place(look: Look, step: str, question: str) -> tuple[int, int]:
    asked = _asked(look, step)
    return (asked.index(question) + 1 if question in asked else 0), len(asked)


def _onward(visit: Visit, look: Look, question: str) -> str:
    """The next question of the step that has no answer yet, else the step."""
    step = visit.at("step")
    base = f"/projects/{visit.at('project')}/steps/{step}"
    if visit.form.text("single") == "yes":
        return base
    asked = _asked(look, step)
    later = asked[asked.index(question) + 1 :] if question in asked else []
    for key in later:
        if (key, "") not in look.formation.answers:
            return f"{base}/questions/{key}"
    return base
