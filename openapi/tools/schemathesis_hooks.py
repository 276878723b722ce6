"""What Schemathesis cannot read from the document: who asks, what exists, and which refusals are right.

`tests/contract` starts a demonstration for each role and says where in BINHDANG_URL, and whose account in BINHDANG_ACCOUNT
(a name, `machine`, or `anonymous`). Choices depend on the generated case alone, so the same seed asks the same things.
"""

from __future__ import annotations

import atexit
import datetime
import json
import os
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import AuthContext, Case, HookContext, Response
from schemathesis.core.failures import AcceptedNegativeData, Failure, ServerError
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData, UnsupportedMethodResponse
from schemathesis_world import ACCOUNT, API, LISTED, NOTHING, PROVINCE, REFERENCES, SPARED, URL, WARD, Row, client

THOROUGH = bool(os.environ.get("BINHDANG_THOROUGH"))
# Bodies of so many members that trying each in every way takes longer than all else: with `--all` only.
MANY_MEMBERS = {"create_plan", "update_plan", "create_indicator", "update_indicator"}

with open("schemathesis_refusals.toml", "rb") as table:
    REFUSALS: dict[str, Row] = tomllib.load(table)

# Days and instants as people write them: the service takes the years 1900 to 2200, which `format` cannot say.
schemathesis.openapi.format("date", st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)).map(str))
INSTANTS = st.datetimes(datetime.datetime(1901, 1, 1), datetime.datetime(2200, 1, 1))
schemathesis.openapi.format("date-time", INSTANTS.map(lambda at: at.isoformat(timespec="seconds") + "Z"))

# Of a list alone; an instant before any that a run begins at.
PAGES = ("limit", "sort", "include_total")
PAST = "2026-01-01T00:00:00Z"

# What spreadsheets send: a sheet that somebody has made.
SHEET = b"unit;period;indicator;sex;numerator;denominator\r\nU5;2026;5.2a;female;48;48\r\n"
schemathesis.openapi.media_type("text/csv", st.just(SHEET))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
with open(os.environ["BINHDANG_WORKBOOK"], "rb") as workbook:
    schemathesis.openapi.media_type(XLSX, st.just(workbook.read()))

document: dict[str, Any] = {}
tally: Counter[str] = Counter()
operations: set[str] = set()


def roles() -> set[str]:
    if ACCOUNT == "anonymous":
        return {"anonymous"}
    client.sign_in()
    me = client.http.get(f"{URL}{API}/me").json()
    return {"anonymous", *(grant["role"] for grant in me["grants"])}


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Marks what the account's roles do not reach: 403 throughout. The access matrix of the test suite tries that."""
    held = roles()
    for path in raw_schema["paths"].values():
        for operation in path.values():
            operation["x-out-of-reach"] = held.isdisjoint(operation["x-roles"])
            operation["x-many-members"] = not THOROUGH and operation["operationId"] in MANY_MEMBERS
            # Files are sent as they are above; an example beside them would have to be bytes.
            for media_type, body in (operation.get("requestBody") or {}).get("content", {}).items():
                if media_type in ("text/csv", XLSX):
                    body.pop("example", None)
    raw_schema["components"]["schemas"]["Spreadsheet"].pop("example", None)
    document.update(raw_schema)


if ACCOUNT != "anonymous":
    # Access tokens last ten minutes.
    @schemathesis.auth(refresh_interval=240, retry_on=[])
    class Token:
        def get(self, case: Case[Any], context: AuthContext) -> str:
            return client.sign_in()

        def set(self, case: Case[Any], data: str, context: AuthContext) -> None:
            if case.operation.definition.raw.get("security") != []:
                case.headers["Authorization"] = f"Bearer {data}"


def operation_id(case: Case[Any]) -> str:
    return str(case.operation.definition.raw["operationId"])


