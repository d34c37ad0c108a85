"""Steps read from stages/*.yaml and forms/*.yaml."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from mutualflow.domain.conditions import ALWAYS, AllOf, AnyOf, Condition
from mutualflow.domain.keys import SIDES_OF, Audience, Body, Milestone, Registrar, Role, Side
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
from mutualflow.pathways import law_words, when
from mutualflow.pathways.yamlfile import Map, Node

STAGES = ("explore", "permission", "case", "plan", "constitute", "transfer", "launch", "sustain")
STEP = (
    "title", "why", "how", "goes_wrong", "owner", "helpers", "when", "after", "asks", "lists", "produces", "brings",
    "slots", "files", "reaches", "gate", "irrevocable", "optional", "immaterial", "duration", "clocks", "law",
    "retired",
)  # fmt: skip
ADDABLE = (
    "after", "asks", "lists", "produces", "brings", "slots", "files", "reaches", "irrevocable", "immaterial", "clocks",
    "law",
)  # fmt: skip
TEXTS = ("title", "why", "how", "goes_wrong")
ROLE_SIDES: dict[Role, tuple[Side, ...]] = {**SIDES_OF, Role.PROGRAMME_MANAGER: ()}
"""For which sides a role acts in a formation's steps; roles that are not named here (advisers, leads) act for any."""
BODY_SIDES: dict[Body, Side | None] = {
    Body.STAFF_GROUP: Side.GROUP,
    Body.HOST_BOARD: Side.HOST,
    Body.NEW_BODY_BOARD: Side.GROUP,
    Body.FOUNDERS: Side.GROUP,
    Body.JOINT_COMMITTEE: None,
    Body.PENSION_COMMITTEE: Side.HOST,
    Body.COMMISSIONER_BOARD: Side.COMMISSIONER,
    Body.ASSURER: Side.INDEPENDENT,
    Body.REGISTRAR: Side.INDEPENDENT,
    Body.REGULATOR: Side.INDEPENDENT,
}


def guarded(guard: Condition, own: Condition) -> Condition:
    """A condition under a form's guard."""
    if guard == ALWAYS:
        return own
    return guard if own == ALWAYS else AllOf((guard, own))


@dataclass(frozen=True, slots=True)
class Parts:
    """What a stage file says of a step and a form file may add to it."""

    after: tuple[After, ...]
    asks: tuple[Asked, ...]
    lists: tuple[Asked, ...]
    produces: tuple[Produced, ...]
    brings: tuple[Brought, ...]
    slots: tuple[Slot, ...]
    files: Files | None
    reaches: Milestone | None
    irrevocable: bool
    immaterial: frozenset[str]
    clocks: Mapping[str, Condition]
    law: tuple[LawEntry, ...]


def step(node: Node, key: str, stage: str, guard: Condition = ALWAYS) -> Step:
    """One whole step; under a form's guard where the form brings it."""
    node.only(STEP if guard == ALWAYS else (*STEP, "stage"))
    node.mark("step", key)
    law_words.check(node, TEXTS)
    texts = {name: node.text(name) for name in TEXTS}
    for name in ("why", "how", "goes_wrong"):
        _two_sentences(node, name, say(texts[name]))
    parts = _parts(node, key, guard)
    return Step(
        key=key,
        stage=stage,
        title=texts["title"],
        why=texts["why"],
        how=texts["how"],
        goes_wrong=texts["goes_wrong"],
        owner=_owner(node),
        helpers=tuple(_party(n) for n in node.nodes("helpers")),
        when=guarded(guard, when.read(node)),
        after=parts.after,
        asks=parts.asks,
        lists=parts.lists,
        produces=parts.produces,
        brings=parts.brings,
        slots=parts.slots,
        files=parts.files,
        reaches=parts.reaches,
        gate=node.flag("gate"),
        irrevocable=parts.irrevocable,
        optional=node.flag("optional"),
        immaterial=parts.immaterial,
        duration=_duration(node),
        clocks=tuple(parts.clocks),
        clock_when={clock: holds for clock, holds in parts.clocks.items() if holds != ALWAYS},
        law=parts.law,
        retired=node.flag("retired"),
    )


