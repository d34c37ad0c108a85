"""Questions and record lists read from facts/*.yaml."""

from decimal import Decimal, InvalidOperation

from mutualflow.domain.keys import Audience
from mutualflow.domain.pathway import Question, QuestionType, RecordList
from mutualflow.pathways import law_words
from mutualflow.pathways.yamlfile import Node

QUESTION = (
    "type", "label", "words", "hint", "choices", "at_least", "at_most", "unit", "audience", "if_not_known",
    "for_the_record",
)  # fmt: skip
COLUMN = ("type", "label", "words", "hint", "choices", "at_least", "at_most", "unit", "audience", "optional")
LIST = ("label", "words", "hint", "at_least", "audience", "columns", "for_the_record")
NUMBERS = (QuestionType.NUMBER, QuestionType.MONEY)


def question(node: Node, key: str, stage: str, *, column: bool = False) -> Question:
    """One question, or a column of a list."""
    node.only(COLUMN if column else QUESTION)
    kind = QuestionType(node.one_of("type", QuestionType, QuestionType.TEXT))
    if "type" not in node.data:
        node.fault("type", "is missing", ", ".join(QuestionType))
    choices_node = node.node("choices")
    choices = {k: choices_node.text(k) for k in choices_node.data} if choices_node else {}
    if (kind is QuestionType.CHOICE) != bool(choices):
        node.fault("choices", "a choice has choices, and nothing else has", "choices: {key: words}")
    made = Question(
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
        if_not_known=node.word("if_not_known") or None,
        for_the_record=node.word("for_the_record"),
        optional=column and node.flag("optional"),
        stage=stage,
    )
    _check_limits(node, made)
    law_words.check(node, ("label", "words", "hint", "for_the_record"))
    if choices_node:
        law_words.check(choices_node, tuple(choices))
    return made


def record_list(node: Node, key: str, stage: str) -> RecordList:
    """One record list with its columns."""
    node.only(LIST)
    law_words.check(node, ("label", "words", "hint", "for_the_record"))
    columns = {c: question(n, c, stage, column=True) for c, n in node.entries("columns")}
    if not columns:
        node.fault("columns", "a list has at least one column", "columns: {name: {type: text, label: ..., words: ...}}")
    least = _number(node, "at_least")
    return RecordList(
        key=key,
        label=node.text("label"),
        words=node.text("words"),
        columns=columns,
        hint=node.text("hint", required=False),
        at_least=int(least) if least is not None else 0,
        audience=Audience(node.one_of("audience", Audience, Audience.EVERYONE)),
        stage=stage,
    )


def _check_limits(node: Node, made: Question) -> None:
    for key in ("at_least", "at_most"):
        if key in node.data and made.type not in NUMBERS:
            node.fault(key, f"a {made.type.value} has no limits", "number and money have")
    if made.at_least is not None and made.at_most is not None and made.at_least > made.at_most:
        node.fault("at_most", "is less than at_least")
    value = made.if_not_known
    if value is None:
        return
    match made.type:
        case QuestionType.CHOICE if value not in made.choices:
            node.fault("if_not_known", f"{value!r} is no choice of this question", ", ".join(made.choices))
        case QuestionType.YES_NO if value not in ("yes", "no"):
            node.fault("if_not_known", f"{value!r} is no answer to this question", "yes, no")
        case QuestionType.NUMBER | QuestionType.MONEY:
            _number(node, "if_not_known")
        case _:
            pass


def _number(node: Node, key: str) -> Decimal | None:
    if key not in node.data:
        return None
    try:
        return Decimal(node.word(key))
    except InvalidOperation:
        node.fault(key, f"{node.word(key)[:40]!r} is not a number", "a number, money in quotes")
        return None
