"""Prints a document folder with facts of a YAML file: PDF and page pictures, for those who draft documents.

python tools/preview_document.py document_templates/KEY --facts sample.yaml --out DIR [--step STEP] [--no-pictures]
python tools/preview_document.py document_templates/KEY --check
"""

import argparse
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sample_facts import material, read_facts

from mutualflow.documents import checks, library, page, source
from mutualflow.documents.press import Press, PrintFailed
from mutualflow.domain import document as model
from mutualflow.domain.errors import FileFault
from mutualflow.domain.numbering import number


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
        said = read_facts(args.facts) if args.facts else {}
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
    when = datetime.combine(with_facts.as_on, datetime.min.time(), UTC)
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
