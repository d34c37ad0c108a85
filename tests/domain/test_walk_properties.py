"""Whatever people do in whatever order, what must hold holds, and honest people still reach the launch."""

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from tests.honest import plain_law, real_pathway
from tests.stored import GUARANTEE, the_law
from tests.wanderers import Choices, Wanderers, waiting

NUMBERS = st.lists(st.integers(0, 2**20), min_size=60, max_size=500)


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate))  # shrinking such a history takes minutes
@given(NUMBERS, st.booleans())
def test_any_history_keeps_what_must_hold_and_can_still_be_launched(numbers: list[int], dated: bool) -> None:
    """The invariants at the end of model.md 5: Wanderers looks at them after every act."""
    people = Wanderers(real_pathway(), GUARANTEE, law=the_law().thresholds if dated else plain_law)
    choices = Choices(numbers)
    people.set_out(choices)
    for _ in range(len(numbers) // 8):
        people.wander(choices)
        if not people.f.launched:
            assert list(waiting(people)), f"nobody is waited for: {people.stuck()}"
    note(f"{len(people.log)} acts before people became patient")
    people.reach_launch()
    assert all(sentence.rstrip().endswith((".", "?", ")")) for sentence in people.told), people.told
    assert people.replayed() == people.f
    assert people.folded() == {key: state.status for key, state in people.f.steps.items()}
