"""The compiler: the shipped files compile, and each kind of fault planted in a copy of them is told with its line."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mutualflow.domain.conditions import ALWAYS, AllOf, AnyOf, FactIs, Term
from mutualflow.domain.keys import Audience, Body, Milestone, Role, Side
from mutualflow.domain.pathway import After, With, say
from mutualflow.pathways import compile as compiler
from tests.pathways import real

CIC = FactIs("legal_form", ("cic_guarantee",))
SHARES = FactIs("legal_form", ("cic_shares",))


@dataclass(frozen=True)
class Plant:
    """One fault put into the shipped files: it is told at the line of `at` (of the changed text) with `says`."""

    name: str
    file: str
    old: str
    new: str
    at: str
    says: str
    allowed: str = ""


PLANTS = tuple(
    Plant(**{key: str(value) for key, value in row.items()})
    for row in YAML(typ="safe", pure=True).load(Path(__file__).with_name("plants.yaml").read_text(encoding="utf-8"))
)


def test_the_shipped_files_compile_without_a_fault_and_fast() -> None:
    compiler.shipped.cache_clear()
    began = time.perf_counter()
    pathway = real.whole().pathway
    assert time.perf_counter() - began < 3  # about 0.5 s on two cores; a slow machine is no fault
    assert len([s for s in pathway.steps.values() if not s.puts_right]) >= 49
    assert list(pathway.forms) == ["cic_guarantee"]


@pytest.mark.parametrize("plant", PLANTS, ids=[p.name for p in PLANTS])
def test_each_kind_of_fault_is_told_with_its_line(plant: Plant) -> None:
    texts = real.changed(plant.file, plant.old, plant.new)
    faults = real.faults_of(texts)
    assert faults, "nothing was found"
    told = [f for f in faults if plant.says in f.wrong and plant.allowed in f.allowed]
    assert told, "\n".join(map(str, faults))
    lines = {(f.file, f.line) for f in told}
    places = {(file, real.line_of(text, plant.at)) for file, text in texts.items() if plant.at in text}
    assert lines & places, f"told at {lines}, planted at {places}"


def test_every_fault_of_every_file_is_told_in_one_run() -> None:
    texts = {
        **real.changed("stages/explore.yaml", "reaches: idea", "reaches: ideas"),
        "terms.yaml": real.changed("terms.yaml", "{is: 'yes'}", "{is: 'yep'}")["terms.yaml"],
        "facts/launch.yaml": real.changed("facts/launch.yaml", "type: number", "type: numbr")["facts/launch.yaml"],
    }
    assert {f.file for f in real.faults_of(texts)} == {"stages/explore.yaml", "terms.yaml", "facts/launch.yaml"}


def test_a_document_may_not_reach_further_than_what_it_prints() -> None:
    narrow = real.changed(
        "facts/explore.yaml",
        "    label: name of the service\n",
        "    audience: group\n    label: name of the service\n",
    )
    faults = real.faults_of(narrow)
    assert faults
    assert all("is for everyone and prints service_name, only for group" in f.wrong for f in faults)
    assert {f.file for f in faults} >= {"stages/permission.yaml", "stages/case.yaml"}
    fitting = tuple(replace(p, audience=Audience.PRIVILEGED_GROUP) for p in real.documents())
    assert real.faults_of(narrow, fitting) == ()


def test_a_document_may_print_only_what_is_there() -> None:
    first = real.documents()[0]
    wrong = replace(
        first,
        facts=(*first.facts, "objekts"),
        lists=(("board_people", ("nam",)),),
        terms=("no_term",),
        steps=("vision",),
    )
    told = "\n".join(str(f) for f in real.faults_of(real.files(), (wrong, *real.documents()[1:])))
    for words in (
        "prints 'objekts'",
        "did you mean objects",
        "board_people.nam",
        "a term 'no_term'",
        "version for 'vision'",
    ):
        assert words in told


# what the compiler makes ---------------------------------------------------------------------------------------------


def test_what_a_form_adds_carries_its_guard() -> None:
    step = real.whole().pathway.steps["governing_document"]
    asked = {a.key: a.when for a in step.asks}
    assert asked["objects"] == ALWAYS
    assert asked["locked_body"] == CIC
    assert [p.when for p in step.produces if p.document == "articles"] == [CIC]
    registration = real.whole().pathway.steps["registration"]
    assert registration.files is not None
    assert registration.files.when == CIC
    assert [s.when for s in registration.slots] == [ALWAYS, CIC]
    assert registration.clock_when["companies_house_post"] == CIC
    assert all(law.when == CIC for law in registration.law)


OTHER_FORM = """
form: cic_shares
title: Community interest company limited by shares
summary: Like its sister, with shares.
steps:
  governing_document:
    asks: [company_nation_of_office, {fact: locked_body, when: {term: uses_personal_data}}]
    after: [{step: identity, when: {term: uses_personal_data}}]
"""
BROUGHT = """
  share_plan:
    stage: plan
    title: Plan the shares
    why: They cost money. Somebody has to buy them.
    how: Ask people. Count what they promise.
    goes_wrong: Nobody buys them. Or everybody does.
    owner: {role: finance_adviser, side: group}
    when: {personal_data: {is: 'yes'}}
    after: [legal_form_choice]
    slots: [{key: sponsor, role: host_sponsor, side: host}]
