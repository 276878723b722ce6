"""What exists in the demonstration that Schemathesis is let loose on, and what of it is left alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import requests

URL = os.environ["BINHDANG_URL"]
ACCOUNT = os.environ["BINHDANG_ACCOUNT"]
PASSWORD = "so-lieu-minh-hoa"  # Of everybody in the demonstration, whose README says it.
API = "/api/v1"
Row = dict[str, Any]

# Paths whose parameters are not the `id`s of the collection before them: where to look, and which member it is.
LISTED = {
    f"{API}/inquiries/{{id}}": (f"{API}/reporting-periods", "inquiry"),
    f"{API}/indicators/{{id}}/versions/{{n}}": (None, "definition_version"),
    f"{API}/plans/{{id}}/trace/{{code}}": (f"{API}/indicators", "code"),
    f"{API}/reporting-periods/{{id}}/excusals/{{unit}}": (f"{API}/units", "id"),
    f"{API}/jurisdictions/{{id}}/consolidation-deadlines/{{label}}": (f"{API}/reporting-periods", "label"),
}
# What names another resource, in queries and anywhere in bodies.
REFERENCES = {
    name: (collection, member)
    for collection, member, names in (
        ("plans", "code", "plan replaces"),
        ("goals", "code", "goal goals"),
        ("plan-indicators", "code", "plan_indicator"),
        ("indicators", "code", "indicator indicators continues"),
        ("disaggregations", "code", "dimension"),
        ("units", "code", "unit units from_unit to_unit parent successors"),
        ("reporting-periods", "label", "period"),
        ("reports", "id", "report"),
    )
    for name in names.split()
}
NOTHING = "00000000-0000-7000-8000-000000000000"
WARD, PROVINCE, COUNTRY = "09385", "24", "VN"


def own(row: Row) -> bool:
    return bool(row["username"] == ACCOUNT)


def at_home(row: Row) -> bool:
    return row["code"] in (WARD, PROVINCE, COUNTRY)


# What is left alone, or most of what follows would be refused: by operation, the rows that it is not tried on.
SPARED: dict[str, Callable[[Row], bool]] = {
    # Our own account and session.
    **dict.fromkeys(("update_user", "delete_user", "reset_user_password", "reset_user_totp", "delete_user_session"), own),
    "delete_my_session": lambda row: bool(row["current"]),
    # The ward, its province and the country, on which every plan, account and report stands.
    **dict.fromkeys(("update_jurisdiction", "dissolve_jurisdiction"), at_home),
    # The units that report; the schools and what the run makes are enough to dissolve.
    "dissolve_unit": lambda row: re.fullmatch(r"U\d", row["code"]) is not None,
}


class Client:
    """The account's own view of the service, for what the hooks must look up."""

    def __init__(self) -> None:
        self.http = requests.Session()
        self.lists: dict[str, list[Row]] = {}

    def sign_in(self) -> str:
        if ACCOUNT == "machine":
            form = {"grant_type": "client_credentials"}
            secret = (os.environ["BINHDANG_CLIENT_ID"], os.environ["BINHDANG_CLIENT_SECRET"])
            answer = self.http.post(f"{URL}/oauth/token", data=form, auth=secret)
        else:
            answer = self.http.post(f"{URL}{API}/auth/login", json={"username": ACCOUNT, "password": PASSWORD})
        answer.raise_for_status()
        token = str(answer.json()["access_token"])
        # Which session is the present one has changed.
        self.lists.clear()
        self.http.headers["Authorization"] = f"Bearer {token}"
        self.http.auth = lambda request: request
        return token

    def rows(self, path: str) -> list[Row]:
        """A list; of what lies in wards, that of the one with the plan, so that what is named together fits together."""
        if path not in self.lists:
            answer = self.http.get(f"{URL}{path}?jurisdiction={WARD}")
            if answer.status_code == 400:
                answer = self.http.get(f"{URL}{path}")
            items = answer.json().get("items", []) if answer.ok else []
            self.lists[path] = items
        return self.lists[path]

    def etag(self, path: str) -> str | None:
        return self.http.get(f"{URL}{path}").headers.get("ETag")


client = Client()
