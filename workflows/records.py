"""The thin real histories beside the sample: replayed, kept as formations of their own kind, shown in a table."""

from datetime import datetime

from rich.table import Table

from mutualflow.domain.formation import Kind
from mutualflow.domain.material import say_date
from mutualflow.domain.replayed import Replayed
from mutualflow.wiring import histories, replaying, samples
from mutualflow.wiring.app import App

COLUMNS = ("Record of", "Opened", "Slip", "How it went on", "Assumed", "Cannot say")


def shown(app: App, now: datetime) -> Table:
    """Replay and keep every shipped history; a row each."""
    table = Table(*COLUMNS, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for path in sorted(samples.folder().glob("*.yaml")):
        history = histories.load(path)
        if history.kind is Kind.HISTORY:
            done = replaying.judge(app, history)
            replaying.keep(app, history, done, by="operator", now=now)
            table.add_row(history.title, *_row(done), str(len(done.assumed)), str(len(done.cannot_say)))
    return table


def _row(done: Replayed) -> tuple[str, str, str]:
    live = next((m for m in done.milestones if m.key == "go_live"), None)
    opened = say_date(str(live.actual)) if live and live.actual else "never"
    slip = live.slip if live else None
    last = done.states[-1] if done.states else None
    went = "" if last is None else (last.outcome or last.state).replace("_", " ")
    return opened, "–" if slip is None else f"{slip[0]:+d} days", went
