# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer means: an object, a refusal in Kubernetes' words, somebody else's page; and what no answer means."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    NotFound,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._redact import hide_userinfo


class Server(NamedTuple):
    """What should be at an address, in words: what it is, what says where it is, which option names its authority.

    ``advice`` is what to do about its refusals, by their status and a word in them. A server that ``is_proxied`` is a
    Service of Kubernetes, reached through its API, which may not have it.
    """

    what: str = "a Kubernetes API server"
    address: str = "host, or the server of the kubeconfig,"
    authority: str = "ca_cert"
    advice: tuple[tuple[int, str, str], ...] = ()
    is_proxied: bool = False

    @property
    def doubt(self) -> str:
        """What to ask where an answer is none of its own."""
        return f"does {'apiserver_service' if self.is_proxied else self.address} lead to {self.what}?"


KUBERNETES = Server()
_EXCERPT = 80
# Before its objection to a patch the server repeats the whole object.
_REPEATED_OBJECT = re.compile(r'Invalid value: "\{(?:[^"\\]|\\.)*": ')
_TITLE = re.compile(r"<title[^>]*>\s*(.+?)\s*</title>", re.IGNORECASE | re.DOTALL)
# What to do about a refusal, by its status and a word in it.
_ADVICE = (
    (400, "HTTP request to an HTTPS server", "the address begins with https://"),
    (
        401,
        "",
        "the server does not accept these credentials: check that they have not expired, the context and the host",
    ),
    (403, " cannot ", "what the account may do, kubectl auth can-i tells"),
    (403, "exceeded quota", "ask for less, or for a larger ResourceQuota"),
    # Nobody's own words.
    *(
        (status, f"HTTP {status}", "a gateway says so: what is behind it is away or too slow")
        for status in (502, 503, 504)
    ),
)
_UNTRUSTED = (
    "the server is not trusted: {0.authority} names the file of the authority that is (validate_certs=false trusts all)"
)
_NOT_TLS = "it does not speak TLS there: does the address begin with http://, or is the port another one?"
_BROKE_OFF = "it broke off: look at what is between {0.what} and us"
_UNREACHED = "look whether {0.address} is right and can be reached from here"
_UNREACHED_THROUGH = "look whether the proxy is right and can be reached from here, and whether it lets us through"


def parsed(data: bytes, method: str, path: str, server: Server = KUBERNETES) -> Any:
    """The JSON of a 2xx answer; ``server`` is what should be there."""
    try:
        return json.loads(data) if data else {}
    except ValueError as error:
        raise ConnectionFailed(
            f"{method} {path} was answered with something that is not JSON: {_excerpt(data)}; {_somebody_else(server)}"
        ) from error


def refusal(
    status: int,
    data: bytes,
    location: str | None = None,
    server: Server = KUBERNETES,
) -> ApiError:
    """The error for a non-2xx answer; Kubernetes' Status body is used where there is one, and never required.

    ``server`` is what should be there.
    """
    if location is not None and 300 <= status < 400:
        return ApiError(
            f"HTTP {status} leads to {_place(location)}, and is not followed; {_somebody_else(server)}", status=status
        )
    try:
        body = json.loads(data) if data else {}
    except ValueError:
        if data.lstrip()[:1] == b"<":
            return ApiError(f"HTTP {status} with a web page, {_excerpt(data)}; {_somebody_else(server)}", status=status)
        body = {"message": _line(data)[:300]}
    if not isinstance(body, dict):
        body = {"message": str(body)}
    body = _without_objects(body)
    reason = body.get("reason")
    message = body.get("message") or f"HTTP {status}"
    todo = next((do for about, word, do in (*server.advice, *_ADVICE) if about == status and word in message), None)
    if todo:
        message = f"{message} ({todo})"
    sort: type[ApiError] = ApiError
    if status == 404:
        sort = ApiError if server.is_proxied and _is_about_a_service(body) else NotFound
    elif status == 409:
        sort = AlreadyExists if reason == "AlreadyExists" else Stale
    return sort(message, status=status, reason=reason, details=body.get("details"))


def _is_about_a_service(body: dict[str, Any]) -> bool:
    return isinstance(body.get("details"), dict) and body["details"].get("kind") == "services"


def _somebody_else(server: Server) -> str:
    return f"{server.doubt} And what is between it and us?"


def _without_objects(told: Any) -> Any:
    """A Status body without the whole objects that it repeats: what they hold may be secret, and is long."""
    if isinstance(told, dict):
        return {key: _without_objects(below) for key, below in told.items()}
    if isinstance(told, list):
        return [_without_objects(member) for member in told]
    return _REPEATED_OBJECT.sub("", told) if isinstance(told, str) else told


def no_answer(error: BaseException, host: str, proxy: str | None, server: Server = KUBERNETES) -> ConnectionFailed:
    """The error where no answer came: the innermost cause in one line, since urllib3 wraps it several times."""
    cause = _innermost(error)
    # urllib3 1.26 begins with the connection object.
    text = " ".join(re.sub(r"<urllib3\.[^>]*>:? ?", "", str(cause)).split()) or type(cause).__name__
    through = f" through the proxy {hide_userinfo(proxy)}" if proxy else ""
    # CertificateError, for another name in the certificate, is urllib3's, and moves about in it.
    untrusted = isinstance(cause, ssl.SSLCertVerificationError) or type(cause).__name__ == "CertificateError"
    not_tls = isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER"
    broke_off = isinstance(cause, http.client.IncompleteRead)
    about = (
        (untrusted, _UNTRUSTED),
        (not_tls, _NOT_TLS),
        (broke_off, _BROKE_OFF),
        (proxy, _UNREACHED_THROUGH),
        (True, _UNREACHED),
    )
    advice = next(text for is_so, text in about if is_so)
    failed = ConnectionFailed(f"no usable answer from {host}{through}: {text}; {advice.format(server)}")
    failed.may_heal = not (untrusted or not_tls)
    return failed


def _innermost(error: BaseException) -> BaseException:
    while True:
        inner = (getattr(error, "reason", None), error.__cause__, *error.args[:1])
        below = next((one for one in inner if isinstance(one, BaseException)), None)
        if below is None:
            return error
        error = below


def _place(location: str) -> str:
    """A URL without what is nobody's business: a login's query may hold tickets."""
    return hide_userinfo(urlsplit(location)._replace(query="", fragment="").geturl())


def _excerpt(data: bytes) -> str:
    """A page by its title, or else by its beginning."""
    titled = _TITLE.search(data[:4096].decode("utf-8", "replace"))
    return repr(" ".join(titled[1].split())[:_EXCERPT] if titled else _line(data)[:_EXCERPT])


def _line(data: bytes) -> str:
    return " ".join(data[:1000].decode("utf-8", "replace").split())
