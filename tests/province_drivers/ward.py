"""
The ward's side, over the API. Tokens are kept in the folder in which it is started.

    ward.py SERVICE send              sends a correction of the last year's consolidated report, and prints its id
    ward.py SERVICE status ID         prints its status, and how often it was acknowledged
    ward.py SERVICE webhook URL       has what is sent told there, and prints the webhook's id and its secret
    ward.py SERVICE rotate ID         prints a new secret of a webhook
    ward.py SERVICE deliveries ID     prints of each delivery what became of it, after how many attempts
"""

import sys
from collections.abc import Callable
from pathlib import Path

import httpx

PLAN = "KH-BDG-DN-2026-2030"
REPORTS = "/api/v1/consolidated-reports"


class Person(httpx.Client):
    def __init__(self, service: str, username: str) -> None:
        super().__init__(base_url=service, timeout=30)
        # Signing in takes its time, by design: once for all that is asked within the ten minutes of a token.
        kept = Path(f"token.{username}")
        if not kept.exists():
            told = self.post("/api/v1/auth/login", json={"username": username, "password": "so-lieu-minh-hoa"}).raise_for_status().json()
            kept.write_text(told["access_token"])
        self.headers["Authorization"] = f"Bearer {kept.read_text()}"

    def step(self, report: str, name: str) -> None:
        etag = self.get(f"{REPORTS}/{report}").raise_for_status().headers["ETag"]
        self.post(f"{REPORTS}/{report}/{name}", headers={"If-Match": etag}).raise_for_status()


def send(service: str) -> str:
    office = Person(service, "vhxh")
    period = office.get("/api/v1/reporting-periods", params={"plan": PLAN, "label": "2026"}).raise_for_status().json()["items"][0]["id"]
    made = office.post(REPORTS, json={"period": period, "reason": "Cập nhật thuyết minh theo yêu cầu"}).raise_for_status().json()["id"]
    Person(service, "chutich").step(made, "approve")
    office.step(made, "send")
    return str(made)


def status(service: str, report: str) -> str:
    told = Person(service, "vhxh").get(f"{REPORTS}/{report}").raise_for_status().json()
    return f"{told['status']} {sum(1 for entry in told['history'] if entry['action'] == 'acknowledge')}"


def webhook(service: str, url: str) -> str:
    admin = Person(service, "admin")
    made = admin.post("/api/v1/webhooks", json={"url": url, "jurisdiction": "24", "types": ["consolidated_report.sent"]}).raise_for_status().json()
    return f"{made['id']} {made['secret']}"


def rotate(service: str, webhook: str) -> str:
    admin = Person(service, "admin")
    etag = admin.get(f"/api/v1/webhooks/{webhook}").raise_for_status().headers["ETag"]
    changed = admin.post(f"/api/v1/webhooks/{webhook}/rotate-secret", headers={"If-Match": etag})
    return str(changed.raise_for_status().json()["secret"])


def deliveries(service: str, webhook: str) -> str:
    told = Person(service, "admin").get(f"/api/v1/webhooks/{webhook}/deliveries").raise_for_status().json()
    return "\n".join(f"{delivery['status']} {delivery['attempts']}" for delivery in told["items"])


STEPS: dict[str, Callable[..., str]] = {"send": send, "status": status, "webhook": webhook, "rotate": rotate, "deliveries": deliveries}

if __name__ == "__main__":
    _, service, what, *rest = sys.argv
    print(STEPS[what](service, *rest))