def added(node: Node, base: Step, guard: Condition) -> Step:
    """A shared step with what a form adds to it, everything under the form's guard."""
    node.only(ADDABLE)
    return _joined(node, base, _parts(node, base.key, guard), guard)


def shared(node: Node, base: Step, guard: Condition) -> Step:
    """A step that another form brought already and this form brings too."""
    own = step(node, base.key, node.word("stage") or base.stage, guard)
    for name, differs in (
        ("owner", own.owner != base.owner),
        ("stage", own.stage != base.stage),
        ("irrevocable", own.irrevocable != base.irrevocable),
    ):
        if differs:
            node.fault(
                name, f"differs from another form's step {base.key!r}", "one owner, stage and irrevocable for all"
            )
    parts = Parts(
        own.after, own.asks, own.lists, own.produces, own.brings, own.slots, own.files, own.reaches, own.irrevocable,
        own.immaterial, {c: own.clock_when.get(c, ALWAYS) for c in own.clocks}, own.law,
    )  # fmt: skip
    return replace(_joined(node, base, parts, guard), when=_either(base.when, own.when))


def _joined(node: Node, base: Step, parts: Parts, guard: Condition) -> Step:
    if base.reaches and parts.reaches and base.reaches is not parts.reaches:
        node.fault("reaches", f"the step reaches {base.reaches.value} already", "one milestone to a step")
    if base.files and parts.files:
        if replace(base.files, when=ALWAYS) != replace(parts.files, when=ALWAYS):
            node.fault("files", "another form files this step elsewhere or for another fee", "a step of its own")
        files: Files | None = replace(base.files, when=_either(base.files.when, parts.files.when))
    else:
        files = parts.files or base.files
    fresh = {clock: holds for clock, holds in parts.clocks.items() if clock not in base.clocks}
    also = {c: _either(base.clock_when[c], holds) for c, holds in parts.clocks.items() if c in base.clock_when}
    return replace(
        base,
        after=(*base.after, *parts.after),
        asks=_merged(base.asks, parts.asks, lambda a: a.key),
        lists=_merged(base.lists, parts.lists, lambda a: a.key),
        produces=_merged(base.produces, parts.produces, lambda p: p.document),
        brings=_merged(base.brings, parts.brings, lambda b: b.evidence),
        slots=_merged(base.slots, parts.slots, lambda s: s.key),
        files=files,
        reaches=base.reaches or parts.reaches,
        irrevocable=base.irrevocable or parts.irrevocable,
        immaterial=base.immaterial | parts.immaterial,
        clocks=(*base.clocks, *fresh),
        clock_when={**base.clock_when, **{c: holds for c, holds in fresh.items() if holds != ALWAYS}, **also},
        law=(*base.law, *parts.law),
    )


Guarded = TypeVar("Guarded", Asked, Produced, Brought, Slot)


def _merged(base: tuple[Guarded, ...], more: tuple[Guarded, ...], key: Callable[[Guarded], str]) -> tuple[Guarded, ...]:
    """Both; what two forms say alike becomes one, under either guard (the check of doubles sees the rest)."""
    found = list(base)
    for one in more:
        for place, other in enumerate(found):
            alike = replace(other, when=ALWAYS) == replace(one, when=ALWAYS)
            if key(other) == key(one) and alike and other.when != ALWAYS:
                found[place] = replace(other, when=_either(other.when, one.when))
                break
        else:
            found.append(one)
    return tuple(found)


def _either(one: Condition, other: Condition) -> Condition:
    if ALWAYS in (one, other):
        return ALWAYS
    return AnyOf((*(one.of if isinstance(one, AnyOf) else (one,)), other))


