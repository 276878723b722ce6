"""Reads the published figures of a running service with pysdmx and sdmx1, as a statistician does, and compares them with what the
service's own JSON tells everybody: every cell, in both directions. Usage: read.py http://127.0.0.1:8080"""

from __future__ import annotations

import json
import logging
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pysdmx.errors
import sdmx
from pysdmx.api.dc.rest import SdmxConnector
from pysdmx.api.fmr import RegistryClient
from pysdmx.io import get_datasets
from pysdmx.model import DataflowRef

SERVICE = sys.argv[1]
V2, V21 = f"{SERVICE}/sdmx/v2", f"{SERVICE}/sdmx/2.1"
KEY = ("FREQ", "REF_AREA", "UNIT", "INDICATOR", "SEX", "TIME_PERIOD")
SEXES = {"female": "F", "male": "M"}

Key = tuple[str, ...]
Figure = Decimal | str | None
failures: list[str] = []
compared = 0


def check(what: str, holds: object, told: object = "") -> None:
    """Notes what does not hold."""
    global compared
    compared += 1
    if not holds:
        failures.append(f"{what}: {told}")


def api(path: str, **query: str) -> Any:
    """An answer of the service's own interface, as anybody gets it."""
    with urllib.request.urlopen(f"{SERVICE}/api/v1{path}?{urllib.parse.urlencode(query)}") as answer:
        return json.loads(answer.read(), parse_float=Decimal, parse_int=Decimal)


def items(path: str, **query: str) -> Iterator[Any]:
    """All of a list."""
    cursor: str | None = None
    while True:
        page = api(path, limit="500", **query, **({"cursor": cursor} if cursor else {}))
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def code(text: str) -> str:
    return text.replace("_", "$").replace(".", "_").replace("+", "@")


def sex(part: dict[str, str]) -> str | None:
    """The code of a part by sex alone."""
    if not part:
        return "_T"
    return SEXES.get(part["sex"], code(part["sex"])) if list(part) == ["sex"] else None


def figure(row: dict[str, Any], none: bool) -> Figure:
    """A value, "hidden", or None where nothing is said; a place without a possible value is "none"."""
    if row["suppressed"]:
        return "hidden"
    answer = row.get("answer")
    value = Decimal(int(answer)) if answer is not None else row["value"]
    if value is not None:
        return Decimal(value)
    return "none" if none or row["numerator"] is not None or row["denominator"] is not None else None


def frequency(label: str) -> str:
    return "Q" if "Q" in label else "A" if len(label) == 4 else "M"


def of_progress(area: str) -> Iterator[tuple[Key, Figure]]:
    """What progress tells of an administrative unit, of every year, quarter and month."""
    for year in (known["label"] for known in api("/progress", jurisdiction=area)["years"]):
        labels = [year, *(f"{year}-Q{q}" for q in range(1, 5)), *(f"{year}-{m:02}" for m in range(1, 13))]
        for label in labels:
            for row in api("/progress", jurisdiction=area, period=label)["indicators"]:
                place = (frequency(label), f"VN_{area}", "_T", f"I{code(row['indicator']['code'])}")
                yield (*place, "_T", label), figure(row, row["result"] in ("no_cases", "not_applicable"))
                for part in row["breakdowns"]:
                    of = sex(part["disaggregation"])
                    if of is not None:
                        yield (*place, of, label), figure(part, False)


def of_units(ward: str) -> Iterator[tuple[Key, Figure]]:
    """What is published of the units of a ward, of regular periods."""
    for row in items("/observations", jurisdiction=ward):
        label, of = row["period"]["label"], sex(row["disaggregation"])
        if of is None or not (label.isdigit() or label[:4].isdigit() and label[4:5] == "-"):
            continue
        unit = code(row["unit"]["code"])
        place = (frequency(label), f"VN_{ward}", unit, f"I{code(row['indicator']['code'])}", of, label)
        yield place, figure(row, row["not_applicable"] is not None)


def expected() -> dict[Key, Figure]:
    """All that everybody may know."""
    cells: dict[Key, Figure] = {}
    areas = {area["code"]: area["level"] for area in items("/jurisdictions")}
    wards = {plan["jurisdiction"] for plan in items("/plans")} & {area for area, level in areas.items() if level == "commune"}
    provinces = {area for area, level in areas.items() if level == "province"}
    for area in sorted(wards | provinces):
        cells.update(of_progress(area))
        if area in wards:
            cells.update(of_units(area))
    return {place: told for place, told in cells.items() if told is not None}


