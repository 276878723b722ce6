#!/usr/bin/env python3
"""
Receives webhooks by Standard Webhooks (https://www.standardwebhooks.com): checks the signature, takes each message once, answers
at once. What a message is about is read from the service afterwards: it holds no figures. A line is printed for each message
taken; it can also play a bad receiver, to see what the sender makes of that.
"""

import argparse
import json
import os
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 64 * 1024


class Inbox:
    """The messages that were taken, by their id: a sender repeats one whose answer it did not get."""

    def __init__(self, file: str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.execute("CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP, body BLOB)")

    def take(self, message: str, body: bytes) -> bool:
        """Whether it is new. It is on the disk before the sender hears that it was taken."""
        with self._lock:
            return self._db.execute("INSERT OR IGNORE INTO messages (id, body) VALUES (?, ?)", (message, body)).rowcount == 1


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], secrets: list[str], inbox: Inbox, mood: argparse.Namespace) -> None:
        super().__init__(address, Handler)
        # Two while a secret is changed: the old and the new one.
        self.webhooks = [Webhook(secret) for secret in secrets]
        self.inbox = inbox
        self.mood = mood
        self.failures = threading.Semaphore(mood.fail)

    def verified(self, body: bytes, headers: dict[str, str]) -> bool:
        for webhook in self.webhooks:
            try:
                webhook.verify(body, headers)
                return True
            # A header that is no signature at all, or a body that is no JSON, comes out of the library as a ValueError.
            except (WebhookVerificationError, ValueError):
                continue
        return False


class Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"
    # Who opens a connection and says nothing does not keep a thread.
    timeout = 30

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self.close_connection = True
            return self.answer(413 if length.isdecimal() else 411)
        body = self.rfile.read(int(length))
        mood = self.server.mood
        if mood.hang:
            time.sleep(mood.hang)
        if mood.gone:
            return self.answer(410)
        if mood.redirect:
            return self.answer(307, Location=mood.redirect)
        if self.server.failures.acquire(blocking=False):
            return self.answer(500)
        if not self.server.verified(body, dict(self.headers.items())):
            return self.answer(401)
        message: dict[str, Any] = json.loads(body)
        # Only what was signed and is new: the rest of the work is done by whoever reads the inbox, not while the sender waits.
        if self.server.inbox.take(self.headers["webhook-id"], body):
            print(json.dumps({"id": self.headers["webhook-id"], **message}, ensure_ascii=False), flush=True)
        return self.answer(204)

    def answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        print(f"{self.address_string()} {self.headers.get('webhook-id', '-') if hasattr(self, 'headers') else '-'} {format % args}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Receives webhooks, and can play a bad receiver.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 for a free one (%(default)s)")
    parser.add_argument("--inbox", default="inbox.sqlite3", help="where to keep the messages (%(default)s)")
    parser.add_argument("--fail", type=int, default=0, metavar="N", help="answer 500 N times first")
    parser.add_argument("--hang", type=float, default=0, metavar="SECONDS", nargs="?", const=3600, help="answer late (an hour, if no time is given)")
    parser.add_argument("--redirect", metavar="URL", help="answer 307 to another address")
    parser.add_argument("--gone", action="store_true", help="answer 410: nothing more is wanted here")
    asked = parser.parse_args()
    # As the service gave it (`whsec_…`); two, with a space between, while it is changed.
    secrets = os.environ.get("PROVINCE_WEBHOOK_SECRET", "").split()
    if not secrets:
        parser.error("PROVINCE_WEBHOOK_SECRET is not set")
    receiver = Receiver((asked.host, asked.port), secrets, Inbox(asked.inbox), asked)
    print(f"listening on http://{asked.host}:{receiver.server_port}/", file=sys.stderr, flush=True)
    try:
        receiver.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
