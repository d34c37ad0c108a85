"""The document folders of this installation, in a checkout or inside the wheel."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mutualflow.documents import about
from mutualflow.documents.about import About
from mutualflow.domain.errors import Fault, FileFault

HOUSE = "_house"
PACKAGE = Path(__file__).resolve().parent.parent


def templates_folder() -> Path:
    """`document_templates/` beside the package in a checkout, `_data/document_templates` inside it in a wheel."""
    for folder in (PACKAGE / "_data" / "document_templates", PACKAGE.parent / "document_templates"):
        if (folder / HOUSE).is_dir():
            return folder
    raise FileFault((Fault("document_templates", 0, HOUSE, "the document folders are not installed"),))


@dataclass(frozen=True, slots=True)
class Template:
    """One document's source: its about, and every text it may read by name ("document.xml", "_house/notice.xml").

    Texts, not paths: a release stores them, and a formation pinned to it prints from them.
    """

    about: About
    texts: Mapping[str, str]
    source: str = ""  # about.yaml as written, for the release

    @property
    def key(self) -> str:
        """The document's key, which is its folder's name."""
        return self.about.key


@cache
def shared_texts(folder: Path) -> Mapping[str, str]:
    """The parts that documents share."""
    return {f"{HOUSE}/{path.name}": _read(path) for path in sorted((folder / HOUSE).glob("*.xml"))}


def load(folder: Path, house: Path | None = None) -> Template:
    """One document folder; FileFault says what is missing or wrong."""
    whole = templates_folder() if house is None else house
    if not (folder / "about.yaml").is_file():
        raise FileFault((Fault(folder.name, 0, "about.yaml", "the folder has no about.yaml"),))
    written = _read(folder / "about.yaml")
    page = about.parse(written, f"{folder.name}/about.yaml")
    if page.key != folder.name:
        wrong = f"the folder is called {folder.name!r} and the key is {page.key!r}"
        raise FileFault((Fault(f"{folder.name}/about.yaml", 1, "key", wrong, folder.name),))
    own = {path.name: _read(path) for path in sorted(folder.glob("*.xml"))}
    if "document.xml" not in own:
        raise FileFault((Fault(folder.name, 0, "document.xml", "the folder has no document.xml"),))
    return Template(page, {**shared_texts(whole), **own}, written)


def to_texts(templates: Mapping[str, Template]) -> dict[str, str]:
    """Every source by its place ("articles/document.xml", "_house/words.xml"), as a release keeps them."""
    texts: dict[str, str] = {}
    for key, one in templates.items():
        texts[f"{key}/about.yaml"] = one.source
        texts.update({name if name.startswith(HOUSE) else f"{key}/{name}": text for name, text in one.texts.items()})
    return texts


def from_texts(texts: Mapping[str, str]) -> dict[str, Template]:
    """The documents of a release: a formation that is pinned to it prints from these, whatever ships today."""
    shared = {name: text for name, text in texts.items() if name.startswith(f"{HOUSE}/")}
    out: dict[str, Template] = {}
    for name, written in texts.items():
        key, _, file = name.partition("/")
        if file == "about.yaml":
            own = {n.removeprefix(f"{key}/"): x for n, x in texts.items() if n.startswith(f"{key}/") and n != name}
            out[key] = Template(about.parse(written, name), {**shared, **own}, written)
    return out


def load_all(folder: Path | None = None) -> Mapping[str, Template]:
    """Every document by key, in alphabetical order; all faults of all folders in one FileFault."""
    whole = templates_folder() if folder is None else folder
    out: dict[str, Template] = {}
    faults: list[Fault] = []
    for path in sorted(whole.iterdir()):
        if path.is_dir() and path.name != HOUSE:
            try:
                out[path.name] = load(path, whole)
            except FileFault as error:
                faults.extend(error.faults)
    if faults:
        raise FileFault(tuple(faults))
    return out


def house_css() -> str:
    """The style sheet of paper and page, in the order in which its parts are read."""
    folder = templates_folder() / HOUSE
    return "\n".join(_read(folder / name) for name in ("house.css", "house_model.css"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise FileFault((Fault(path.name, 0, path.name, "is not UTF-8 text"),)) from None
    except OSError as error:
        raise FileFault((Fault(path.name, 0, path.name, f"cannot be read: {error.strerror}"),)) from None
