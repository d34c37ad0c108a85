"""Steps read from stages/*.yaml and forms/*.yaml."""

import re
from collections.abc import Mapping

from mutualflow.domain.conditions import ALWAYS, AllOf, Condition
from mutualflow.domain.keys import Audience, Body, Milestone, Registrar, Role, Side
from mutualflow.domain.pathway import (
    After,
    Asked,
    Brought,
    Duration,
    Files,
    LawEntry,
    Party,
    Produced,
    Slot,
    Step,
    With,
    say,
)
from mutualflow.domain.spans import parse as parse_span
from mutualflow.pathways import when
from mutualflow.pathways.yamlfile import Node

STEP = (
    "title", "why", "how", "goes_wrong", "owner", "helpers", "when", "after", "asks", "lists", "produces", "brings",
    "slots", "files", "reaches", "gate", "irrevocable", "optional", "immaterial", "duration", "clocks", "law",
    "retired", "stage",
)  # fmt: skip
ADDABLE = (
    "after", "asks", "lists", "produces", "brings", "slots", "files", "reaches", "irrevocable", "immaterial", "clocks",
    "law", "title", "duration", "stage", "optional",
)  # fmt: skip
LAW_WORDS = re.compile(r"\b(Act|[Rr]egulations?|[Ss]tatut\w*|must by law|s\. ?\d+|reg\.? \d+)\b")
"""Law is said in `law:` entries only. ("regulator" and "regulated" are not law words.)"""


def guarded(guard: Condition, own: Condition) -> Condition:
    """A condition under a form's guard."""
    if guard == ALWAYS:
        return own
    return guard if own == ALWAYS else AllOf((guard, own))


def step(node: Node, key: str, stage: str, guard: Condition = ALWAYS) -> Step:
    """One whole step; under a form's guard where the form brings it."""
    node.only(STEP)
    texts = {name: node.text(name) for name in ("title", "why", "how", "goes_wrong")}
    for name in ("why", "how", "goes_wrong"):
        _two_sentences(node, name, say(texts[name]))
    for name, text in texts.items():
        for found in LAW_WORDS.findall(say(text)):
            node.fault(name, f"{found!r} is said in law: entries only")
    owner = party(node, "owner")
    made = Step(
        key=key,
        stage=stage,
        title=texts["title"],
        why=texts["why"],
        how=texts["how"],
        goes_wrong=texts["goes_wrong"],
        owner=owner,
        helpers=tuple(_party(n) for n in node.nodes("helpers")),
        when=guarded(guard, when.read(node)),
        gate=node.flag("gate"),
        retired=node.flag("retired"),
        **_parts(node, ALWAYS),
    )
    if made.optional and made.law:
        node.fault("optional", "a step with a duty of law cannot be left out")
    for slot in made.slots:
        if slot.role is not None and (slot.role, slot.side) == (owner.role, owner.side):
            node.fault("slots", f"the slot {slot.key} is the owner's own role and side: nobody approves her own work")
    return made


def added(node: Node, base: Step, guard: Condition) -> Step:
    """A shared step with what a form adds to it, everything under the form's guard."""
    node.only(ADDABLE)
    parts = _parts(node, guard)
    files = parts["files"] or base.files
    return Step(
        key=base.key,
        stage=base.stage,
        title=base.title,
        why=base.why,
        how=base.how,
        goes_wrong=base.goes_wrong,
        owner=base.owner,
        helpers=base.helpers,
        when=base.when,
        after=(*base.after, *parts["after"]),
        asks=(*base.asks, *parts["asks"]),
        lists=(*base.lists, *parts["lists"]),
        produces=(*base.produces, *parts["produces"]),
        brings=(*base.brings, *parts["brings"]),
        slots=(*base.slots, *parts["slots"]),
        files=files,
        reaches=base.reaches or parts["reaches"],
        gate=base.gate,
        irrevocable=base.irrevocable or parts["irrevocable"],
        optional=base.optional,
        immaterial=base.immaterial | parts["immaterial"],
        duration=base.duration,
        clocks=(*base.clocks, *parts["clocks"]),
        law=(*base.law, *parts["law"]),
        retired=base.retired,
    )


def _parts(node: Node, guard: Condition) -> dict[str, object]:  # type: ignore[explicit-any, unused-ignore]
    reaches = node.one_of("reaches", Milestone, "")
    return {
        "after": tuple(_after(n, guard) for n in node.nodes("after", short="step")),
        "asks": tuple(_asked(n, "fact", guard) for n in node.nodes("asks", short="fact")),
        "lists": tuple(_asked(n, "list", guard) for n in node.nodes("lists", short="list")),
        "produces": tuple(_produced(n, guard) for n in node.nodes("produces")),
        "brings": tuple(_brought(n, guard) for n in node.nodes("brings")),
        "slots": tuple(_slot(n, guard) for n in node.nodes("slots")),
        "files": _files(node, guard),
        "reaches": Milestone(reaches) if reaches else None,
        "irrevocable": node.flag("irrevocable"),
        "optional": node.flag("optional"),
        "immaterial": frozenset(node.words("immaterial")),
        "duration": _duration(node),
        "clocks": node.words("clocks"),
        "law": tuple(_law(n, guard) for n in node.nodes("law")),
    }


