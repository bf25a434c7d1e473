# SPDX-License-Identifier: Apache-2.0
"""What the dashboards ask: every query of every panel, variable and annotation, read from dashboards/*.json."""
import dataclasses
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Rows order panels and ask nothing.
ROW = "row"


@dataclasses.dataclass
class Query:
    where: str  # the file, and the panel's title
    expr: str
    is_instant: bool
    seconds: int  # how far back the panel looks


def dashboards():
    """Each file's name and content."""
    return {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "dashboards").glob("*.json"))
            if path.stem not in ("package", "package-lock", "tsconfig")}


def panels(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != ROW]


def variables(dashboard):
    """Name and query of those that Prometheus is asked for."""
    return {variable["name"]: variable["query"]["query"] for variable in dashboard["templating"]["list"]
            if variable["type"] == "query"}


def all_values(dashboard):
    """What those stand for of which all are chosen that do not list their values."""
    return {variable["name"]: variable["allValue"] for variable in dashboard["templating"]["list"]
            if variable.get("allValue")}


def annotations(dashboard):
    return [annotation["expr"] for annotation in dashboard.get("annotations", {}).get("list", [])]


def seconds_of(span):
    """Of Grafana's now-7d or 5y."""
    number, unit = re.fullmatch(r"(?:now-)?(\d+)([hdy])", span).groups()
    return int(number) * {"h": 3600, "d": 86400, "y": 366 * 86400}[unit]


def queries(name, dashboard):
    return [Query(f"{name}: {panel['title']}", target["expr"], target.get("instant", False),
                  seconds_of(panel.get("timeFrom", dashboard["time"]["from"])))
            for panel in panels(dashboard) for target in panel["targets"]]


def substituted(expr, values):
    """With the values of each variable, as Grafana puts them in."""
    return re.sub(r"\$(\w+)", lambda found: values.get(found[1], found[0]), expr)


def listed(names):
    """Several values of a variable, or all where it has none that stands for all."""
    return f"({'|'.join(names)})"


def catalogue():
    """The metrics of docs/metrics.md, by name, with their type."""
    return dict(re.findall(r"^\| `(kansoku_\w+)` \| (\w+) \|", (ROOT / "docs/metrics.md").read_text(), re.M))


def recorded():
    """What the recording rules make."""
    return set(re.findall(r"record: (\S+)", (ROOT / "deploy/prometheus/kansoku.rules.yml").read_text()))


def metrics_in(expr):
    """The names of series that it asks for; of a histogram's the histogram's."""
    names = set(re.findall(r"\bkansoku(?:_[a-z0-9_]+|:[a-z0-9_:]+)", re.sub(r'"[^"]*"', '""', expr)))
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
