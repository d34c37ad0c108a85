"""Prints a document folder with facts of a YAML file: PDF and page pictures, for those who draft documents.

    python tools/preview_document.py document_templates/KEY --facts sample.yaml --out DIR [--step STEP] [--no-pictures]
    python tools/preview_document.py document_templates/KEY --check
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, timezone
from pathlib import Path

from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mutualflow.documents import checks, library, page, source  # noqa: E402
from mutualflow.documents.library import Template  # noqa: E402
from mutualflow.documents.press import PrintFailed, Press  # noqa: E402
from mutualflow.domain import document as model  # noqa: E402
from mutualflow.domain.errors import FileFault  # noqa: E402
from mutualflow.domain.material import (  # noqa: E402
    ChoiceView,
    FactView,
    ListView,
    Mark,
    Material,
    PrescribedText,
    RowView,
    TermView,
    draft_line,
    long_view,
    say_date,
)
from mutualflow.domain.numbering import number  # noqa: E402
from mutualflow.domain.tri import Tri  # noqa: E402


def mapping(value: object) -> Mapping[str, object]:
    """The value as a mapping, empty where there is none."""
    return value if isinstance(value, Mapping) else {}


def fact(key: str, value: object) -> FactView:
    """One fact of the file: words; dates as 2025-04-01; {text:, label:, by:, bare:, raw:}; nothing = a blank."""
    label, by = key.replace("_", " "), "staff lead"
    if isinstance(value, Mapping):
        label, by = str(value.get("label", label)), str(value.get("by", by))
        said = value.get("text")
        if said is None:
            return FactView(key, None, (), label, by)
        return FactView(key, str(said), (), label, by, str(value.get("bare", said)), str(value.get("raw", said)))
    if value is None:
        return FactView(key, None, (), label, by)
    text = str(value)
    try:
        return FactView(key, say_date(text), (), label, by, text, text)
    except ValueError:
        return long_view(key, text, label, by)


def material(template: Template, said: Mapping[str, object], step: str) -> Material:
    """The material of the file; declared facts and lists that it leaves out are blanks."""
    about = template.about
    facts, lists, choices = mapping(said.get("facts")), mapping(said.get("lists")), mapping(said.get("choices"))
    terms = {key: Tri(str(mapping(said.get("terms")).get(key, "maybe"))) for key in about.terms}
    rows: dict[str, ListView] = {}
    for key, columns in about.lists.items():
        given = lists.get(key)
        lines = given if isinstance(given, list) else []
        views = tuple(
            RowView(str(mapping(line).get("row", f"r{n}")), {c: fact(c, mapping(line).get(c)) for c in columns})
            for n, line in enumerate(lines, 1)
        )
        names = {c: c.replace("_", " ") for c in columns}
        rows[key] = ListView(key, views, names, key.replace("_", " "), "staff lead", complete=given is not None)
    offered = {
        key: ChoiceView(
            str(facts[key]) if facts.get(key) is not None else None,
            {str(k): str(v) for k, v in mapping(choices.get(key)).items()},
            key.replace("_", " "),
            "staff lead",
        )
        for key in about.facts
    }
    prescribed = {
        key: PrescribedText(key, tuple(str(text).strip().split("\n\n")), "0" * 64, sample=True)
        for key, text in mapping(said.get("prescribed")).items()
    }
    printed = {key: fact(key, mapping(choices.get(key)).get(str(facts.get(key)), facts.get(key))) for key in about.facts}
    on = date.fromisoformat(str(said.get("as_on", "2025-01-06")))
    return Material(
        printed, rows, {k: TermView(v, about.terms[k], "staff lead") for k, v in terms.items()}, offered, prescribed,
        step or str(said.get("step", "")), str(said.get("formation", "Riverside Care (sample)")),
        str(said.get("number", f"{about.catalogue}-001")), str(said.get("version", draft_line(on))), on,
        Mark(str(said.get("mark", "SAMPLE"))),
    )  # fmt: skip


def main() -> int:
    """Check, read, print; 3 where the source is at fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--facts", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/preview"))
    parser.add_argument("--step", default="")
    parser.add_argument("--check", action="store_true", help="faults and remarks only")
    parser.add_argument("--no-pictures", action="store_true")
    args = parser.parse_args()
    try:
        template = library.load(args.folder.resolve())
        said = mapping(YAML(typ="safe").load(args.facts.read_text())) if args.facts else {}
        with_facts = material(template, said, args.step)
        found = checks.check(template)
        for one in found:
            print(one)
        if args.check:
            return 3 if any(one.level is checks.Level.FAULT for one in found) else 0
        document = source.read(template, with_facts)
    except FileFault as error:
        print(error, file=sys.stderr)
        return 3
    numbers = number(document)
    html = page.paper(document, template.about, numbers, with_facts)
    data = model.to_json(document, numbers.beside, {"number": with_facts.number})
    args.out.mkdir(parents=True, exist_ok=True)
    target = args.out / f"{template.key}{'-' + args.step if args.step else ''}.pdf"
    target.with_suffix(".html").write_text(html)
    when = datetime.combine(with_facts.as_on, datetime.min.time(), timezone.utc)
    try:
        with Press() as press:
            target.write_bytes(press.print(html, data, when))
    except PrintFailed as error:
        print(error, file=sys.stderr)
        return 1
    print(target, f"{target.stat().st_size:,} bytes; missing:", len(model.missing(document)))
    if not args.no_pictures:
        subprocess.run(["pdftoppm", "-png", "-r", "70", str(target), str(target.with_suffix(""))], check=True)
        print(*sorted(str(p) for p in args.out.glob(f"{target.stem}-*.png")), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