def of_rows(rows: Iterable[dict[str, Any]]) -> dict[Key, Figure]:
    """What rows say that have a column for each component."""
    cells: dict[Key, Figure] = {}
    for row in rows:
        value = row["OBS_VALUE"]
        known = value not in ("", None) and value == value
        hidden = row["CONF_STATUS"] != "F"
        cells[tuple(str(row[name]) for name in KEY)] = "hidden" if hidden else Decimal(str(value)) if known else "none"
        check("a hidden figure has no value", not (hidden and known), row)
    return cells


def compare(what: str, found: dict[Key, Figure], wanted: dict[Key, Figure]) -> None:
    """Every cell of the one is in the other."""
    for place in sorted(found.keys() | wanted.keys()):
        ours, theirs = found.get(place), wanted.get(place)
        # A binary floating point number is as near as it can be.
        near = isinstance(ours, Decimal) and isinstance(theirs, Decimal) and abs(ours - theirs) <= abs(theirs) * Decimal("1e-12")
        check(f"{what} {'.'.join(place)}", near or ours == theirs, f"{ours}, not {theirs}")


def timed(what: str, took_since: float) -> None:
    print(f"{what:40} {time.monotonic() - took_since:6.2f} s")


def with_pysdmx(cells: dict[Key, Figure]) -> None:
    """Discovery, structures and data by REST 2."""
    connector, registry = SdmxConnector(V2), RegistryClient(V2)
    flow = DataflowRef("BINHDANG", "DF_GE", "1.0")
    began = time.monotonic()
    flows = connector.dataflows()
    check("dataflows", [(f.agency, f.id, f.version) for f in flows] == [("BINHDANG", "DF_GE", "1.0")], flows)
    check("a search", len(connector.dataflows("DF_GE")) == 1 and not connector.dataflows("no such thing"))
    timed("pysdmx dataflows", began)

    began = time.monotonic()
    whole = connector.dataflow(flow)
    timed("pysdmx dataflow", began)
    check("observations are counted", whole.obs_count == len(cells), (whole.obs_count, len(cells)))
    check("series are counted", whole.series_count == len({place[:5] for place in cells}), whole.series_count)
    components = {component.id: component for component in whole.structure.components}
    check("components", list(components)[:6] == list(KEY), list(components))
    for at, name in enumerate(KEY[:5]):
        known = {item.id for item in components[name].local_codes}
        check(f"codes of {name}", {place[at] for place in cells} <= known, {place[at] for place in cells} - known)

    began = time.monotonic()
    compare("pysdmx data", of_rows(connector.data(flow)), cells)
    timed("pysdmx data", began)
    for text, holds in {
        "REF_AREA = 'VN_09385' AND UNIT = '_T'": lambda p: p[1] == "VN_09385" and p[2] == "_T",
        "INDICATOR IN ('I4_1', 'I3_2a')": lambda p: p[3] in ("I4_1", "I3_2a"),
        "SEX <> '_T'": lambda p: p[4] != "_T",
        "FREQ = 'Q' AND TIME_PERIOD >= '2026-Q2'": lambda p: p[0] == "Q" and p[5] >= "2026-Q2",
        "INDICATOR LIKE 'I3%' AND TIME_PERIOD <= '2026'": lambda p: p[3].startswith("I3") and p[5][:4] <= "2026",
    }.items():
        wanted = {place: told for place, told in cells.items() if holds(place)}
        check(f"{text} tries something", wanted)
        compare(f"pysdmx {text}", of_rows(connector.data(flow, text)), wanted)
    check("nothing is an empty list", list(connector.data(flow, "INDICATOR = 'NONE'")) == [])
    some = connector.dataflow(flow, "UNIT = '_T'")
    check("what there is of the totals", some.obs_count == sum(place[2] == "_T" for place in cells), some.obs_count)

    schema = registry.get_schema("dataflow", "BINHDANG", "DF_GE", "1.0")
    check("the schema", [component.id for component in schema.components][:6] == list(KEY), schema.components)
    check("its attributes", {"OBS_STATUS", "CONF_STATUS", "NUMERATOR", "DENOMINATOR"} <= {c.id for c in schema.components.attributes})
    codes = registry.get_codes("BINHDANG", "CL_SEX", "1.0")
    check("codes", [item.id for item in codes][:3] == ["F", "M", "_T"], codes)
    check("an agency", [agency.id for agency in registry.get_agencies("SDMX")] == ["BINHDANG"])
    check("agencies below it", "BINHDANG.VN_09385" in [agency.id for agency in registry.get_agencies("BINHDANG")])
    try:
        registry.get_codes("BINHDANG", "CL_NONE", "1.0")
        check("a list that there is not", False, "found")
    except pysdmx.errors.NotFound:
        check("a list that there is not", True)

    structure = f"{V2}/structure/dataflow/BINHDANG/DF_GE/1.0?references=all"
    began = time.monotonic()
    [dataset] = get_datasets(f"{V2}/data/dataflow/BINHDANG/DF_GE/1.0", structure)
    timed("pysdmx get_datasets", began)
    rows = dataset.data.astype(object).to_dict("records")
    compare("pysdmx get_datasets", of_rows(rows), cells)
    check("codes keep their zeros", "VN_09385" in {row["REF_AREA"] for row in rows})


