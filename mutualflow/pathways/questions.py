"""Questions and record lists read from facts/*.yaml."""

from decimal import Decimal, InvalidOperation

from mutualflow.domain.keys import Audience
from mutualflow.domain.pathway import Question, QuestionType, RecordList
from mutualflow.pathways.yamlfile import Node

QUESTION = (
    "type", "label", "words", "hint", "choices", "at_least", "at_most", "unit", "audience", "if_not_known",
    "for_the_record", "optional",
)  # fmt: skip
LIST = ("label", "words", "hint", "at_least", "audience", "columns", "for_the_record")


def question(node: Node, key: str, stage: str, *, column: bool = False) -> Question:
    """One question, or a column of a list."""
    node.only(QUESTION)
    kind = QuestionType(node.one_of("type", QuestionType, ""))
    choices_node = node.node("choices")
    choices = {str(k): choices_node.text(str(k)) for k in choices_node.data} if choices_node else {}
    if (kind is QuestionType.CHOICE) != bool(choices):
        node.fault("choices", "a choice has choices, and nothing else has", "choices: {key: words}")
    if_not_known = node.word("if_not_known") or None
    if if_not_known and choices and if_not_known not in choices:
        node.fault("if_not_known", f"{if_not_known!r} is no choice of this question", ", ".join(choices))
    return Question(
        key=key,
        type=kind,
        label=node.text("label"),
        words=node.text("words", required=not column),
        hint=node.text("hint", required=False),
        choices=choices,
        at_least=_number(node, "at_least"),
        at_most=_number(node, "at_most"),
        unit=node.word("unit"),
        audience=Audience(node.one_of("audience", Audience, Audience.EVERYONE)),
        if_not_known=if_not_known,
        for_the_record=node.word("for_the_record"),
        optional=node.flag("optional"),
        stage=stage,
    )


def record_list(node: Node, key: str, stage: str) -> RecordList:
    """One record list with its columns."""
    node.only(LIST)
    columns = node.node("columns")
    if columns is None or not columns.data:
        node.fault("columns", "a list has at least one column")
    read = {str(c): columns.node(str(c)) for c in columns.data} if columns else {}
    least = _number(node, "at_least")
    return RecordList(
        key=key,
        label=node.text("label"),
        words=node.text("words"),
        columns={c: question(n, c, stage, column=True) for c, n in read.items() if n is not None},
        hint=node.text("hint", required=False),
        at_least=int(least) if least is not None else 0,
        audience=Audience(node.one_of("audience", Audience, Audience.EVERYONE)),
        stage=stage,
    )


def _number(node: Node, key: str) -> Decimal | None:
    if key not in node.data:
        return None
    try:
        return Decimal(node.word(key))
    except InvalidOperation:
        node.fault(key, f"{node.word(key)[:40]!r} is not a number")
        return None
