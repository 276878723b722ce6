"""
A proxy before the service that does it wrong: what stands between the province and a ward, or a ward that cheats.

    proxy.py SERVICE PORT [--change | --forge] [--hold before|after] [--busy N] [--spoil-token] [--seen FILE]
"""

import argparse
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import rfc8785

asked: argparse.Namespace
upstream: httpx.Client
busy: threading.Semaphore
spoil: threading.Semaphore


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.pass_on()

    def do_POST(self) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        acknowledging = self.path.endswith("/acknowledge")
        if self.path.startswith("/api/") and busy.acquire(blocking=False):
            return self.answer(503, {"Retry-After": "1"}, b"")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection", "accept-encoding")}
        if "Authorization" in headers and self.path.startswith("/api/") and spoil.acquire(blocking=False):
            headers["Authorization"] = "Bearer spent"
        if acknowledging and asked.hold == "before":
            self.hold()
        with upstream.stream(self.command, self.path, content=body, headers=headers) as got:
            kept = {name: value for name, value in got.headers.items() if name not in ("content-length", "transfer-encoding", "date", "content-encoding")}
            if got.headers.get("Content-Type") == "text/event-stream":
                self.send_response(got.status_code)
                for name, value in kept.items():
                    self.send_header(name, value)
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                for part in got.iter_raw():
                    self.wfile.write(part)
                    self.wfile.flush()
                return None
            content = got.read()
        if acknowledging and asked.hold == "after":
            self.hold()
        if got.status_code == 200 and self.path.startswith("/api/v1/consolidated-reports/") and (asked.change or asked.forge):
            content = changed(content)
        return self.answer(got.status_code, kept, content)

    def hold(self) -> None:
        Path(asked.seen).touch()
        time.sleep(3600)

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


def changed(body: bytes) -> bytes:
    """One figure is another; forged, the digest as well, so that only the signature tells."""
    report = json.loads(body)
    result = next(result for result in report["content"]["results"] if result["numerator"])
    result["numerator"] += 1
    if asked.forge:
        report["digest"] = hashlib.sha256(rfc8785.dumps(report["content"])).hexdigest()
    return json.dumps(report).encode()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who is killed leaves its connections."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("service")
    parser.add_argument("port", type=int)
    parser.add_argument("--change", action="store_true")
    parser.add_argument("--forge", action="store_true")
    parser.add_argument("--hold", choices=["before", "after"])
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--spoil-token", action="store_true")
    parser.add_argument("--seen")
    asked = parser.parse_args()
    busy, spoil = threading.Semaphore(asked.busy), threading.Semaphore(int(asked.spoil_token))
    # The service's coding is undone here: what is passed on is plain.
    upstream = httpx.Client(base_url=asked.service, timeout=60, headers={"Accept-Encoding": "identity"})
    Server(("127.0.0.1", asked.port), Handler).serve_forever()
