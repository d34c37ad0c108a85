"""What ships with the product, put together: the pathway with the documents it prints and the law it names."""

from collections.abc import Mapping

from mutualflow import rules
from mutualflow.documents import library
from mutualflow.documents.library import Template
from mutualflow.domain.rulebook import Rulebook
from mutualflow.pathways import compile as compiler
from mutualflow.pathways import release
from mutualflow.pathways.compile import Compiled, Printed
from mutualflow.services.publishing import Published
from mutualflow.wiring.app import App


def printed(templates: Mapping[str, Template]) -> tuple[Printed, ...]:
    """What the documents' folders say of them, as the compiler wants it."""
    return tuple(
        Printed(
            document=key,
            catalogue=one.about.catalogue,
            audience=one.about.audience,
            facts=tuple(one.about.facts),
            lists=tuple((name, tuple(columns)) for name, columns in one.about.lists.items()),
            terms=tuple(one.about.terms),
            steps=tuple(one.about.steps),
        )
        for key, one in templates.items()
    )


def pathway(templates: Mapping[str, Template], book: Rulebook | None = None) -> Compiled:
    """The shipped pathway, compiled once per process; FileFault names everything that is wrong.

    With a rulebook every rule and source that the pathway names has to be in it.
    """
    if book is None:
        return compiler.shipped(printed(templates))
    return compiler.shipped(printed(templates), frozenset(book.rules), frozenset(book.sources))


def release_body(compiled: Compiled, templates: Mapping[str, Template]) -> bytes:
    """The release to publish: pathway and document sources; `release.sha256` of it is its name."""
    return release.to_json(compiled.pathway, library.to_texts(templates))


def ship(app: App) -> Published:
    """The release and rulebook of this program."""
    body = release_body(pathway(app.templates, app.law.book), app.templates)
    law = rules.to_json(app.law.book)
    return Published(release.sha256(body), body.decode(), app.law.sha256, law.decode())