def _parts(node: Node, step: str, guard: Condition) -> Parts:
    reaches = node.one_of("reaches", Milestone)
    if reaches:
        node.mark("reaches", step, key="reaches")
    immaterial = node.words("immaterial")
    for name in immaterial:
        node.refer("answer", name, "immaterial")
    return Parts(
        after=tuple(_after(n, step, guard) for n in node.nodes("after", short="step")),
        asks=tuple(_asked(n, "fact", step, guard) for n in node.nodes("asks", short="fact")),
        lists=tuple(_asked(n, "list", step, guard) for n in node.nodes("lists", short="list")),
        produces=tuple(_produced(n, step, guard) for n in node.nodes("produces")),
        brings=tuple(_brought(n, step, guard) for n in node.nodes("brings")),
        slots=tuple(_slot(n, step, guard) for n in node.nodes("slots")),
        files=_files(node, step, guard),
        reaches=Milestone(reaches) if reaches else None,
        irrevocable=node.flag("irrevocable"),
        immaterial=frozenset(immaterial),
        clocks=dict(_clock(n, guard) for n in node.nodes("clocks", short="clock")),
        law=tuple(_law(n, step, guard) for n in node.nodes("law")),
    )


def _clock(node: Node, guard: Condition) -> tuple[str, Condition]:
    node.only(("clock", "when"))
    name = node.word("clock")
    node.refer("clock", name, "clock")
    return name, guarded(guard, when.read(node))


def _owner(node: Node) -> Party:
    inner = node.node("owner")
    if inner is None:
        node.fault("owner", "is missing", "{role: ..., side: ...}")
        return Party(Role.STAFF_LEAD, Side.GROUP)
    return _party(inner)


def _party(node: Node) -> Party:
    node.only(("role", "side"))
    role, side = node.one_of("role", Role), node.one_of("side", Side)
    if "role" not in node.data:
        node.fault("role", "is missing", ", ".join(Role))
    if "side" not in node.data:
        node.fault("side", "a role needs the side for which it acts", ", ".join(Side))
    if role and side:
        _fits(node, Role(role), Side(side))
    return Party(Role(role or Role.STAFF_LEAD), Side(side or Side.GROUP))


def _fits(node: Node, role: Role, side: Side) -> None:
    sides = ROLE_SIDES.get(role, tuple(Side))
    if side not in sides:
        node.fault("side", f"a {role.value} does not act for the side {side.value}", ", ".join(sides) or "no step")


def _after(node: Node, step: str, guard: Condition) -> After:
    node.only(("step", "all_of", "when"))
    made = After(node.word("step"), node.word("all_of"), guarded(guard, when.read(node)))
    if bool(made.step) == bool(made.stage):
        node.fault("", "a requirement names a step or a stage", "step_key, {step: key, when: ...}, {all_of: stage}")
    elif made.step:
        node.refer("step", made.step, "step")
        if made.step == step:
            node.fault("step", "a step cannot come after itself")
    else:
        node.refer("stage", made.stage, "all_of")
    node.mark("after", step, made.step or made.stage)
    return made


def _asked(node: Node, name: str, step: str, guard: Condition) -> Asked:
    node.only((name, "optional", "when"))
    made = Asked(node.word(name), guarded(guard, when.read(node)), node.flag("optional"))
    node.refer(name, made.key, name)
    node.mark("asks", step, made.key, key=name)
    return made


def _produced(node: Node, step: str, guard: Condition) -> Produced:
    node.only(("document", "catalogue", "for_filing", "when"))
    made = Produced(
        node.word("document"), node.word("catalogue"), node.flag("for_filing"), guarded(guard, when.read(node))
    )
    if not made.catalogue:
        node.fault("catalogue", "a document has its catalogue number", "D04")
    node.refer("document", made.document, "document", made.catalogue)
    node.mark("produces", step, made.document)
    return made


