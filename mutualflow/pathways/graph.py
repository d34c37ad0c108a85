"""The graph of steps: stages spelt out, put-right steps made, requirements first."""

from collections.abc import Mapping
from dataclasses import replace

from mutualflow.domain.keys import Role, Side
from mutualflow.domain.pathway import After, Brought, Party, Slot, Step, Text, With
from mutualflow.pathways.steps import STAGES

PUT_RIGHT = "put_right_"
TITLES = {"en": "Put right: ", "cy": "Cywiro: "}
WHY = {
    "en": "What was filed, signed or handed over cannot be taken back. Where an answer behind it has changed, or it "
    "was wrong from the start, both sides need a second step that says so, and the first stays on record as it was."
}
HOW = {
    "en": "Compare what was done with what is true now, and decide with your legal adviser what has to be filed, "
    "signed or agreed again. Then put that forward here; the same people answer as the first time."
}
GOES_WRONG = {
    "en": "The mistake is mended quietly in one copy and stays in the others. Or everybody knows of it and nobody "
    "tells the register or the other side, until somebody relies on the old text."
}


def expanded(steps: Mapping[str, Step]) -> dict[str, Step]:
    """`all_of: stage` as the stage's steps, less the step itself; what is required twice alike is required once."""
    found = {}
    for key, step in steps.items():
        after: list[After] = []
        for one in step.after:
            if one.stage:
                after += [After(k, when=one.when) for k, s in steps.items() if s.stage == one.stage and k != key]
            else:
                after.append(one)
        found[key] = replace(step, after=tuple(dict.fromkeys(after)))
    return found


def with_put_rights(steps: Mapping[str, Step]) -> dict[str, Step]:
    """The steps, and after each irrevocable one the step that puts it right; who follows the one follows the other."""
    found: dict[str, Step] = {}
    for key, step in steps.items():
        extra = tuple(
            After(PUT_RIGHT + one.step, when=one.when)
            for one in step.after
            if one.step in steps and steps[one.step].irrevocable
        )
        found[key] = replace(step, after=(*step.after, *extra))
        if step.irrevocable:
            found[PUT_RIGHT + key] = _put_right(step, extra)
    return found


def _put_right(step: Step, behind: tuple[After, ...]) -> Step:
    return replace(
        step,
        key=PUT_RIGHT + step.key,
        title=_title(step.title),
        why=WHY,
        how=HOW,
        goes_wrong=GOES_WRONG,
        after=(After(step.key), *behind),
        asks=(),
        lists=(),
        brings=tuple(_again(one) for one in step.brings),
        slots=step.slots or (_somebody_else(step.owner),),
        reaches=None,
        gate=False,
        irrevocable=False,
        optional=False,
        clocks=(),
        clock_when={},
        law=(),
        puts_right=step.key,
    )


def _title(title: Text) -> Text:
    """(The first letter of the step's own title becomes small after the colon.)"""
    return {lang: TITLES.get(lang, TITLES["en"]) + words[:1].lower() + words[1:] for lang, words in title.items()}


def _again(brought: Brought) -> Brought:
    """Files are asked for again only where a decision or an answer cannot be recorded without them."""
    return replace(brought, optional=True) if brought.comes_with is With.SUBMIT else brought


def _somebody_else(owner: Party) -> Slot:
    """Who looks at a correction of a step that nobody had to approve."""
    if owner == Party(Role.HOST_SPONSOR, Side.HOST):
        return Slot("lead", role=Role.STAFF_LEAD, side=Side.GROUP)
    return Slot("sponsor", role=Role.HOST_SPONSOR, side=Side.HOST)


def ordered(steps: Mapping[str, Step]) -> tuple[list[str], list[str]]:
    """Step keys, requirements first, else in order of stage and file; and the steps of a circle, if there is one."""
    place = {key: n for n, key in enumerate(steps)}
    left = sorted(steps, key=lambda k: (STAGES.index(steps[k].stage), place[k]))
    done: dict[str, None] = {}
    while left:
        ready = next((k for k in left if all(a.step in done or a.step not in steps for a in steps[k].after)), None)
        if ready is None:
            return [*done, *left], circle(steps, left)
        done[ready] = None
        left.remove(ready)
    return list(done), []


def circle(steps: Mapping[str, Step], left: list[str]) -> list[str]:
    """A shortest round of steps that wait for each other."""
    best: list[str] = []
    for start in left:
        came: dict[str, str] = {}
        layer = [start]
        while layer and start not in came:
            following = []
            for key in layer:
                for one in steps[key].after:
                    if one.step in left and one.step not in came:
                        came[one.step] = key
                        following.append(one.step)
            layer = following
        if start in came:
            round_ = [start]
            while (key := came[round_[-1]]) != start:
                round_.append(key)
            if not best or len(round_) < len(best):
                best = round_
    return best
