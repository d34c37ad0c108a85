"""One line of the bench: a figure beside its baseline, and whether it meets its target."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` = value / baseline; `target` is the most that the ratio may be (the value, where there is no baseline).

    `met` is None where a figure is only reported.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def met(self) -> bool | None:
        """Is the target met?"""
        if self.target is None:
            return None
        judged = self.ratio if self.baseline is not None else self.value
        return judged is not None and judged <= self.target

    def as_json(self) -> dict[str, object]:
        """As `out/bench.json` keeps it."""
        ratio = self.ratio
        rounded = {"value": round(self.value, 4), "ratio": None if ratio is None else round(ratio, 3)}
        return {**asdict(self), **rounded, "met": self.met}
