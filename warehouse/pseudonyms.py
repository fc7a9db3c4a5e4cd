"""People leave their names at the door: keyed hashes instead of identities.

The same person has the same pseudonym in every feed, so that joins work; without the key nobody
can tell who it is or try out who it might be.
"""

import hashlib
import os
import secrets
from pathlib import Path

import polars as pl

from warehouse.errors import ConfigurationError
from warehouse.files import PRIVATE, put_in_place

ENVIRONMENT_VARIABLE = "FTCI_QOS_KEY"
KEY_BYTES = 32
BLOCK_BYTES = 64  # of SHA-256; no key is longer
SHOWN_HEX_DIGITS = 16
MOST_REMEMBERED_BYTES = 1 << 26  # of a column: some two million callers, or fewer long texts


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
    return Pseudonyms(key).of(identity)


def hide(identities: pl.Series, key: bytes) -> pl.Series:
    """The pseudonyms of a column of identities; empty and null stay unknown (null)."""
    return Pseudonyms(key).hide(identities)


class _Known:
    """Identities of a column, numbered from 0 as they come, and their pseudonyms in this order."""

    def __init__(self) -> None:
        self._kind = pl.Categorical(pl.Categories.random())
        self._numbered = pl.Series(dtype=self._kind)  # without it, Polars forgets the numbers
        self.pseudonyms = pl.Series(dtype=pl.String)
        self.bytes: float = 0

    def numbers(self, identities: pl.Series) -> pl.Series:
        """The number of each identity, whether its pseudonym is there yet or not."""
        return identities.cast(self._kind).to_physical()

    def add(self, identities: pl.Series, pseudonyms: pl.Series) -> None:
        """Remember the pseudonyms of those that have the next numbers."""
        self.pseudonyms.extend(pseudonyms)
        self.bytes += identities.estimated_size() + pseudonyms.estimated_size()


class Pseudonyms:
    """Hides columns of identities, and remembers: who calls once in a file mostly calls again."""

    def __init__(self, key: bytes) -> None:
        # HMAC (RFC 2104) is a hash of a hash, each begun with the key; that is done once for all.
        padded = key.ljust(BLOCK_BYTES, b"\0")
        self._inner, self._outer = (
            hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C)
        )
        self._known: dict[str, _Known] = {}  # by the name of the column

    def of(self, identity: str) -> str:
        """See `pseudonym`."""
        inside, outside = self._inner.copy(), self._outer.copy()
        inside.update(identity.strip().upper().encode())
        outside.update(inside.digest())
        return outside.hexdigest()[:SHOWN_HEX_DIGITS]

    def hide(self, identities: pl.Series) -> pl.Series:
        """See the function of this name."""
        known = self._known.get(identities.name)
        if known is None or known.bytes > MOST_REMEMBERED_BYTES:
            known = self._known[identities.name] = _Known()
        named = identities.cast(pl.String)
        numbers = known.numbers(named)
        self._learn(known, pl.DataFrame({"number": numbers, "identity": named}))
        return known.pseudonyms.gather(numbers).alias(identities.name)

    def _learn(self, known: _Known, numbered: pl.DataFrame) -> None:
        """Compute the pseudonyms of identities that are new."""
        first = len(known.pseudonyms)
        new = numbered.filter(pl.col("number") >= first).unique("number").sort("number")
        if not new["number"].equals(pl.int_range(first, first + new.height, eager=True)):
            raise RuntimeError("identities are not numbered as they come")
        pseudonyms = [self.of(name) if name.strip() else None for name in new["identity"].to_list()]
        known.add(new["identity"], pl.Series(pseudonyms, dtype=pl.String))
