"""WeasyPrint 70.0, mended so that one file is PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).

Private parts of WeasyPrint are wrapped (never copied), so the version is pinned. One rendering
at a time per process: the state below belongs to the document being written.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from xml.etree.ElementTree import Element

import pydyf
import weasyprint
from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import FontConfiguration

from mutualflow.documents.fetcher import PackageFetcher

if weasyprint.__version__ != "70.0":
    raise ImportError(f"the mends below were proved with WeasyPrint 70.0 only, not {weasyprint.__version__}")

# ISO 14289-1 5 wants pdfuaid:part; ISO 19005-3 6.6.2.3 wants a schema that explains it.
UA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 met</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

NUMBERING = {
    "decimal": "/Decimal",
    "lower-alpha": "/LowerAlpha",
    "lower-roman": "/LowerRoman",
    "disc": "/Disc",
    "circle": "/Circle",
    "square": "/Square",
}
CAN_SPAN_PAGES = {
    "/P",
    "/Sect",
    "/Art",
    "/Part",
    "/Div",
    "/NonStruct",
    "/BlockQuote",
    "/L",
    "/LI",
    "/LBody",
    "/Table",
    "/TBody",
    "/TR",
    "/TD",
    "/TH",
}
BLOCKS = (boxes.BlockBox, boxes.TableRowGroupBox, boxes.TableRowBox, boxes.TableCellBox)


class _State:
    """What must be remembered while one document is written."""

    def __init__(self) -> None:
        self.artifacts: set[boxes.Box] = set()  # boxes that are painted but are no content
        self.repeated: set[Element] = set()  # elements of table heads already seen
        self.begun: dict[tuple[Element, str, str], tuple[pydyf.Dictionary, int]] = {}  # -> structure element, its page


_state = _State()


def _decorative(box: boxes.Box) -> bool:
    """Boxes that say nothing: aria-hidden, or an image with alt=""."""
    element = box.element
    if element is None:
        return False
    return element.get("aria-hidden") == "true" or (isinstance(box, boxes.ReplacedBox) and element.get("alt") == "")


def _note_artifacts(box: boxes.Box, hidden: bool = False) -> None:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.MarginBox) or _decorative(box):
        hidden = True  # 14289-1 7.8 (running heads), 7.3 (decoration)
    elif isinstance(box, boxes.TableRowGroupBox) and (box.is_header or box.is_footer):
        hidden |= box.element in _state.repeated  # 14289-1 7.1: a repeated table head is no content
        _state.repeated.add(box.element)
    if hidden:
        _state.artifacts.add(box)
        box.mark = {"A": {}}  # read by WeasyPrint's table code
    for child in getattr(box, "children", ()):
        _note_artifacts(child, hidden)


_paint, _marked, _build = Page.paint, Stream.marked, tags._build_box_tree


def _paint_page(page: Page, stream: Stream, scale: float = 1) -> None:
    _note_artifacts(page._page_box)
    _paint(page, stream, scale)


def _mark(stream: Stream, box: boxes.Box, tag: str) -> AbstractContextManager[None]:
    marked: AbstractContextManager[None] = stream.artifact() if box in _state.artifacts else _marked(stream, box, tag)
    return marked


def _build_tree(
    box: boxes.Box,
    parent: pydyf.Dictionary,
    pdf: pydyf.PDF,
    page_number: int,
    nums: pydyf.Array,
    annotations: object,
    mcids: object,
) -> Iterator[pydyf.Dictionary]:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if box in _state.artifacts:
        return
    for item in _build(box, parent, pdf, page_number, nums, annotations, mcids):
        if box.element is None or isinstance(box, boxes.PageBox) or box.element_tag in ("html", "body"):
            yield item
            continue
        # 14289-1 7.1: a paragraph, list or table broken by a page end stays one element
        key = (box.element, box.element_tag, item["S"])
        first, first_page = _state.begun.get(key, (None, page_number))
        broken = first is not None and first_page != page_number
        kept = item
        if broken and item["S"] in CAN_SPAN_PAGES and isinstance(box, BLOCKS):
            _move(item["K"], first, pdf)
            kept = first
        _state.begun[key] = kept, page_number
        if box.element_tag == box.element.tag:
            _complete(kept, box, pdf, page_number)
        if kept is item:
            yield item


def _object(pdf: pydyf.PDF, reference: bytes | str) -> pydyf.Dictionary:
    return pdf.objects[int(reference.split()[0])]


def _role(pdf: pydyf.PDF, reference: bytes | str) -> str | None:
    role: str | None = _object(pdf, reference).get("S")
    return role


def _move(references: Iterable[bytes | str], new_parent: pydyf.Dictionary, pdf: pydyf.PDF) -> None:
    for reference in references:
        _object(pdf, reference)["P"] = new_parent.reference
        new_parent["K"].append(reference)


def _complete(item: pydyf.Dictionary, box: boxes.Box, pdf: pydyf.PDF, page_number: int) -> None:
    """Add to a structure element what WeasyPrint leaves out."""
    role, element = item["S"], box.element
    if element.get("lang") and element.tag != "html":
        item["Lang"] = pydyf.String(element.get("lang"))  # 14289-1 7.2
    if element.tag == "abbr" and element.get("title"):
        item["E"] = pydyf.String(element.get("title"))  # 14289-1 7.2 note: expansions
    if role == "/TH":  # 14289-1 7.5
        item["A"]["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"
    if role in ("/TH", "/TD"):
        box.mark = {"A": {}}  # Scope is enough: no IDs, which would want an IDTree
    if role == "/L" and box.style["list_style_type"] in NUMBERING:  # 14289-1 7.6
        numbering = NUMBERING[box.style["list_style_type"]]
        item["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})
    if role == "/LI":
        _complete_item(item, pdf)
    if role == "/Figure":  # 14289-1 7.3
        if "Alt" not in item and element.get("aria-label"):
            item["Alt"] = pydyf.String(element.get("aria-label"))
        height = _object(pdf, pdf.page_references[page_number])["MediaBox"][3]
        x1, y1, x2, y2 = (value * 0.75 for value in item["A"]["BBox"])  # CSS pixels from the top -> points
        item["A"]["BBox"] = pydyf.Array((x1, height - y2, x2, height - y1))
    if role == "/Link" and box.link_annotation:  # 14289-1 7.18.5: words, not an address
        words = element.get("title") or " ".join("".join(element.itertext()).split())
        box.link_annotation["Contents"] = pydyf.String(words or element.get("href"))


def _complete_item(item: pydyf.Dictionary, pdf: pydyf.PDF) -> None:
    """14289-1 7.2: LI holds Lbl and one LBody."""
    kids = [kid for k in item["K"] for kid in (_object(pdf, k)["K"] if _role(pdf, k) == "/LBody" else [k])]
    kind = {"Type": "/StructElem", "S": "/LBody", "P": item.reference, "Pg": item["Pg"], "K": pydyf.Array()}
    body = pydyf.Dictionary(kind)
    pdf.add_object(body)
    item["K"] = pydyf.Array()
    _move([k for k in kids if _role(pdf, k) == "/Lbl"], item, pdf)
    _move([k for k in kids if _role(pdf, k) != "/Lbl"], body, pdf)
    item["K"].append(body.reference)


def _finish(document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    fonts = (o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/FontDescriptor")
    strangers = {str(o["FontName"]) for o in fonts if "+House-" not in str(o["FontName"])}
    if strangers:  # a sign our fonts lack: it would differ from machine to machine
        raise ValueError("it holds signs that the house fonts lack")
    xmp = _object(pdf, pdf.catalog["Metadata"])
    content = xmp.stream[0]
    end = content.rindex(b"</rdf:RDF>")  # the claim goes inside the one RDF element: a second one is ignored
    xmp.stream = [content[:end] + UA_CLAIM + content[end:]]
    xmp.compress = False  # some checkers refuse a compressed XMP packet
    if "AF" in pdf.catalog:  # WeasyPrint lists every attachment twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


Page.paint, Stream.marked, tags._build_box_tree = _paint_page, _mark, _build_tree


class Style:
    """Style sheet and fonts, read once and shared by the documents of one process."""

    def __init__(self, css: str) -> None:
        self.fetcher = PackageFetcher()
        self.fonts = FontConfiguration()  # the very same one for the style sheet and the documents
        self.sheet = weasyprint.CSS(string=css, font_config=self.fonts, url_fetcher=self.fetcher, base_url="pkg:")


def render(html: str, style: Style, data: bytes, when: datetime, max_pages: int = 400) -> bytes:
    """PDF of one HTML page; `data` (JSON) is attached as its source. ValueError where it cannot be made."""
    global _state
    _state = _State()
    document = weasyprint.HTML(string=html, base_url="pkg:", url_fetcher=style.fetcher).render(
        stylesheets=[style.sheet], font_config=style.fonts
    )
    if len(document.pages) > max_pages:
        raise ValueError(f"it has more than {max_pages} pages")
    attachment = weasyprint.Attachment(
        string=data,
        name="model.json",
        description="Data this document was made from",
        relationship="Source",
        created=when,
        modified=when,
    )
    written: bytes = document.write_pdf(pdf_variant="pdf/a-3a", attachments=[attachment], finisher=_finish)
    return written