def _brought(node: Node, step: str, guard: Condition) -> Brought:
    node.only(("evidence", "title", "catalogue", "with", "optional", "audience", "when"))
    law_words.check(node, ("title",))
    if not node.word("evidence"):
        node.fault("evidence", "has no key")
    node.mark("brings", step, node.word("evidence"))
    return Brought(
        node.word("evidence"),
        node.text("title"),
        node.word("catalogue"),
        With(node.one_of("with", With, With.SUBMIT)),
        node.flag("optional"),
        Audience(node.one_of("audience", Audience, Audience.EVERYONE)),
        guarded(guard, when.read(node)),
    )


def _slot(node: Node, step: str, guard: Condition) -> Slot:
    node.only(("key", "role", "body", "side", "organisation", "each", "when"))
    role, body, side = node.one_of("role", Role), node.one_of("body", Body), node.one_of("side", Side)
    if ("role" in node.data) == ("body" in node.data):
        node.fault("role", "a slot is a role's or a body's, one of them")
    if "side" not in node.data and body != Body.JOINT_COMMITTEE:
        node.fault("side", "a slot needs the side for which it is given (a joint committee has none)", ", ".join(Side))
    elif role and side:
        _fits(node, Role(role), Side(side))
    elif body and (Side(side) if side else None) != BODY_SIDES[Body(body)]:
        fitting = BODY_SIDES[Body(body)]
        node.fault("side", f"a {body} does not decide for the side {side}", fitting.value if fitting else "no side")
    if not node.word("key"):
        node.fault("key", "a slot has a key")
    each_host = node.one_of("each", ("host",)) == "host"
    if each_host and side and side != Side.HOST:
        node.fault("each", "only slots of the host's side are one for each host")
    organisation = node.one_of("organisation", Registrar)
    if (body == Body.REGISTRAR) != bool(organisation):
        node.fault(
            "organisation", "names the register, at a slot of a registrar and nowhere else", ", ".join(Registrar)
        )
    node.mark("slots", step, node.word("key"))
    return Slot(
        key=node.word("key"),
        role=Role(role) if role else None,
        body=Body(body) if body else None,
        side=Side(side) if side else None,
        organisation=organisation,
        each_host=each_host,
        when=guarded(guard, when.read(node)),
    )


def _files(node: Node, step: str, guard: Condition) -> Files | None:
    inner = node.node("files")
    if inner is None:
        return None
    inner.only(("registrar", "fee", "when"))
    node.mark("files", step, key="files")
    registrar = inner.one_of("registrar", Registrar)
    if "registrar" not in inner.data:
        inner.fault("registrar", "is missing", ", ".join(Registrar))
    rule = ""
    if "fee" in inner.data:
        fee = inner.node("fee") if isinstance(inner.data["fee"], Map) else None
        rule = fee.word("rule") if fee else ""
        if fee:
            fee.only(("rule",))
            fee.refer("rule", rule, "rule")
        if not rule:
            inner.fault("fee", "a fee is dated law and stands in a rule", "{rule: key}")
    return Files(Registrar(registrar or Registrar.COMPANIES_HOUSE), rule, guarded(guard, when.read(inner)))


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


def _law(node: Node, step: str, guard: Condition) -> LawEntry:
    node.only(("text", "source", "from", "to", "verified", "when", "rules"))
    for key in ("source", "from", "verified"):
        if key not in node.data:
            node.fault(key, "every statement of law carries its source, its first day and whether it was verified")
    for key in ("from", "to"):
        if key in node.data:
            try:
                parse_span(node.word(key))
            except ValueError as error:
                node.fault(key, str(error))
    if node.word("source"):
        node.refer("source", node.word("source"), "source")
    node.mark("law", step)
    rules = node.words("rules")
    for name in rules:
        node.refer("rule", name, "rules")
    return LawEntry(
        node.text("text"), node.word("source"), node.word("from"), node.word("to"), node.flag("verified"),
        guarded(guard, when.read(node)), rules,
    )  # fmt: skip


def _two_sentences(node: Node, key: str, text: str) -> None:
    if text and len(re.findall(r"[.!?][\"'”’)]*(?:\s|$)", text)) < 2:
        node.fault(key, "wants at least two sentences")
