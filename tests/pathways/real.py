"""The shipped pathway files as texts, to be compiled whole or with one change."""

from collections.abc import Mapping
from functools import cache

from mutualflow import rules
from mutualflow.documents import library
from mutualflow.domain.errors import Fault, FileFault
from mutualflow.domain.rulebook import Rulebook
from mutualflow.pathways import compile as compiler
from mutualflow.pathways.compile import Compiled, Printed, Sources
from mutualflow.wiring.publishing import printed


@cache
def book() -> Rulebook:
    """The shipped law."""
    return rules.load()


@cache
def documents() -> tuple[Printed, ...]:
    """What the shipped documents print."""
    return printed(library.load_all())


@cache
def files() -> Mapping[str, str]:
    """The shipped pathway files."""
    return compiler.read_files()


def compile_files(texts: Mapping[str, str], papers: tuple[Printed, ...] | None = None) -> Compiled:
    """Compile texts with the shipped documents and law."""
    known = documents() if papers is None else papers
    return compiler.compiled(Sources(texts, known, frozenset(book().rules), frozenset(book().sources)))


@cache
def whole() -> Compiled:
    """The shipped pathway."""
    return compile_files(files())


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The shipped files with the first `old` of one file replaced."""
    text = files().get(file, "")
    assert old in text, f"{file} no longer says {old!r}: mend the test"
    return {**files(), file: text.replace(old, new, 1)}


def line_of(text: str, words: str, nth: int = 0) -> int:
    """The line, from 1, on which words stand in a text (the nth time)."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return text[:at].count("\n") + 1


def faults_of(texts: Mapping[str, str], papers: tuple[Printed, ...] | None = None) -> tuple[Fault, ...]:
    """Everything the compiler finds wrong with texts."""
    try:
        compile_files(texts, papers)
    except FileFault as error:
        return error.faults
    return ()
