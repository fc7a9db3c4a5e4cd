"""People leave their names at the door: keyed hashes instead of identities.

The same person has the same pseudonym in every feed, so that joins work; without the key nobody
can tell who it is or try out who it might be.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from warehouse.errors import ConfigurationError
from warehouse.files import PRIVATE, put_in_place

ENVIRONMENT_VARIABLE = "FTCI_QOS_KEY"
KEY_BYTES = 32
BLOCK_BYTES = 64  # of SHA-256; no key is longer
SHOWN_HEX_DIGITS = 16


def key_of(path: Path) -> bytes:
    """The site's key: from the environment, else from its file, which the first run makes.

    Raises:
        ConfigurationError: the key is not 64 hex digits, or others may read its file.
    """
    if ENVIRONMENT_VARIABLE in os.environ:
        return _decode(os.environ[ENVIRONMENT_VARIABLE], f"the variable {ENVIRONMENT_VARIABLE}")
    try:
        if not path.exists():
            _make_key(path)
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(f"{path}: others can read the key; run: chmod 600 {path}")
        return _decode(path.read_text(encoding="latin-1"), str(path))
    except OSError as error:
        raise ConfigurationError(
            f"{path}: the key cannot be read or made ({error.strerror}); set [paths] key"
        ) from error


def _make_key(path: Path) -> None:
    """A key is there wholly or not at all: what it has hidden, only it can find again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_hex(KEY_BYTES) + "\n")
    put_in_place(temporary, path)


def _decode(text: str, place: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"{place} must hold {2 * KEY_BYTES} hex digits: the key")
    return key


def fingerprint(key: bytes) -> str:
    """Tells two keys apart without telling either."""
    return hashlib.sha256(b"fingerprint" + key).hexdigest()[:SHOWN_HEX_DIGITS]


def pseudonym(identity: str, key: bytes) -> str:
    """HMAC-SHA-256 of the trimmed, upper-cased identity, as 16 hex digits."""
    return _pseudonyms([identity], key)[0]


def _pseudonyms(identities: Iterable[str], key: bytes) -> list[str]:
    """HMAC (RFC 2104) is a hash of a hash, each begun with the key; that is done once for all."""
    padded = key.ljust(BLOCK_BYTES, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))
    hidden = []
    for identity in identities:
        inside, outside = inner.copy(), outer.copy()
        inside.update(identity.strip().upper().encode())
        outside.update(inside.digest())
        hidden.append(outside.hexdigest()[:SHOWN_HEX_DIGITS])
    return hidden


def hide(identities: pl.Series, key: bytes) -> pl.Series:
    """The pseudonyms of a column of identities; empty and null stay unknown (null)."""
    distinct = [name for name in identities.unique().to_list() if name and name.strip()]
    hidden = {"identity": distinct, "pseudonym": _pseudonyms(distinct, key)}
    known = pl.DataFrame(hidden, {"identity": pl.String, "pseudonym": pl.String})
    rows = pl.DataFrame({"identity": identities}, {"identity": pl.String})
    found = rows.join(known, on="identity", how="left", maintain_order="left")["pseudonym"]
    return found.alias(identities.name)
