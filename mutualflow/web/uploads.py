"""Files that people send: which kinds, how large, and that a file is what its name says."""

import io
import re
import unicodedata
import zipfile
from urllib.parse import quote

LARGEST = 20_000_000  # bytes
MOST_ENTRIES = 5_000
LARGEST_UNPACKED = 400_000_000  # bytes
ZIPPED = frozenset({"docx", "xlsx", "odt", "ods"})
KINDS = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "odt": ("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04"),
}
"""Ending -> media type, and how the bytes of such a file begin."""

ALLOWED = "PDF, JPEG, PNG, Word, Excel or OpenDocument"


def fault(name: str, data: bytes) -> str:
    """Why a file cannot be taken, in a sentence; '' where it can."""
    ending = name.rpartition(".")[2].lower()
    if not data:
        return "The file is empty. Choose the file again."
    if len(data) > LARGEST:
        return "The file is larger than 20 megabytes. Choose a smaller one."
    if ending not in KINDS:
        return f"The file must be {ALLOWED}."
    if not data.startswith(KINDS[ending][1]) or (ending in ZIPPED and not _is_office(data)):
        return f"What is in the file is not what its name says (.{ending}). Save it again as {ALLOWED}."
    return ""


def media_type(name: str) -> str:
    """The type by which a file is given back; bytes of no kind where its ending is unknown."""
    return KINDS.get(name.rpartition(".")[2].lower(), ("application/octet-stream", b""))[0]


def plain_name(name: str) -> str:
    """A file's name without folders, control characters and what a shell or a header could trip over."""
    bare = re.split(r"[/\\]", name)[-1]
    kept = "".join(c for c in unicodedata.normalize("NFC", bare) if unicodedata.category(c)[0] not in "C")
    return re.sub(r'[<>:"|?*]', "_", kept).strip(". ")[-120:] or "file"


def disposition(name: str) -> str:
    """The header that makes a browser save a file under its name (RFC 6266)."""
    ascii_name = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_office(data: bytes) -> bool:
    """A zip of an office program: few enough parts, and not a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            entries = parts.infolist()
    except zipfile.BadZipFile:
        return False
    names = {entry.filename for entry in entries}
    known = "[Content_Types].xml" in names or "mimetype" in names
    return known and len(entries) <= MOST_ENTRIES and sum(e.file_size for e in entries) <= LARGEST_UNPACKED
