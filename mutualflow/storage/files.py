"""Bytes by their hash, in a folder: evidence and printed documents."""

import hashlib
import os
from pathlib import Path


class DiskFault(Exception):
    """The bytes could not be kept or read; the sentence says why."""


def keep(folder: Path, data: bytes) -> str:
    """Keep bytes under their SHA-256; a file is there whole or not at all."""
    name = hashlib.sha256(data).hexdigest()
    target = folder / name[:2] / name
    if target.exists():
        return name
    part = target.with_name(f"{name}.part{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DiskFault(f"The file could not be written: {error.strerror or 'input/output error'}.") from None
    return name


def read(folder: Path, name: str) -> bytes:
    """The bytes kept under a hash; DiskFault where they are gone or changed."""
    try:
        data = (folder / name[:2] / name).read_bytes()
    except OSError as error:
        raise DiskFault(f"The file {name[:12]} cannot be read: {error.strerror or 'input/output error'}.") from None
    if hashlib.sha256(data).hexdigest() != name:
        raise DiskFault(f"The file {name[:12]} has been changed since it was kept.")
    return data
