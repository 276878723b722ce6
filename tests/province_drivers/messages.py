"""
Sends messages to the receiver, as the service does by Standard Webhooks.

    messages.py PORT normal|fail|gone|redirect|hang
"""

import base64
import json
import os
import sys
import uuid
from datetime import UTC, datetime, timedelta

import httpx
from standardwebhooks import Webhook

url = f"http://127.0.0.1:{sys.argv[1]}/"
secret = os.environ["PROVINCE_WEBHOOK_SECRET"]
message = {
    "type": "consolidated_report.sent",
    "timestamp": "2026-11-25T04:00:00Z",
    "data": {"cursor": "eyJzIjoiY2hhbmdlcyIsImsiOls2NzVdfQ", "resource": "consolidated_report", "id": str(uuid.uuid4()), "version": 6, "jurisdiction": "09385"},
}
body = json.dumps(message)


def headers(name: str, key: str = secret, text: str = body, at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    return {"webhook-id": name, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": Webhook(key).sign(name, at, text)}


def sent(given: dict[str, str], text: str = body) -> int:
    return httpx.post(url, content=text, headers={"Content-Type": "application/json"} | given, timeout=2).status_code


def expect(what: str, status: int, expected: int) -> None:
    print(f"{what}: {status}")
    assert status == expected, f"{what}: {status}, expected {expected}"


def normal() -> None:
    other = "whsec_" + base64.b64encode(b"another secret of thirty-two byte").decode()
    good = headers("msg_1")
    expect("good", sent(good), 204)
    expect("the same again", sent(headers("msg_1")), 204)
    expect("another", sent(headers("msg_2")), 204)
    # While a secret is changed the sender may sign with both.
    both = headers("msg_3")
    both["webhook-signature"] = f"{headers('msg_3', other)['webhook-signature']} {both['webhook-signature']}"
    expect("signed with two secrets", sent(both), 204)
    expect("signed with another secret", sent(headers("msg_4", other)), 401)
    expect("another body than was signed", sent(headers("msg_5"), body.replace("09385", "09367")), 401)
    expect("another id than was signed", sent(good | {"webhook-id": "msg_6"}), 401)
    expect("too old", sent(headers("msg_7", at=datetime.now(UTC) - timedelta(minutes=6))), 401)
    expect("no signature", sent({name: value for name, value in headers("msg_8").items() if name != "webhook-signature"}), 401)
    for nonsense in ("nonsense", "v1", "v1,*", "v1,a,b", ""):
        expect(f"signature «{nonsense}»", sent(headers("msg_9") | {"webhook-signature": nonsense}), 401)
    expect("too long", sent({}, "x" * 70_000), 413)


def hang() -> None:
    try:
        sent(headers("msg_1"))
    except httpx.ReadTimeout:
        return
    raise AssertionError("it answered")


match sys.argv[2]:
    case "normal":
        normal()
    case "fail":
        expect("first", sent(headers("msg_1")), 500)
        expect("second", sent(headers("msg_1")), 500)
        expect("third", sent(headers("msg_1")), 204)
    case "gone":
        expect("gone", sent(headers("msg_1")), 410)
    case "redirect":
        expect("redirect", sent(headers("msg_1")), 307)
    case "hang":
        hang()
