"""One YAML 1.2 file with the line of every key; faults are gathered, never raised one by one."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from mutualflow.domain.errors import Fault
from mutualflow.domain.pathway import Text

Faults = list[Fault]


class Node:
    """A mapping of a file: read key by key, with the place of each for faults."""

    def __init__(self, file: str, data: Mapping[str, object], path: str, faults: Faults, line: int = 1) -> None:
        self.file = file
        self.data = data
        self.path = path
        self.faults = faults
        self.own_line = line

    def line(self, key: str = "") -> int:
        """The line on which a key stands, else where the mapping begins."""
        places = getattr(self.data, "lc", None)
        if places is None:
            return self.own_line
        try:
            return int(places.key(key)[0]) + 1 if key in self.data else int(places.line) + 1
        except (KeyError, TypeError):
            return self.own_line

    def fault(self, key: str, wrong: str, allowed: str = "") -> None:
        """Note a fault at a key."""
        self.faults.append(Fault(self.file, self.line(key), f"{self.path}.{key}".strip("."), wrong, allowed))

    def only(self, allowed: Iterable[str]) -> None:
        """Every other key is a fault, with what was perhaps meant."""
        known = list(allowed)
        for key in self.data:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                self.fault(str(key), f"there is no such key{hint}", ", ".join(known))

    def word(self, key: str, fallback: str = "") -> str:
        """A single word or line."""
        value = self.data.get(key, fallback)
        if isinstance(value, (Mapping, list)) or value is None:
            self.fault(key, "has to be words, not a list or mapping")
            return fallback
        return str(value).strip()

    def one_of(self, key: str, allowed: Iterable[str], fallback: str = "") -> str:
        """A word of a closed list."""
        known = [str(a) for a in allowed]
        value = self.word(key, fallback)
        if value not in known and value != fallback:
            close = difflib.get_close_matches(value, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            self.fault(key, f"{value[:60]!r} is not allowed{hint}", ", ".join(known))
            return fallback or known[0]
        return value

    def flag(self, key: str) -> bool:
        """The words yes and no."""
        value = str(self.data.get(key, "no"))
        if value not in ("yes", "no"):
            self.fault(key, f"{value[:40]!r} is neither yes nor no", "yes, no")
        return value == "yes"

    def text(self, key: str, *, required: bool = True) -> Text:
        """Words in English, or by language."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.fault(key, "is missing")
            return {}
        if isinstance(value, Mapping):
            words = {str(k): " ".join(str(v).split()) for k, v in value.items()}
            if set(words) - {"en", "cy"} or "en" not in words:
                self.fault(key, "gives words by language, and English is one of them", "en, cy")
            return words
        words = {"en": " ".join(str(value).split())}
        if not words["en"] and required:
            self.fault(key, "has no words")
        return words

    def node(self, key: str) -> "Node | None":
        """A mapping inside this one."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.fault(key, "has to be a mapping")
            return None
        return Node(self.file, value, f"{self.path}.{key}".strip("."), self.faults, self.line(key))

    def nodes(self, key: str, short: str = "") -> Iterator["Node"]:
        """The mappings of a list; a bare word stands for {short: word}."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.fault(key, "has to be a list")
            return
        for number, row in enumerate(value):
            at = f"{self.path}.{key}[{number}]".strip(".")
            line = self._row_line(value, number, key)
            if isinstance(row, Mapping):
                yield Node(self.file, row, at, self.faults, line)
            elif short and isinstance(row, str):
                yield Node(self.file, {short: row}, at, self.faults, line)
            else:
                self.fault(key, f"row {number + 1} has to be a mapping" + (" or a word" if short else ""))

    def _row_line(self, rows: object, number: int, key: str) -> int:
        places = getattr(rows, "lc", None)
        try:
            return int(places.item(number)[0]) + 1 if places is not None else self.line(key)
        except (KeyError, TypeError):
            return self.line(key)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or any(isinstance(v, (Mapping, list)) for v in value):
            self.fault(key, "has to be a list of words")
            return ()
        return tuple(str(v) for v in value)


def load(text: str, file: str, faults: Faults) -> Node:
    """Read a file's text; what is not YAML 1.2 with unique keys is one fault and an empty mapping."""
    yaml = YAML(typ="rt")
    yaml.version = None
    try:
        data = yaml.load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        wrong = " ".join(str(error.problem or error.context or "is not YAML").split())[:160]
        faults.append(Fault(file, mark.line + 1 if mark else 0, "file", wrong))
        data = {}
    except YAMLError as error:
        faults.append(Fault(file, 0, "file", " ".join(str(error).split())[:160]))
        data = {}
    if not isinstance(data, Mapping):
        faults.append(Fault(file, 1, "file", "has to be a mapping"))
        data = {}
    return Node(file, data, "", faults)
