"""One press for all tests of documents."""

from collections.abc import Iterator

import pytest

from mutualflow.documents.press import Press


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """A running press."""
    with Press() as running:
        yield running
