"""Bytes by their hash, in a folder: evidence and printed documents."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class DiskFault(Exception):
    """The bytes could not be kept or read; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes that lie beside their place; `settle` puts them there, whole."""

    sha256: str
    size: int
    part: Path
    target: Path

    def settle(self) -> None:
        """Put them in their place; twice is harmless. DiskFault where that cannot be done."""
        if not self.target.exists():
            with _told():
                self.part.replace(self.target)


@contextmanager
def staged(folder: Path, data: bytes) -> Iterator[Staged]:
    """Write bytes beside their place. What is not settled when the block ends is gone."""
    name = hashlib.sha256(data).hexdigest()
    target = folder / name[:2] / name
    one = Staged(name, len(data), target.with_name(f"{name}.part{os.getpid()}-{secrets.token_hex(4)}"), target)
    try:
        with _told():  # even where they lie there already: they may be destroyed before this act settles
            target.parent.mkdir(parents=True, exist_ok=True)
            one.part.write_bytes(data)
        yield one
    finally:
        one.part.unlink(missing_ok=True)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskFault(
            f"The file could not be written or taken away: {error.strerror or 'input/output error'}."
        ) from None


def keep(folder: Path, data: bytes) -> str:
    """Keep bytes under their SHA-256; a file is there whole or not at all."""
    with staged(folder, data) as one:
        one.settle()
    return one.sha256


def destroy(folder: Path, name: str) -> None:
    """The bytes under a hash are gone afterwards; DiskFault where they cannot be taken away."""
    with _told():
        (folder / name[:2] / name).unlink(missing_ok=True)


def read(folder: Path, name: str) -> bytes:
    """The bytes kept under a hash; DiskFault where they are gone or changed."""
    try:
        data = (folder / name[:2] / name).read_bytes()
    except OSError as error:
        raise DiskFault(f"The file {name[:12]} cannot be read: {error.strerror or 'input/output error'}.") from None
    if hashlib.sha256(data).hexdigest() != name:
        raise DiskFault(f"The file {name[:12]} has been changed since it was kept.")
    return data
