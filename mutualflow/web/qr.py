"""A picture that a phone reads, as SVG within the page: no file, no style attribute, nothing from outside."""

import segno
from markupsafe import Markup

SCALE = 5  # pixels of one square of the picture


def picture(text: str) -> Markup:
    """The text as a QR code, on white, with its quiet border."""
    made = segno.make(text, error="m", micro=False)
    return Markup(made.svg_inline(scale=SCALE, light="#fff", svgclass="mf-qr", lineclass=None))
