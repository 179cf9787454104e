"""Review: who may ask. Every request needs the session's token, this page's host and, where it names one, its origin."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy: the page's own files alone, no script or style in it, in no other page's frame."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_SAFE = frozenset({"GET", "HEAD"})


class Forbidden(Exception):  # noqa: N818 - an answer
    """A request that is refused; the message is the sentence that it is answered with."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules of one session: ``hosts`` are the names under which the page may be asked for, with their port."""

    hosts: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the token: one for each port, which cookies themselves do not tell apart."""
        ports = sorted({host.rpartition(":")[2] for host in self.hosts})
        return f"jixiao-review-{'-'.join(ports)}"

    @property
    def csrf(self) -> str:
        """What each form of the page must hold: it follows from the token, and does not give it away."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    def check_address(self, method: str, headers: Mapping[str, str]) -> None:
        """Refuse a request for another host, and one that another page makes.

        Raises:
            Forbidden: the sentence says which.
        """
        host = headers.get("host", "")
        if host not in self.hosts:
            raise Forbidden(f"This page is not served as {host or 'no host'}.")
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            raise Forbidden("A request from another page is refused.")
        site = headers.get("sec-fetch-site", "none" if method in _SAFE else "same-origin")
        if site not in ({"same-origin", "none"} if method in _SAFE else {"same-origin"}):
            raise Forbidden("A request from another site is refused.")
        if method not in _SAFE and origin is None:
            raise Forbidden("A form must say which page it comes from.")

    def admits(self, token: str | None) -> bool:
        """Whether a token is the session's."""
        return token is not None and hmac.compare_digest(token.encode(), self.token.encode())

    def knows(self, headers: Mapping[str, str]) -> bool:
        """Whether a request carries the session's cookie."""
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        return self.cookie in cookies and self.admits(cookies[self.cookie].value)

    def check_form(self, form: Mapping[str, str]) -> None:
        """Refuse a form that this session's page did not make.

        Raises:
            Forbidden: it holds another secret, or none.
        """
        if not hmac.compare_digest(form.get("csrf", "").encode(), self.csrf.encode()):
            raise Forbidden("The form is not of this page: load the page again.")
