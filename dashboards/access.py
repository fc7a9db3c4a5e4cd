"""Who may see what: passwords, roles, and the word of a reverse proxy.

Passwords are kept as scrypt hashes (RFC 7914) with the cost that OWASP's Password Storage Cheat
Sheet asks for. Checking one takes a good tenth of a second on purpose, so those that were right are
remembered while the server runs, under a key of its own.
"""

import base64
import binascii
import hashlib
import hmac
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

COST, BLOCK, PARALLEL = 2**15, 8, 3
SALT_BYTES, HASH_BYTES = 16, 32
MEMORY = 2 * 128 * COST * BLOCK  # bytes that scrypt may use; it needs half of that
SCHEME = "scrypt"
MOST_REMEMBERED = 256


@dataclass(frozen=True)
class User:
    """Somebody who may look: a role, and the hash of a password unless a proxy vouches."""

    role: str
    password: str | None = None


@dataclass(frozen=True)
class Proxy:
    """A reverse proxy that has checked who asks, and the addresses it speaks from."""

    header: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """The users of a site by name and what each role may open: names of pages and of folders.

    Without users, whoever reaches the server is `role_of_all`; None lets nobody in unknown.
    """

    roles: Mapping[str, tuple[str, ...]]
    users: Mapping[str, User] = field(default_factory=dict)
    proxy: Proxy | None = None
    role_of_all: str | None = None


def hash_of(password: str) -> str:
    """A password as it may stand in the settings: `scrypt$cost$block$parallel$salt$hash`."""
    salt = os.urandom(SALT_BYTES)
    digest = _scrypt(password, salt, COST, BLOCK, PARALLEL)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return "$".join([SCHEME, str(COST), str(BLOCK), str(PARALLEL), *parts])


def is_hash(text: str) -> bool:
    """Whether a text is a hash that `hash_of` could have made, at a bearable cost."""
    try:
        cost, block, parallel, salt, digest = _parts(text)
    except ValueError:
        return False
    is_power = cost >= 2**14 and cost & (cost - 1) == 0
    bearable = is_power and 128 * cost * block <= MEMORY and 1 <= parallel <= 16
    return bearable and len(salt) >= SALT_BYTES and len(digest) == HASH_BYTES


def fits(password: str, text: str) -> bool:
    """Whether a password is the one that was hashed, in constant time."""
    cost, block, parallel, salt, digest = _parts(text)
    return hmac.compare_digest(_scrypt(password, salt, cost, block, parallel), digest)


def _parts(text: str) -> tuple[int, int, int, bytes, bytes]:
    scheme, cost, block, parallel, salt, digest = text.split("$")
    if scheme != SCHEME:
        raise ValueError(f"unknown scheme {scheme!r}")
    decoded = [base64.b64decode(part, validate=True) for part in (salt, digest)]
    return int(cost), int(block), int(parallel), decoded[0], decoded[1]


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=MEMORY, dklen=HASH_BYTES
    )


class Gate:
    """Tells the role of who asks, or None; one password is checked at a time."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._key = os.urandom(32)
        self._right: set[bytes] = set()
        self._one_at_a_time = threading.Lock()
        # Unknown names take as long as known ones.
        self._nobody = hash_of("nobody") if access.users else ""

    def role(self, headers: Mapping[str, str], address: str | None) -> str | None:
        """The role of a request with these headers (names in lower case) from this address."""
        access = self._access
        if access.role_of_all is not None:
            return access.role_of_all
        if access.proxy is not None and address in access.proxy.addresses:
            user = access.users.get(headers.get(access.proxy.header.lower(), ""))
            return user.role if user else None
        return self._role_by_password(headers.get("authorization", ""))

    def _role_by_password(self, authorization: str) -> str | None:
        name, password = _credentials(authorization)
        if name is None or not self._nobody:
            return None
        user = self._access.users.get(name)
        kept = user.password if user else None
        mark = hmac.digest(self._key, f"{name}\0{password}".encode(), "sha256")
        if mark in self._right:
            return user.role if user else None
        with self._one_at_a_time:
            is_right = fits(password, kept or self._nobody)
        if not is_right or kept is None or user is None:
            return None
        if len(self._right) >= MOST_REMEMBERED:
            self._right.clear()
        self._right.add(mark)
        return user.role


def _credentials(authorization: str) -> tuple[str | None, str]:
    """Name and password of a header as RFC 7617 writes it; no name if it is none."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None, ""
    try:
        name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, ""
    return (name, password) if colon else (None, "")
