"""The only URL fetcher WeasyPrint is given: it knows the house fonts and style sheets and nothing else."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

from mutualflow.documents.library import HOUSE, templates_folder

NAME = re.compile(r"pkg:(fonts|css)/([A-Za-z0-9_-]+)(\.ttf|\.css)")
KINDS = {".ttf": "font/ttf", ".css": "text/css"}
FONT_PACKAGES = {"SourceSerifPro": "font_source_serif_pro", "SourceSansPro": "font_source_sans_pro"}


@cache
def font_folder(family: str) -> Path:
    """Where an installed font package keeps its files; FileNotFoundError names the package that is missing."""
    package = FONT_PACKAGES.get(family, "")
    spec = find_spec(package) if package else None
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the font package {package or family!r} is not installed")
    return Path(spec.submodule_search_locations[0]) / "files"


class PackageFetcher(URLFetcher):  # type: ignore[misc]
    """pkg:fonts/Name.ttf and pkg:css/name.css; no path of the caller's, no network, no data: URL."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("pkg",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file of that name; ValueError for everything else."""
        match = NAME.fullmatch(url)
        if match is None:
            raise ValueError(f"not a file of the package: {url[:80]!r}")
        room, name, suffix = match.groups()
        if (room == "fonts") != (suffix == ".ttf"):
            raise ValueError(f"not a file of the package: {url[:80]!r}")
        folder = font_folder(name.partition("-")[0]) if room == "fonts" else templates_folder() / HOUSE
        return URLFetcherResponse(url, (folder / (name + suffix)).read_bytes(), {"Content-Type": KINDS[suffix]})
