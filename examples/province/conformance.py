#!/usr/bin/env python3
"""
Tries a ward's service before anything is connected to it: whether what the province's systems rely on is there and holds.

Prints a line for each check and ends with 1 if any failed. It only reads (one sign-in with a wrong secret apart, which is
recorded as such), unless --allow-acknowledge lets it acknowledge one report that waits for it.
"""

import argparse
import ipaddress
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NoReturn

import httpx
import stamina
from httpx_sse import connect_sse
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from service import Json, Machine, NotAsSigned, again, check, code

API = "/api/v1"
# The versions of the document for which this kit was written.
VERSIONS = ("0.",)
PROVINCE_MAY_SEE = {"sent", "acknowledged", "returned"}


class Failed(Exception):
    """What is wrong."""


class NotTried(Exception):
    """Why there was nothing to try: it is said, and fails nothing."""


def fail(reason: str) -> NoReturn:
    raise Failed(reason)


def described(response: httpx.Response) -> str:
    found = code(response)
    return f"{response.request.method} {response.request.url.raw_path.decode()}: {response.status_code}" + (f" {found}" if found else "")


class Kit:
    def __init__(self, asked: argparse.Namespace) -> None:
        self.url: str = asked.url.rstrip("/")
        self.client_id: str = asked.client_id
        self.client_secret: str = asked.client_secret
        self.may_acknowledge: bool = asked.allow_acknowledge
        self.most: int = asked.reports
        self.http = httpx.Client(base_url=self.url, timeout=httpx.Timeout(10.0, read=45.0))
        self.checks: list[dict[str, str]] = []
        self.print = not asked.json
        # What a check found for those after it.
        self.issuer: Json | None = None
        self.keys: jwk.KeySetSerialization | None = None
        self.machine: Machine | None = None
        self.jurisdictions: list[str] = []
        self.reports: list[Json] = []

    # ---------------------------------------------------------------- asking
    def ask(
        self, path: str, expect: int = 200, method: str = "GET", signed_in: bool = True, params: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The answer with the expected status; a busy service is asked again after the time that it names."""
        auth = self.signed_in() if signed_in else None

        def once() -> httpx.Response:
            response = self.http.request(method, path, params=params, headers=headers, auth=auth)
            return response.raise_for_status() if response.status_code in (429, 503) and response.status_code != expect else response

        response = stamina.retry(on=again, attempts=4, timeout=60)(once)()
        if response.status_code != expect:
            fail(f"{described(response)}, expected {expect}")
        return response

    def signed_in(self) -> Machine:
        if self.machine is None:
            raise NotTried("there is no token")
        return self.machine

    def signing_keys(self) -> jwk.KeySetSerialization:
        if self.keys is None:
            raise NotTried("there are no keys")
        return self.keys

    # ---------------------------------------------------------------- telling
    def tried(self, name: str, step: Callable[[], str]) -> None:
        try:
            status, detail = "ok", step()
        except Failed as failure:
            status, detail = "FAILED", str(failure)
        except NotTried as reason:
            status, detail = "not tried", str(reason)
        except httpx.HTTPStatusError as failure:
            status, detail = "FAILED", described(failure.response)
        except httpx.HTTPError as failure:
            status, detail = "FAILED", f"{type(failure).__name__}: {failure}"
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as failure:
            status, detail = "FAILED", f"not the answer that the document describes: {type(failure).__name__}: {failure}"
        self.checks.append({"name": name, "status": status, "detail": detail})
        if self.print:
            print(f"{status:<9} {name:<34} {detail}", flush=True)

    def count(self, status: str) -> int:
        return sum(1 for check in self.checks if check["status"] == status)

    def run(self) -> None:
        self.tried("address", self.address)
        self.tried("ready", self.ready)
        if self.checks[-1]["status"] != "ok":
            return
        self.tried("document", self.document)
        self.tried("discovery", self.discovery)
        self.tried("keys", self.key_set)
        self.tried("token", self.token)
        self.tried("token.wrong_secret", self.wrong_secret)
        self.tried("token.invalid", self.invalid_token)
        self.tried("account", self.account)
        self.tried("problems", self.problems)
        self.tried("paging", self.paging)
        self.tried("etag", self.etag)
        self.tried("feed.cursor", self.feed_cursor)
        self.tried("feed.now", self.feed_now)
        self.tried("feed.long_poll", self.long_poll)
        self.tried("feed.events", self.events)
        self.tried("feed.no_unit_reports", self.feed_is_discreet)
        self.tried("consolidated.list", self.list_reports)
        for report in self.reports:
            self.tried(f"consolidated {report['jurisdiction']} {report['period']['label']} r{report['revision']}", partial(self.report, report))
        self.tried("unit_reports.closed", self.unit_reports)
        self.tried("consolidated.acknowledge", self.acknowledge)

    # ---------------------------------------------------------------- the service
    def address(self) -> str:
        url = httpx.URL(self.url)
        try:
            local = url.host == "localhost" or ipaddress.ip_address(url.host).is_loopback
        except ValueError:
            local = False
        if url.scheme != "https" and not local:
            fail("it is not https: secrets and figures would travel in the clear")
        return self.url

    def ready(self) -> str:
        start = time.monotonic()
        self.ask("/readyz", signed_in=False)
        return f"{(time.monotonic() - start) * 1000:.0f} ms"

    def document(self) -> str:
        document = self.ask("/openapi.json", signed_in=False).json()
        version: str = document["info"]["version"]
        if not document["openapi"].startswith("3.1") or not version.startswith(VERSIONS):
            fail(f"OpenAPI {document['openapi']}, version {version}: this kit knows {', '.join(known + 'x' for known in VERSIONS)}")
        missing = [path for path in ("/changes", "/consolidated-reports/{id}/acknowledge") if API + path not in document["paths"]]
        if missing:
            fail(f"it lacks {', '.join(missing)}")
        return f"version {version}"

    def discovery(self) -> str:
        found = self.ask("/.well-known/oauth-authorization-server", signed_in=False).json()
        if found["issuer"].rstrip("/") != self.url:
            fail(f"its issuer is {found['issuer']}: the service takes that for its address (BINHDANG_PUBLIC_URL)")
        if "client_credentials" not in found["grant_types_supported"]:
            fail("it knows no client_credentials")
        self.issuer = found
        return str(found["token_endpoint"])

    def key_set(self) -> str:
        keys: jwk.KeySetSerialization = self.ask("/.well-known/jwks.json", signed_in=False).json()
        if not keys["keys"]:
            fail("it is empty")
        if any("d" in key for key in keys["keys"]):
            fail("a private key is among them")
        jwk.KeySet.import_key_set(keys)
        self.keys = keys
        return f"{len(keys['keys'])}"

    def token(self) -> str:
        if self.issuer is None:
            raise NotTried("there is no discovery document")
        response = self.http.post(
            self.issuer["token_endpoint"], data={"grant_type": "client_credentials"}, auth=httpx.BasicAuth(self.client_id, self.client_secret)
        )
        if response.status_code != 200:
            fail(f"{response.status_code} {response.json().get('error')}: {response.json().get('error_description')}")
        told = response.json()
        try:
            token = jwt.decode(told["access_token"], jwk.KeySet.import_key_set(self.signing_keys()), ["EdDSA"])
        except JoseError as failure:
            fail(f"it does not hold by the published keys: {failure}")
        if token.header.get("typ") != "at+jwt" or token.claims["iss"] != self.issuer["issuer"] or token.claims["exp"] <= time.time():
            fail(f"typ {token.header.get('typ')}, iss {token.claims['iss']}, exp {token.claims['exp']} (is a clock wrong?)")
        if response.headers.get("Cache-Control") != "no-store":
            fail("a cache might keep it: Cache-Control is not no-store")
        self.machine = Machine(self.issuer["token_endpoint"], self.client_id, self.client_secret)
        return f"good for {told['expires_in']} s"

    def wrong_secret(self) -> str:
        if self.issuer is None:
            raise NotTried("there is no discovery document")
        response = self.http.post(
            self.issuer["token_endpoint"], data={"grant_type": "client_credentials"}, auth=httpx.BasicAuth(self.client_id, f"wrong-{uuid.uuid4()}")
        )
        if response.status_code == 429:
            raise NotTried(f"too many wrong ones lately, try again in {response.headers.get('Retry-After')} s")
        if response.status_code != 401 or response.json()["error"] != "invalid_client":
            fail(f"{response.status_code} {response.text[:100]}")
        return "refused"

    def invalid_token(self) -> str:
        response = self.ask(f"{API}/changes", 401, signed_in=False, headers={"Authorization": "Bearer nonsense"})
        if "invalid_token" not in response.headers.get("WWW-Authenticate", ""):
            fail("the refusal does not say so in WWW-Authenticate")
        return "refused"

    def account(self) -> str:
        me = self.ask(f"{API}/me").json()
        self.jurisdictions = [grant["jurisdiction"] for grant in me["grants"] if grant["role"] == "province"]
        if me["kind"] != "client" or not self.jurisdictions:
            fail(f"{me['username']} is no machine of a province")
        others = sorted({grant["role"] for grant in me["grants"]} - {"province"})
        if others:
            fail(f"it may do more than a province's machine has to: {', '.join(others)}")
        return f"{me['display_name']}, province of {', '.join(self.jurisdictions)}"

    def problems(self) -> str:
        cases: list[tuple[str, int, str, bool]] = [
            (f"{API}/indicators?colour=red", 400, "query.unknown", False),
            (f"{API}/changes", 401, "auth.required", False),
            (f"{API}/changes?after=nonsense", 400, "cursor.invalid", True),
            (f"{API}/consolidated-reports/{uuid.uuid4()}", 404, "resource.not_found", True),
            (f"{API}/nothing-here", 404, "resource.not_found", False),
        ]
        for path, status, expected, signed_in in cases:
            for language in ("vi", "en"):
                response = self.ask(path, status, signed_in=signed_in, headers={"Accept-Language": language})
                if code(response) != expected:
                    fail(f"{described(response)}, {response.headers.get('Content-Type')}, expected {expected}")
                if response.json()["status"] != status or response.headers.get("Content-Language") != language:
                    fail(f"{described(response)}: status {response.json()['status']}, in {response.headers.get('Content-Language')}")
        return f"{len(cases)} kinds, in Vietnamese and English"

    def paging(self) -> str:
        path = f"{API}/indicators"
        whole = self.ask(path, signed_in=False, params={"limit": "50"}).json()
        if len(whole["items"]) < 3:
            raise NotTried("there are too few indicators")
        one_by_one: list[str] = []
        next_page: str | None = f"{path}?limit=2"
        while next_page is not None and len(one_by_one) < len(whole["items"]):
            page = self.ask(next_page, signed_in=False)
            one_by_one += [item["id"] for item in page.json()["items"]]
            next_page = page.links.get("next", {}).get("url")
            if (next_page is None) != (page.json()["next_cursor"] is None):
                fail("Link and next_cursor do not agree")
        if one_by_one[: len(whole["items"])] != [item["id"] for item in whole["items"]]:
            fail("page by page it is another list than at once")
        return f"{len(whole['items'])} rows"

    def etag(self) -> str:
        path = f"{API}/indicators/{self.ask(f'{API}/indicators?limit=1', signed_in=False).json()['items'][0]['id']}"
        first = self.ask(path, signed_in=False)
        second = self.ask(path, 304, signed_in=False, headers={"If-None-Match": first.headers["ETag"]})
        if second.content:
            fail("304 with a body")
        return "304"

    # ---------------------------------------------------------------- the feed
    def feed(self, **params: str) -> Json:
        found: Json = self.ask(f"{API}/changes", params=params).json()
        return found

    def feed_cursor(self) -> str:
        first = self.feed(limit="5")
        if len(first["items"]) < 2:
            raise NotTried("it is empty")
        begin, *rest = [item["cursor"] for item in first["items"]]
        again_from = self.feed(limit=str(len(rest)), after=begin)
        if [item["cursor"] for item in again_from["items"]] != rest:
            fail("after a cursor it does not go on with the next change")
        if first["next_cursor"] != rest[-1]:
            fail("next_cursor of a full page is not its last change")
        return f"since {first['items'][0]['at']}"

    def feed_now(self) -> str:
        found = self.feed(after="now")
        if found["items"] or not found["next_cursor"]:
            fail(f"{len(found['items'])} changes, next_cursor {found['next_cursor']}")
        return "the tail"

    def long_poll(self) -> str:
        cursor = self.feed(after="now")["next_cursor"]
        start = time.monotonic()
        found = self.feed(after=cursor, wait="2")
        took = time.monotonic() - start
        if took > 8 or (took < 1.5 and not found["items"]):
            fail(f"answered after {took:.1f} s with {len(found['items'])} changes, asked to wait 2 s")
        return f"{took:.1f} s"

    def events(self) -> str:
        changes = self.feed(limit="2")["items"]
        if len(changes) < 2:
            raise NotTried("the feed is empty")
        headers = {"Last-Event-ID": changes[0]["cursor"]}
        with connect_sse(self.http, "GET", f"{API}/changes", headers=headers, auth=self.signed_in(), timeout=10.0) as source:
            if source.response.status_code != 200:
                fail(f"{source.response.status_code}")
            # The first one only says after how long to come back.
            event = next((event for event in source.iter_sse() if event.data), None)
        if event is None or event.id != changes[1]["cursor"] or event.json() != changes[1]:
            fail(f"after Last-Event-ID came {event}: a proxy that buffers, or another change")
        return "resumed by Last-Event-ID"

    def feed_is_discreet(self) -> str:
        cursor, read = "", 0
        # A long feed is read in part.
        for _ in range(20):
            page = self.feed(limit="500", **({"after": cursor} if cursor else {}))
            read += len(page["items"])
            seen = sorted({item["type"] for item in page["items"] if item["resource"] == "report"})
            if seen:
                fail(f"it tells the province of units' reports: {', '.join(seen)}")
            cursor = page["next_cursor"]
            if not page["items"]:
                break
        return f"none among {read} changes"

    # ---------------------------------------------------------------- consolidated reports
    def list_reports(self) -> str:
        self.signed_in()
        found: list[Json] = []
        for jurisdiction in self.jurisdictions:
            found += self.pages(f"{API}/consolidated-reports", {"jurisdiction": jurisdiction, "sort": "-updated_at", "limit": "100"})
        wrong = sorted({report["status"] for report in found} - PROVINCE_MAY_SEE)
        if wrong:
            fail(f"the province is shown reports that are {', '.join(wrong)}")
        if not found:
            raise NotTried("no ward has sent one yet: digests and signatures are not tried either")
        self.reports = found[: self.most]
        wards = len({report["jurisdiction"] for report in found})
        return f"{len(found)} reports of {wards} wards" + (f", the last {self.most} are read" if len(found) > self.most else "")

    def pages(self, path: str, params: dict[str, str]) -> Iterator[Json]:
        cursor: str | None = None
        while True:
            page = self.ask(path, params=params | ({"cursor": cursor} if cursor else {})).json()
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def report(self, listed: Json) -> str:
        path = f"{API}/consolidated-reports/{listed['id']}"
        answer = self.ask(path)
        report = answer.json()
        try:
            check(report, self.signing_keys())
        except NotAsSigned as failure:
            fail(str(failure))
        if report["digest"] != listed["digest"]:
            fail("the list names another digest than the report")
        self.ask(path, 304, headers={"If-None-Match": answer.headers["ETag"]})
        return f"{report['status']}, {len(report['content']['results'])} results, digest and signature hold"

    def unit_reports(self) -> str:
        response = self.ask(f"{API}/reports", 403)
        if code(response) != "access.denied":
            fail(described(response))
        # Real ones, as far as a consolidated report names those that went into it.
        ids = [member["report"] for report in self.reports for member in report.get("members", [])][:5] or [str(uuid.uuid4())]
        for report in ids:
            for path in ("", "/form", "/readiness", "/comments"):
                answer = self.http.get(f"{API}/reports/{report}{path}", auth=self.signed_in())
                if answer.status_code not in (403, 404):
                    fail(f"{described(answer)}: the province can read a unit's report")
        return f"{len(ids)} refused"

    def acknowledge(self) -> str:
        if not self.may_acknowledge:
            raise NotTried("nothing is written without --allow-acknowledge")
        waiting: Any = next((report for report in self.reports if report["status"] == "sent"), None)
        if waiting is None:
            raise NotTried("no report waits for the province")
        path = f"{API}/consolidated-reports/{waiting['id']}"
        etag = self.ask(path).headers["ETag"]
        step, key = f"{path}/acknowledge", {"Idempotency-Key": f"acknowledge-{waiting['id']}"}
        self.ask(step, 428, "POST")
        self.ask(step, 412, "POST", headers={"If-Match": '"0"'})
        done = self.ask(step, 200, "POST", headers={"If-Match": etag} | key).json()
        if done["status"] != "acknowledged":
            fail(f"it is {done['status']}")
        repeated = self.ask(step, 200, "POST", headers={"If-Match": etag} | key)
        if repeated.headers.get("Idempotency-Replayed") != "true":
            fail("the same request with the same key is not answered by what was done")
        return f"{waiting['jurisdiction']} {waiting['period']['label']} r{waiting['revision']}, once for two requests"


def main() -> None:
    parser = argparse.ArgumentParser(description="Tries whether a ward's service is as the province's systems need it.")
    parser.add_argument("url", help="the service, such as https://bdg.example.vn")
    # Everybody on the machine can read the arguments of a program; its environment is nobody else's.
    parser.add_argument("--client-id", default=os.environ.get("PROVINCE_CLIENT_ID"), help="or PROVINCE_CLIENT_ID in the environment")
    parser.add_argument("--client-secret", default=os.environ.get("PROVINCE_CLIENT_SECRET"), help="or PROVINCE_CLIENT_SECRET in the environment")
    parser.add_argument("--allow-acknowledge", action="store_true", help="acknowledge one report that waits for the province")
    parser.add_argument("--reports", type=int, default=50, metavar="N", help="how many consolidated reports to read, the newest first (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    if not asked.client_id or not asked.client_secret:
        parser.error("--client-id and --client-secret are needed")
    stamina.instrumentation.set_on_retry_hooks([])
    kit = Kit(asked)
    kit.run()
    ok, failed, not_tried = kit.count("ok"), kit.count("FAILED"), kit.count("not tried")
    if asked.json:
        print(json.dumps({"url": kit.url, "ok": ok, "failed": failed, "not_tried": not_tried, "checks": kit.checks}, ensure_ascii=False, indent=2))
    else:
        print(f"{ok} ok, {failed} failed, {not_tried} not tried")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