"""


def test_two_forms_that_ask_alike_ask_once() -> None:
    texts = {**real.files(), "forms/cic_shares.yaml": OTHER_FORM}
    step = real.compile_files(texts).pathway.steps["governing_document"]
    asked = {a.key: a.when for a in step.asks}
    assert asked["company_nation_of_office"] == AnyOf((CIC, SHARES))
    assert asked["locked_body"] == AnyOf((CIC, AllOf((SHARES, Term("uses_personal_data")))))
    assert After("identity", when=AllOf((SHARES, Term("uses_personal_data")))) in step.after


def test_a_form_brings_a_step_and_another_form_may_share_it() -> None:
    one = {**real.files(), "forms/cic_shares.yaml": OTHER_FORM + BROUGHT}
    step = real.compile_files(one).pathway.steps["share_plan"]
    own = FactIs("personal_data", ("yes",))
    assert step.when == AllOf((SHARES, own))
    assert step.after == (After("legal_form_choice", when=SHARES),)
    llp = FactIs("legal_form", ("llp",))
    two = {**one, "forms/llp.yaml": "form: llp\ntitle: LLP\nsummary: Partners.\nsteps:" + BROUGHT}
    shared = real.compile_files(two).pathway.steps["share_plan"]
    assert shared.when == AnyOf((AllOf((SHARES, own)), AllOf((llp, own))))
    assert [s.when for s in shared.slots] == [AnyOf((SHARES, llp))]
    other = {**one, "forms/llp.yaml": two["forms/llp.yaml"].replace("role: finance_adviser", "role: legal_adviser")}
    assert ["owner" in f.key and "differs" in f.wrong for f in real.faults_of(other)] == [True]


def test_put_right_steps_follow_each_irrevocable_step() -> None:
    pathway = real.whole().pathway
    irrevocable = [s for s in pathway.steps.values() if s.irrevocable]
    assert set(pathway.put_right) == {s.key for s in irrevocable}
    for step in irrevocable:
        again = pathway.steps[pathway.put_right[step.key]]
        assert (again.stage, again.owner, again.produces, again.files) == (
            step.stage, step.owner, step.produces, step.files,
        )  # fmt: skip
        assert again.slots == step.slots
        assert again.slots
        assert (again.reaches, again.gate, again.irrevocable, again.asks, again.law) == (None, False, False, (), ())
        assert say(again.title) == f"Put right: {say(step.title)[0].lower()}{say(step.title)[1:]}"
        assert all(b.optional for b in again.brings if b.comes_with is With.SUBMIT)
        behind = {a.step for a in again.after}
        before = {a.step for a in step.after}
        assert behind == {step.key} | {pathway.put_right[k] for k in before if k in pathway.put_right}
        for follower in pathway.steps.values():
            if step.key in {a.step for a in follower.after} and follower.key != again.key:
                assert again.key in {a.step for a in follower.after}


def test_a_step_without_slots_is_put_right_before_the_sponsor() -> None:
    texts = real.changed(
        "stages/launch.yaml", "    slots: [{key: sponsor, role: host_sponsor, side: host}]\n    reaches: go_live\n",
        "    reaches: go_live\n",
    )  # fmt: skip
    slots = real.compile_files(texts).pathway.steps["put_right_go_live"].slots
    assert [(s.key, s.role, s.side) for s in slots] == [("sponsor", Role.HOST_SPONSOR, Side.HOST)]


def test_all_of_a_stage_is_every_other_step_of_it_put_rights_included() -> None:
    pathway = real.whole().pathway
    required = {a.step for a in pathway.steps["go_live_readiness"].after}
    transfer = {s.key for s in pathway.steps.values() if s.stage == "transfer"}
    assert transfer - {"go_live_readiness"} <= required
    assert "put_right_contract_signed" in required


def test_steps_stand_in_an_order_in_which_requirements_come_first() -> None:
    pathway = real.whole().pathway
    done: set[str] = set()
    for step in pathway.steps.values():
        assert {a.step for a in step.after} <= done
        done.add(step.key)
    assert [stage.key for stage in pathway.stages] == list(compiler.STAGES)
    assert [k for stage in pathway.stages for k in stage.steps] == list(pathway.steps)


def test_a_circle_is_told_by_its_shortest_round() -> None:
    texts = real.changed("stages/plan.yaml", "after: [due_diligence]", "after: [due_diligence, final_decision]")
    (fault,) = real.faults_of(texts)
    assert "pension_route" in fault.wrong
    assert "final_decision" in fault.wrong
    assert fault.wrong.count("->") == 2


def test_places_say_where_a_thing_stands() -> None:
    compiled = real.whole()
    place = compiled.places[("asks", "vision", "why_leave")]
    assert "why_leave" in real.files()[place.file].splitlines()[place.line - 1]
    assert compiled.places[("step", "vision")].file == "stages/explore.yaml"
    assert compiled.places[("term", "some_staff_move")].file == "terms.yaml"


def test_a_list_brings_the_question_whether_it_is_complete() -> None:
    pathway = real.whole().pathway
    assert pathway.questions["board_people_complete"].type.value == "yes_no"
    assert pathway.lists["board_people"].complete_fact == "board_people_complete"


def test_bodies_and_milestones_stand_where_they_belong() -> None:
    pathway = real.whole().pathway
    assert pathway.reached_by[Milestone.IDEA] == "vision"
    boards = {s.key for s in pathway.steps.values() for slot in s.slots if slot.body is Body.HOST_BOARD}
    own = {k for k in boards if not pathway.steps[k].puts_right}
    assert own == {
        "permission_given",
        "decision_in_principle",
        "final_decision",
        "contract_signed",
        "transfer_agreement",
    }