def positive(case: Case[Any], location: ParameterLocation) -> bool:
    """Whether this part of the request is meant to be valid."""
    part = case.meta and case.meta.components.get(location)
    return not part or part.mode.is_positive


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    drawn = [case.path_parameters, dict(case.query or {}), case.body]
    at = zlib.crc32(repr((case.method, case.path, drawn)).encode())
    if case.path_parameters and positive(case, ParameterLocation.PATH):
        found = next(places(case, case.path.split("/")[1:], "", "", at), None)
        if found:
            case.path_parameters.update(found)
    if case.query and positive(case, ParameterLocation.QUERY):
        mend_query(case, at)
    if isinstance(case.body, dict) and positive(case, ParameterLocation.BODY):
        mend_body(case, at)
    # Schemathesis leaves `If-Match` out, or spoils it, on purpose.
    if "If-Match" in case.headers and positive(case, ParameterLocation.HEADER):
        etag = client.etag(versioned(case))
        if etag:
            case.headers["If-Match"] = etag


def places(case: Case[Any], segments: list[str], template: str, path: str, at: int) -> Iterator[dict[str, str]]:
    """Path parameters that lead to something, those that the case's own crc points at first."""
    if not segments:
        yield {}
        return
    segment, rest = segments[0], segments[1:]
    below = f"{template}/{segment}"
    if not segment.startswith("{"):
        yield from places(case, rest, below, f"{path}/{segment}", at)
        return
    name = segment.strip("{}")
    # SDMX has words of its own for everything, of which the document gives one each.
    if below.startswith("/sdmx/"):
        given = {one.get("name"): one.get("example") for one in case.operation.definition.raw["parameters"]}
        for found in places(case, rest, below, path, at // 7):
            yield {name: str(given.get(name) or case.path_parameters[name]), **found} if at % 4 else found
        return
    if below == "/problems/{code}":
        values = sorted(document["components"]["examples"])
    else:
        where, member = LISTED.get(below, (path, "id"))
        spared = SPARED.get(operation_id(case))
        rows = [row for row in client.rows(where or path) if row.get(member)]
        values = [str(row[member]) for row in rows if not (spared and "{" not in template and spared(row))]
        # Nothing but what is spared: better an id of nothing than one that a link gave.
        values = values or ([NOTHING] if rows else [])
    # Made by this very run, and given by a link.
    if str(case.path_parameters.get(name)) in values:
        values = [str(case.path_parameters[name])]
    # A child is looked for under a few parents only: most have none.
    for n in range(min(len(values), 20)):
        value = values[(at + n) % len(values)]
        for found in places(case, rest, below, f"{path}/{value}", at // 7):
            yield {name: value, **found}


def versioned(case: Case[Any]) -> str:
    """The address of the resource whose version a request names: the nearest one above that can be read with an ETag."""
    path = case.path
    while True:
        answers = document["paths"].get(path, {}).get("get", {}).get("responses", {})
        if "ETag" in answers.get("200", {}).get("headers", {}) or path.count("/") < 3:
            return path.format(**case.path_parameters)
        path = path.rsplit("/", 1)[0]


def mend_query(case: Case[Any], at: int) -> None:
    """References to what exists, sorting by what can be sorted by, and no cursor that nobody gave."""
    query = case.query
    query.pop("cursor", None)
    if case.path == f"{API}/changes":
        query.pop("after", None)
        case.headers.pop("Last-Event-ID", None)
        # Thirty seconds are allowed, and would be waited for.
        if "wait" in query:
            query["wait"] = at % 2
    refer(query, at)
    for name, value in list(query.items()):
        query[name] = cleaned(value)
        # An empty value is refused: whoever does not filter leaves the parameter out.
        if value == "":
            del query[name]
    if case.path == f"{API}/completeness" and not query.keys() & {"plan", "jurisdiction"}:
        query["jurisdiction"] = WARD
    # A file has no pages, JSON no cells, and cells of a workbook nothing between them.
    unfit = {"csv": PAGES, "xlsx": (*PAGES, "delimiter", "decimal")}
    for name in unfit.get(str(query.get("format")), ("headers", "delimiter", "decimal")):
        query.pop(name, None)
    # What was then, not what will be.
    if str(query.get("as_of", "")) > PAST:
        query["as_of"] = PAST
    if "types" in query and case.path == f"{API}/changes":
        types = document["components"]["schemas"]["ChangeType"]["enum"]
        query["types"] = ",".join((types[at % len(types)], types[at // 7 % len(types)]))
    for parameter in case.operation.definition.raw["parameters"]:
        if parameter.get("name") == "sort" and "sort" in query:
            fields = re.findall(r"`([a-z_]+)`", parameter["description"])
            query["sort"] = fields[at % len(fields)]


def mend_body(case: Case[Any], at: int) -> None:
    body = case.body
    refer(body, at)
    body = case.body = cleaned(body)
    # Members that no schema names are drawn as lists too, which a form repeats; RFC 6749 section 3.2 forbids that.
    if case.path.startswith("/oauth/"):
        for name in [name for name, value in body.items() if isinstance(value, (list, dict))]:
            del body[name]
    # A closed plan refuses every further change of what it holds.
    if operation_id(case) == "update_plan" and body.get("status") == "closed":
        del body["status"]
    if case.path.startswith(f"{API}/jurisdictions") and isinstance(body.get("parent"), str):
        body["parent"] = PROVINCE


def cleaned(value: Any) -> Any:
    """Without what bodies may never hold, and half of what Hypothesis draws does: control characters, blank ends of texts,
    which are trimmed before they are measured, and numbers of more than four decimals."""
    if isinstance(value, str):
        return re.sub(r"[\x00-\x1f\x7f-\x9f]|^\s|\s$", "-", value)
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    return {cleaned(name): cleaned(one) for name, one in value.items()} if isinstance(value, dict) else value


def refer(value: Any, at: int) -> None:
    """Puts names of what exists where another resource is named. One of eight is left as it was drawn."""
    for n, (key, inner) in enumerate(list(value.items()) if isinstance(value, dict) else [], at):
        collection, member = REFERENCES.get(key, ("", ""))
        names = [row[member] for row in client.rows(f"{API}/{collection}") if row.get(member)] if collection else []
        names = [WARD] if key in ("jurisdiction", "jurisdictions") else names
        if names and isinstance(inner, str) and n % 8:
            value[key] = names[n % len(names)]
        elif names and isinstance(inner, list) and inner and all(isinstance(one, str) for one in inner):
            value[key] = list(dict.fromkeys(names[(n + m) % len(names)] for m in range(len(inner))))
        else:
            for m, one in enumerate(inner if isinstance(inner, list) else [inner]):
                refer(one, n // 3 + m)


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    operations.add(case.operation.label)
    tally[str(response.status_code)] += 1
    # Lists are read anew after what was made or removed.
    if response.status_code in (201, 204):
        client.lists.clear()


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Drops the refusals of valid data that schemathesis_refusals.toml names; everything else is a finding."""
    # An address is measured before anybody asks what is to be done with it.
    if isinstance(failure, UnsupportedMethodResponse) and response.status_code == 414:
        return False
    # A longer one than the HTTP library takes (65,534 bytes) is no request yet when it is refused, and has no answer in words.
    if response.status_code == 400 and not response.content and len(str(response.request.url)) > 65_534:
        return False
    # What the standard has and this service has not, as it is documented.
    if isinstance(failure, ServerError) and response.status_code == 501 and case.path.startswith("/sdmx/"):
        return False
    # What is wrong with a row of an import is said in a good answer.
    rows = isinstance(case.body, dict) and "rows" in case.body
    if isinstance(failure, AcceptedNegativeData) and operation_id(case) == "create_import" and rows:
        return False
    if not isinstance(failure, RejectedPositiveData):
        return True
    try:
        problem = response.json()
        errors = problem.get("errors") or [problem]
    except ValueError:
        return True
    return not all(right(response.status_code, error) for error in errors)


def right(status: int, error: Row) -> bool:
    family, _, kind = str(error.get("code", "")).partition(".")
    known = REFUSALS.get(family, {}).get(kind)
    return known is not None and status in known["status"] and re.fullmatch(known["of"], error.get("pointer", "")) is not None


@atexit.register
def report() -> None:
    """What `tests/contract` prints of this role."""
    if "BINHDANG_TALLY" in os.environ:
        with open(os.environ["BINHDANG_TALLY"], "w", encoding="utf-8") as file:
            json.dump({"operations": len(operations), "answers": dict(sorted(tally.items()))}, file)
