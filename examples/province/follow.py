#!/usr/bin/env python3
"""
Takes every consolidated report that a ward sends: fetches it, checks what was signed, keeps it and acknowledges it.

Each step can be done twice without harm, and is written down before the next, so that the program may be killed at any
moment: what was not written down is done again. Reports, and the place in the feed of changes, are in one SQLite file.
"""

import argparse
import logging
import os
import sqlite3
import time
from datetime import UTC, datetime

import httpx
import rfc8785
import stamina

from service import Json, Keys, NotAsSigned, Service, code

SENT = "consolidated_report.sent"
REPORTS = "/api/v1/consolidated-reports"

log = logging.getLogger("province")


class Store:
    """What has been taken. `content` is the very bytes that were signed: with digest, signature and the public keys they prove themselves."""

    def __init__(self, file: str) -> None:
        # Without an isolation level each statement is a transaction; FULL: it is on the disk when it returns.
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.executescript("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT);
            CREATE TABLE IF NOT EXISTS reports (
                id TEXT PRIMARY KEY, jurisdiction TEXT, period TEXT, revision INTEGER, content BLOB, digest TEXT, signature TEXT,
                kept_at TEXT, settled_at TEXT, status TEXT, fault TEXT
            );
        """)

    def cursor(self) -> str | None:
        row = self._db.execute("SELECT cursor FROM place").fetchone()
        return row[0] if row else None

    def move(self, cursor: str | None) -> None:
        self._db.execute("INSERT INTO place VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor", (cursor,))

    def settled(self, report: str) -> bool:
        return self._db.execute("SELECT 1 FROM reports WHERE id = ? AND settled_at IS NOT NULL", (report,)).fetchone() is not None

    def keep(self, report: Json) -> None:
        content = report["content"]
        self._db.execute(
            "INSERT INTO reports (id, jurisdiction, period, revision, content, digest, signature, kept_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET content = excluded.content, digest = excluded.digest, signature = excluded.signature, fault = NULL",
            (report["id"], content["jurisdiction"], content["period"]["label"], content["revision"], rfc8785.dumps(content),
             report["digest"], report["signature"], now()),
        )

    def settle(self, report: str, status: str) -> None:
        self._db.execute("UPDATE reports SET settled_at = ?, status = ? WHERE id = ?", (now(), status, report))

    def refuse(self, report: str, fault: str) -> None:
        self._db.execute(
            "INSERT INTO reports (id, kept_at, fault) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET fault = excluded.fault", (report, now(), fault)
        )


def told_again(details: stamina.instrumentation.RetryDetails) -> None:
    log.warning("asked again in %.1f s: %s", details.wait_for, details.caused_by)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Follower:
    def __init__(self, service: Service, store: Store) -> None:
        self._service = service
        self._store = store
        self._keys = Keys(service)

    def follow(self, wait: int) -> None:
        """For ever; with `wait=0` until nothing is left to take."""
        self._take_waiting()
        while True:
            cursor = self._store.cursor()
            params = {"types": SENT, "limit": "100", "wait": str(wait)} | ({"after": cursor} if cursor else {})
            try:
                page = self._service.ask("GET", "/api/v1/changes", params).json()
            except httpx.HTTPStatusError as failure:
                if code(failure.response) != "cursor.expired":
                    raise
                log.warning("the place in the feed is no longer kept: beginning again from the oldest change")
                self._store.move(None)
                self._take_waiting()
                continue
            for change in page["items"]:
                self._take(change["id"])
            self._store.move(page["next_cursor"])
            if not wait and not page["items"]:
                return

    def _take_waiting(self) -> None:
        """What waits for the province, also of a time of which the feed no longer tells, or what was not as signed the last time."""
        for report in list(self._service.items(REPORTS, {"status": "sent"})):
            self._take(report["id"])

    def _take(self, report_id: str) -> None:
        while not self._store.settled(report_id):
            try:
                answer = self._service.ask("GET", f"{REPORTS}/{report_id}")
            except httpx.HTTPStatusError as failure:
                if failure.response.status_code != 404:
                    raise
                log.warning("%s: not readable to the province any more", report_id)
                return
            report = answer.json()
            try:
                if report["id"] != report_id:
                    raise NotAsSigned(f"the answer is another report, {report['id']}")
                self._keys.check(report)
            except NotAsSigned as fault:
                # It waits for a person: to look why, and to return it or to start this program again.
                log.error("%s: NOT ACKNOWLEDGED: %s", report_id, fault)
                self._store.refuse(report_id, str(fault))
                return
            self._store.keep(report)
            acknowledge = report["_actions"]["acknowledge"]
            if acknowledge["allowed"]:
                self._acknowledge(report_id, answer.headers["ETag"])
            elif report["status"] == "sent":
                # It is another province's, to which the ward belonged then, or the account lacks the right: each start looks again.
                log.warning("%s: kept, not acknowledged: %s", report_id, acknowledge["reason"])
                return
            else:
                # Acknowledged before this program was killed, or acknowledged or returned by a person.
                self._store.settle(report_id, report["status"])
                log.info("%s: %s already", report_id, report["status"])

    def _acknowledge(self, report_id: str, etag: str) -> None:
        # The same key each time: the service does it once and gives the same answer again.
        headers = {"If-Match": etag, "Idempotency-Key": f"acknowledge-{report_id}"}
        try:
            report = self._service.ask("POST", f"{REPORTS}/{report_id}/acknowledge", headers=headers).json()
        except httpx.HTTPStatusError as failure:
            if code(failure.response) not in ("consolidated_report.invalid_transition", "version.stale"):
                raise
            log.info("%s: changed meanwhile, it is read again", report_id)
            time.sleep(1)
            return
        self._store.settle(report_id, report["status"])
        log.info("%s: %s, ward %s, %s, revision %s", report_id, report["status"], report["jurisdiction"], report["period"]["label"], report["revision"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes what the wards send: fetches, checks, keeps and acknowledges it.")
    parser.add_argument("url", help="the service, such as https://bdg.example.vn")
    parser.add_argument("--store", default="province.sqlite3", help="where to keep it (%(default)s)")
    parser.add_argument("--once", action="store_true", help="take what is there, then end")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stamina.instrumentation.set_on_retry_hooks([told_again])
    # From the environment: everybody on the machine can read the arguments of a program.
    try:
        client_id, client_secret = os.environ["PROVINCE_CLIENT_ID"], os.environ["PROVINCE_CLIENT_SECRET"]
    except KeyError as missing:
        parser.error(f"{missing} is not set")
    try:
        Follower(Service(asked.url, client_id, client_secret), Store(asked.store)).follow(wait=0 if asked.once else 30)
    except httpx.HTTPStatusError as failure:
        raise SystemExit(f"{failure.request.method} {failure.request.url}: {failure.response.status_code} {failure.response.text}") from failure
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
