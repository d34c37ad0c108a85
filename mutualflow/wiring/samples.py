"""The samples that ship: where they lie, and the invented stand-ins for official wording that they load."""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

import mutualflow
from mutualflow.domain.errors import Fault, FileFault


@dataclass(frozen=True, slots=True)
class StandIn:
    """An invented text in place of an official one; every paper that prints it says so."""

    key: str
    text: str
    official_source: str


def folder() -> Path:
    """`samples/` beside the package in a checkout, `_data/samples` inside it in a wheel."""
    package = Path(mutualflow.__file__).resolve().parent
    inside = package / "_data" / "samples"
    return inside if inside.is_dir() else package.parent / "samples"


def stand_in(key: str) -> StandIn:
    """One stand-in; FileFault where it is missing or does not say of itself that it is invented."""
    path = folder() / "prescribed" / f"{key}.yaml"
    try:
        said = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileFault((Fault(path.name, 0, "file", f"cannot be read: {error.strerror}"),)) from None
    if str(said.get("sample")) not in ("yes", "True"):
        raise FileFault((Fault(path.name, 1, "sample", "a stand-in says of itself that it is one", "sample: yes"),))
    return StandIn(key, str(said["text"]).strip(), str(said["official_source"]).strip())
