"""Thin histories written in tests: a plain one that is accepted, and what replaying a changed one says."""

import json
from collections.abc import Mapping
from pathlib import Path

from mutualflow.domain.history import History
from mutualflow.domain.replay import replay
from mutualflow.domain.replayed import Replayed
from mutualflow.wiring import histories
from tests.honest import real_pathway
from tests.replay.memory import law

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"

PLAIN: Mapping[str, object] = {
    "case": "north-shire-libraries",
    "kind": "history",
    "nation": "england",
    "form": "community_benefit_society",
    "known_until": "2019-06",
    "sources": [{"key": "NS-MINUTES", "title": "Cabinet minutes", "kind": "minute"}],
    "organisations": [
        {"key": "host", "kind": "council", "part": "host"},
        {"key": "friends", "kind": "community_group", "count": 44},
    ],
    "people": [
        {"key": "lead1", "role": "staff_lead"},
        {"key": "sponsor1", "role": "host_sponsor"},
        {"key": "chair1", "roles": [{"role": "new_body_chair", "side": "group"}], "from": "2011-03", "to": "unknown"},
        {"key": "finance1", "role": "finance_adviser"},
    ],
    "milestones": [
        {"key": "go_live", "planned": "2012-04-07", "source": "NS-MINUTES"},
        {"key": "go_live", "planned": "2012-06", "said_on": "unknown"},
        {"key": "go_live", "actual": "2012-08-01", "source": "NS-MINUTES"},
    ],
    "happened": [],
    "states": [{"date": "2012-08-01", "state": "launched", "source": "NS-MINUTES"}],
}


def written(**changes: object) -> History:
    """The plain history with other parts; a key with None is left out."""
    said = {key: value for key, value in {**PLAIN, **changes}.items() if value is not None}
    return histories.read(json.dumps(said), "plain.yaml")


def replayed(*, strict: bool = False, **changes: object) -> Replayed:
    """What the plain history, changed so, shows."""
    return replay(written(**changes), real_pathway(), law(), strict=strict)


def sample(name: str) -> Replayed:
    """What a history that ships shows."""
    return replay(histories.load(SAMPLES / f"{name}.yaml"), real_pathway(), law())


def actual(**days: str) -> list[dict[str, str]]:
    """Rows with actual days."""
    return [{"key": key, "actual": day, "source": "NS-MINUTES"} for key, day in days.items()]
