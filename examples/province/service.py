"""The ward's service as a machine of the province sees it: signing in, asking again when told to, checking what was signed."""

import hashlib
import time
import warnings
from collections.abc import Generator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import rfc8785
import stamina
from joserfc import jwk, jws
from joserfc.errors import JoseError, SecurityWarning

Json = dict[str, Any]

# RFC 9864 has a new name for the signature, Ed25519; the service says EdDSA, the one that every library knows.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)

# A token is renewed this many seconds before its end, so that none runs out on the way, nor in a long poll.
MARGIN = 60.0


class Machine(httpx.Auth):
    """Signs in by client credentials (RFC 6749) with the first request, and anew before a token ends or when it counts no longer."""

    def __init__(self, token_endpoint: str, client_id: str, client_secret: str) -> None:
        self._endpoint = token_endpoint
        self._credentials = httpx.BasicAuth(client_id, client_secret)
        self._token = ""
        self._good_until = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if time.monotonic() >= self._good_until:
            yield from self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        if (yield request).status_code == 401:
            # It was revoked: a changed grant or secret does that at once.
            yield from self._renew()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renew(self) -> Generator[httpx.Request, httpx.Response, None]:
        asked = httpx.Request("POST", self._endpoint, data={"grant_type": "client_credentials"})
        answer = yield next(self._credentials.sync_auth_flow(asked))
        # Only this one is read here: another answer may be a stream without an end.
        answer.read()
        answer.raise_for_status()
        told = answer.json()
        self._token = told["access_token"]
        self._good_until = time.monotonic() + max(told["expires_in"] - MARGIN, 1.0)


def again(failure: Exception) -> bool | float:
    """Whether to ask again: after `Retry-After`, else after a growing while; never what was refused for good."""
    if isinstance(failure, httpx.HTTPStatusError):
        response = failure.response
        if response.status_code not in (429, 502, 503, 504) and not in_progress(response):
            return False
        told = response.headers.get("Retry-After", "")
        if told.isdecimal():
            return float(told)
        try:
            return max((parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds(), 0.0)
        except (ValueError, TypeError):
            return True
    return isinstance(failure, httpx.TransportError)


def in_progress(response: httpx.Response) -> bool:
    """Whether the same request, by its idempotency key, is still at work: its first asker may have been killed."""
    return response.status_code == 409 and code(response) == "idempotency.in_progress"


def code(response: httpx.Response) -> str | None:
    """The stable `code` of a problem document (RFC 9457)."""
    if response.headers.get("Content-Type", "").split(";")[0] != "application/problem+json":
        return None
    found = response.json().get("code")
    return found if isinstance(found, str) else None


class Service:
    """Asks until it is answered, `attempts` times at most (without: for ever); raises `httpx.HTTPStatusError` for what is refused."""

    def __init__(self, url: str, client_id: str, client_secret: str, attempts: int | None = None) -> None:
        # The service holds a long poll for 30 seconds.
        self._http = httpx.Client(base_url=url, timeout=httpx.Timeout(10.0, read=45.0), headers={"Accept-Language": "vi"})
        self._retry = stamina.retry(on=again, attempts=attempts, timeout=None, wait_initial=0.5, wait_max=60.0)
        found = self.ask("GET", "/.well-known/oauth-authorization-server").json()
        self._jwks_uri: str = found["jwks_uri"]
        self._http.auth = Machine(found["token_endpoint"], client_id, client_secret)

    def ask(self, method: str, path: str, params: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> httpx.Response:
        def once() -> httpx.Response:
            return self._http.request(method, path, params=params, headers=headers).raise_for_status()

        return self._retry(once)()

    def items(self, path: str, params: dict[str, str]) -> Generator[Json]:
        """All rows of a list, page by page."""
        cursor: str | None = None
        while True:
            page = self.ask("GET", path, params | ({"cursor": cursor} if cursor else {})).json()
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def keys(self) -> jwk.KeySetSerialization:
        """The public keys, also the retired ones."""
        found: jwk.KeySetSerialization = self.ask("GET", self._jwks_uri).json()
        return found


class NotAsSigned(Exception):
    """A report that is not what the ward signed."""


def check(report: Json, keys: jwk.KeySetSerialization) -> None:
    """
    Whether `content` is what was frozen and signed: its canonical form (RFC 8785) has the digest, and the signature (a JWS
    with the payload detached, RFC 7515 appendix F) is over those bytes by one of the keys.
    """
    try:
        content = rfc8785.dumps(report["content"])
    except rfc8785.CanonicalizationError as failure:
        raise NotAsSigned(f"the content has no canonical form: {failure}") from failure
    digest = hashlib.sha256(content).hexdigest()
    if digest != report["digest"]:
        raise NotAsSigned(f"the content has the digest {digest}, the report says {report['digest']}")
    # The head around `content` is not signed: what it says of itself must be what was signed.
    for member in ("id", "jurisdiction", "revision"):
        if report[member] != report["content"][member]:
            raise NotAsSigned(f"«{member}» is {report[member]} outside and {report['content'][member]} inside of what was signed")
    try:
        jws.deserialize_compact(report["signature"], jwk.KeySet.import_key_set(keys), ["EdDSA"], payload=content)
    except (JoseError, ValueError) as failure:
        raise NotAsSigned(f"the signature does not hold: {failure}") from failure


class Keys:
    """The service's public keys, read again where a report does not hold by those known: another may have signed it (`keys rotate`)."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: jwk.KeySetSerialization = {"keys": []}

    def check(self, report: Json) -> None:
        """Raises `NotAsSigned`."""
        try:
            check(report, self._known)
        except NotAsSigned:
            self._known = self._service.keys()
            check(report, self._known)