def with_sdmx1(cells: dict[Key, Figure]) -> None:
    """Structures and data by SDMX 2.1."""
    sdmx.add_source({"id": "BINHDANG", "url": V21, "name": "Binhdang"}, override=True)
    client = sdmx.Client("BINHDANG")
    began = time.monotonic()
    message = client.dataflow("DF_GE", params={"references": "all"})
    timed("sdmx1 dataflow", began)
    dsd = message.dataflow["DF_GE"].structure
    check("sdmx1 dimensions", [dimension.id for dimension in dsd.dimensions] == list(KEY), dsd.dimensions)
    check("sdmx1 code lists", len(message.codelist) == 7, list(message.codelist))
    names = message.codelist["CL_SEX"]["F"].name.localizations
    check("names in both languages", names == {"vi": "Nữ", "en": "Female"}, names)
    structure = client.datastructure("DSD_GE", params={"references": "children"}).structure["DSD_GE"]
    check("sdmx1 datastructure", [attribute.id for attribute in structure.attributes][:2] == ["OBS_STATUS", "CONF_STATUS"])
    listed = sdmx.to_pandas(client.codelist("CL_INDICATOR").codelist["CL_INDICATOR"])
    check("sdmx1 codelist", "I3_2a" in listed.index, listed)

    def rows(told: Any) -> Iterator[dict[str, Any]]:
        for dataset in told.data:
            for one in dataset.obs:
                place = {str(name): value.value for name, value in one.key.values.items()}
                yield {**place, "OBS_VALUE": one.value, "CONF_STATUS": one.attrib["CONF_STATUS"].value}

    began = time.monotonic()
    generic = client.data("DF_GE", params={"dimensionAtObservation": "TIME_PERIOD"})
    timed("sdmx1 data", began)
    compare("sdmx1 generic data", of_rows(rows(generic)), cells)
    flat = client.data("DF_GE", params={"dimensionAtObservation": "AllDimensions"})
    compare("sdmx1 flat data", of_rows(rows(flat)), cells)
    specific = client.data(
        "DF_GE", dsd=dsd, headers={"Accept": "application/vnd.sdmx.structurespecificdata+xml;version=2.1"}
    )
    compare("sdmx1 structure-specific data", of_rows(rows(specific)), cells)
    key = {"FREQ": "A", "REF_AREA": "VN_09385", "UNIT": "_T", "INDICATOR": ["I4_1", "I3_2a"], "SEX": "_T"}
    some = client.data("DF_GE", key=key, dsd=dsd, params={"startPeriod": "2026", "endPeriod": "2027"})
    wanted = {
        place: told
        for place, told in cells.items()
        if place[:3] == ("A", "VN_09385", "_T") and place[3] in key["INDICATOR"] and place[4] == "_T" and "2026" <= place[5] <= "2027"
    }
    check("the key tries something", wanted)
    compare("sdmx1 key", of_rows(rows(some)), wanted)
    check("sdmx1 pandas", len(sdmx.to_pandas(some)) == len(wanted))
    print(sdmx.to_pandas(some).to_string())


def main() -> int:
    logging.getLogger("sdmx").setLevel(logging.ERROR)
    began = time.monotonic()
    cells = expected()
    timed(f"{len(cells)} cells by the service's own JSON", began)
    hidden = sum(told == "hidden" for told in cells.values())
    check("there is something to hide, and something to see", 0 < hidden < len(cells), hidden)
    with_pysdmx(cells)
    with_sdmx1(cells)
    for failure in failures[:40]:
        print(f"WRONG {failure}")
    print(f"{len(cells)} published figures, {hidden} of them hidden; {compared} comparisons, {len(failures)} wrong")
    return 1 if failures else 0


sys.exit(main())