def party(node: Node, key: str) -> Party:
    """A role with its side, under a key."""
    inner = node.node(key)
    if inner is None:
        node.fault(key, "is missing", "{role: , side: }")
        return Party(Role.STAFF_LEAD, Side.GROUP)
    return _party(inner)


def _party(node: Node) -> Party:
    node.only(("role", "side"))
    if "side" not in node.data:
        node.fault("side", "a role needs the side it acts for", ", ".join(Side))
    return Party(Role(node.one_of("role", Role, Role.STAFF_LEAD)), Side(node.one_of("side", Side, Side.GROUP)))


def _after(node: Node, guard: Condition) -> After:
    node.only(("step", "all_of", "when"))
    return After(node.word("step"), node.word("all_of"), guarded(guard, when.read(node)))


def _asked(node: Node, name: str, guard: Condition) -> Asked:
    node.only((name, "optional", "when"))
    return Asked(node.word(name), guarded(guard, when.read(node)), node.flag("optional"))


def _produced(node: Node, guard: Condition) -> Produced:
    node.only(("document", "catalogue", "for_filing", "when"))
    if not node.word("catalogue"):
        node.fault("catalogue", "a document has its catalogue number")
    return Produced(
        node.word("document"), node.word("catalogue"), node.flag("for_filing"), guarded(guard, when.read(node))
    )


def _brought(node: Node, guard: Condition) -> Brought:
    node.only(("evidence", "title", "catalogue", "with", "optional", "audience", "when"))
    return Brought(
        node.word("evidence"),
        node.text("title"),
        node.word("catalogue"),
        With(node.one_of("with", With, With.SUBMIT)),
        node.flag("optional"),
        Audience(node.one_of("audience", Audience, Audience.EVERYONE)),
        guarded(guard, when.read(node)),
    )


def _slot(node: Node, guard: Condition) -> Slot:
    node.only(("key", "role", "body", "side", "organisation", "each", "when"))
    role, body = node.one_of("role", Role, ""), node.one_of("body", Body, "")
    side = node.one_of("side", (*Side, "none"), "")
    if bool(role) == bool(body):
        node.fault("role", "a slot is a role's or a body's, one of them")
    if side in ("", "none") and body != Body.JOINT_COMMITTEE:
        node.fault("side", "a slot needs the side it acts for (only a joint committee has none)", ", ".join(Side))
    if not node.word("key"):
        node.fault("key", "a slot has a key")
    return Slot(
        key=node.word("key"),
        role=Role(role) if role else None,
        body=Body(body) if body else None,
        side=Side(side) if side not in ("", "none") else None,
        organisation=node.word("organisation"),
        each_host=node.one_of("each", ("host",), "") == "host",
        when=guarded(guard, when.read(node)),
    )


def _files(node: Node, guard: Condition) -> Files | None:
    inner = node.node("files")
    if inner is None:
        return None
    inner.only(("registrar", "fee", "when"))
    fee = inner.data.get("fee")
    rule = str(fee.get("rule", "")) if isinstance(fee, Mapping) else ""
    if fee is not None and not rule:
        inner.fault("fee", "a fee is dated law", "{rule: key}")
    return Files(
        Registrar(inner.one_of("registrar", Registrar, Registrar.COMPANIES_HOUSE)),
        rule,
        guarded(guard, when.read(inner)),
    )


def _duration(node: Node) -> Duration:
    inner = node.node("duration")
    if inner is None:
        return Duration(1, 2, 4)
    inner.only(("weeks",))
    weeks = inner.words("weeks")
    if len(weeks) != 3 or not all(w.isdigit() for w in weeks) or list(map(int, weeks)) != sorted(map(int, weeks)):
        inner.fault("weeks", "three whole numbers of weeks, rising", "[optimistic, likely, pessimistic]")
        return Duration(1, 2, 4)
    return Duration(*map(int, weeks))


def _law(node: Node, guard: Condition) -> LawEntry:
    node.only(("text", "source", "from", "to", "verified", "when"))
    for key in ("from", "to"):
        if key in node.data:
            try:
                parse_span(node.word(key))
            except ValueError as error:
                node.fault(key, str(error))
    for key in ("source", "from", "verified"):
        if key not in node.data:
            node.fault(key, "every statement of law carries its source, its first day and whether it was verified")
    return LawEntry(
        node.text("text"), node.word("source"), node.word("from"), node.word("to"), node.flag("verified"),
        guarded(guard, when.read(node)),
    )  # fmt: skip


def _two_sentences(node: Node, key: str, text: str) -> None:
    if len(re.findall(r"[.!?](?:\s|$)", text)) < 2:
        node.fault(key, "wants at least two sentences")
