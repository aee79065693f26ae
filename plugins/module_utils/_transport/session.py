# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to one server: a pool of connections, retries inside the deadline, answers as JSON, refusals as errors."""

from __future__ import annotations

import base64
import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urlencode, urlsplit

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    ApiError,
    ConnectionFailed,
    CredentialsError,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.answers import no_answer, parsed, refusal
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._version import VERSION

IMPORT_ERROR: str | None
try:
    import urllib3
    from urllib3._collections import HTTPHeaderDict  # public by its own name from urllib3 2 on only

    IMPORT_ERROR = None
except Exception as error:  # pylint: disable=broad-except
    IMPORT_ERROR = f"{type(error).__name__}: {error}"

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
REQUEST_SECONDS = 60.0
LOOK_SECONDS = 3.0
# A watch is asked to end after this long, so that a connection that died in silence is noticed.
WATCH_SECONDS = 60
# Connections that are kept; a fleet has so many writes and watches side by side.
_CONNECTIONS = 64
_TOO_MANY = 429
_RETRIED = frozenset({500, 502, 503, 504})
_TRIES = 5
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Answer(NamedTuple):
    """A 2xx answer: its JSON body, and the server's clock as its header has it ('': none)."""

    status: int
    body: Any
    date: str = ""


class Session:
    """One server and one account. Safe to use from several threads.

    A request with its retries has REQUEST_SECONDS, and less where ``limit``, the end of a wait, comes before.
    """

    def __init__(self, credentials: Credentials, context: Context) -> None:
        self.credentials = credentials
        self._pause = threading.Event()
        self._pool = _make_pool(credentials)
        self.use(context)

    def use(self, context: Context) -> None:
        """Speak for this task from now on, with a fresh deadline."""
        self.context = context
        self.limit: Deadline | None = None
        if self.credentials.tls is not None and not self.credentials.verify:
            # Our own warning, once a task: urllib3's would come with every request, on standard error.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
            context.warn_once(f"the certificate of {self.credentials.host} is not verified (validate_certs is false)")

    def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        content_type: str = "application/json",
        repeat: bool | None = None,
        retried: frozenset[int] = _RETRIED,
    ) -> Answer:
        """Send one request. ``repeat`` says that sending it twice does no harm (reads always may be).

        ``retried`` are the refusals that may be other ones the next time.
        """
        safe = method == "GET" if repeat is None else repeat
        deadline = self._deadline()
        unanswered = False
        for attempt in range(1, _TRIES + 1):
            last = attempt == _TRIES or deadline.passed()
            retry_after = None
            try:
                response = self._send(method, self._url(path, query), body, content_type, deadline)
            except ConnectionFailed as error:
                if last or not safe or not error.may_heal:
                    raise
                unanswered = True
            else:
                self._show_warnings(response.headers)
                if response.status < 300:
                    told = parsed(response.data, method, path, self.credentials.server)
                    return Answer(response.status, told, response.headers.get("Date") or "")
                # 429 says that nothing was done.
                if last or not (response.status == _TOO_MANY or (safe and response.status in retried)):
                    refused = self._refusal(response, response.data)
                    refused.unanswered = unanswered
                    raise refused
                retry_after = response.headers.get("Retry-After")
            self._rest(attempt, retry_after, deadline)
            self.context.ensure_wanted()
        raise AssertionError("the last attempt returns or raises")

    def look(self, path: str) -> tuple[int, bytes]:
        """One GET, now and not again: the status and body of whatever answers; ConnectionFailed where nothing does."""
        response = self._send("GET", self._url(path, None), None, "", Deadline.after(LOOK_SECONDS))
        return response.status, response.data

    def _deadline(self) -> Deadline:
        own = Deadline.after(REQUEST_SECONDS)
        return self.limit if self.limit is not None and self.limit.at < own.at else own

    def stream(self, path: str, query: dict[str, Any], opened: Callable[[Any], None]) -> Iterator[dict[str, Any]]:
        """A watch: one mapping a line until the server ends it. ``opened`` gets the response, to be closed early."""
        url = self._url(path, {**query, "watch": "true", "timeoutSeconds": WATCH_SECONDS})
        try:
            timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=WATCH_SECONDS + READ_SECONDS)
            response = self._pool.request_encode_url(
                "GET",
                url,
                headers=self._headers(None),
                timeout=timeout,
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise self._no_answer(error) from error
        opened(response)
        try:
            if response.status >= 300:
                raise self._refusal(response, response.read())
            rest = b""
            for chunk in response.stream(65536, decode_content=True):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in filter(None, lines):
                    yield json.loads(line)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise self._no_answer(error) from error
        finally:
            response.close()

    def _send(self, method: str, url: str, body: Any, content_type: str, deadline: Deadline) -> Any:
        data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        read = max(1.0, min(READ_SECONDS, deadline.left()))
        try:
            # Not request(): with a body that makes one header of several in urllib3 1.26, and groups are several.
            return self._pool.request_encode_url(
                method,
                url,
                body=data,
                headers=self._headers(content_type if data is not None else None),
                timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, read), read=read),
                retries=False,
                redirect=False,
                enforce_content_length=True,  # urllib3 1.26 takes a body that broke off for a whole one otherwise
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._no_answer(error) from error

    def _url(self, path: str, query: dict[str, Any] | None) -> str:
        text = urlencode({key: value for key, value in (query or {}).items() if value is not None})
        return self.credentials.host + path + ("?" + text if text else "")

    def _headers(self, content_type: str | None) -> Any:
        headers = HTTPHeaderDict()
        headers["Accept"] = "application/json"
        headers["User-Agent"] = f"kuberay.core/{VERSION}"
        if content_type:
            headers["Content-Type"] = content_type
        authorization = self.credentials.authorization()
        if authorization:
            headers["Authorization"] = authorization
        for name, value in self.credentials.headers:
            headers.add(name, value)
        if any(_CONTROL.search(value) for value in headers.values()):
            raise CredentialsError("a token or a name to act as holds a line break or another control character")
        return headers

    def _rest(self, attempt: int, retry_after: str | None, deadline: Deadline) -> None:
        """Wait before another attempt: what the server asks for, else longer each time, never in step with others."""
        asked = retry_after if retry_after and retry_after.isdigit() else None
        self._pause.wait(min(float(asked or 0.2 * 2**attempt * random.uniform(0.5, 1)), deadline.left()))

    def _show_warnings(self, headers: Any) -> None:
        for value in headers.getlist("Warning") if headers is not None else []:
            for text in re.findall(r'299 \S+ "((?:[^"\\]|\\.)*)"', value):
                self.context.warn_once(text.replace('\\"', '"'))

    def _refusal(self, response: Any, data: bytes) -> ApiError:
        location = response.headers.get("Location")
        return refusal(response.status, data, location, self.credentials.server)

    def _no_answer(self, error: Exception) -> ConnectionFailed:
        return no_answer(error, self.credentials.host, self.credentials.proxy, self.credentials.server)


def _make_pool(credentials: Credentials) -> Any:
    options: dict[str, Any] = {"maxsize": _CONNECTIONS, "num_pools": 2}
    if credentials.tls is not None:
        options["ssl_context"] = credentials.tls
        if not credentials.verify:
            options["cert_reqs"] = "CERT_NONE"
            options["assert_hostname"] = False
        if credentials.server_name:
            options["server_hostname"] = credentials.server_name
            options["assert_hostname"] = credentials.server_name
    if credentials.proxy:
        return urllib3.ProxyManager(credentials.proxy, proxy_headers=_proxy_headers(credentials.proxy), **options)
    return urllib3.PoolManager(**options)


def _proxy_headers(proxy: str) -> dict[str, str]:
    """The name and the password in a proxy's URL as it wants them; urllib3 leaves that to its callers."""
    parts = urlsplit(proxy)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
