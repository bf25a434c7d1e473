# SPDX-License-Identifier: Apache-2.0
"""A small nation, measured by the programs as they are built, for as long as a test needs it.

Two months a year apart of an operator of fixed and mobile lines, published by a register; a whole day of a telescope,
judged; and two collectors that go on reporting, over mutual TLS, while Prometheus scrapes and evaluates the shipped rules.
What was published before is in Prometheus too, by kansokuctl's export. The regulator has a Prometheus of their own.
"""
import contextlib
import datetime
import json
import math
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAPAN = datetime.timezone(datetime.timedelta(hours=9))
DAY = 86400
PCAP_HEADER = 24
PCAP_RECORD_HEADER = 16
# Of a month and a day there are few packets in long windows: what is drawn is few numbers all the same.
LONG_WINDOW = 300
PACKETS_A_DAY = 3000
# Two months of windows are written twice, and each is waited for: where the folder is memory, that takes no time.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# Before a command: it does not outlive this test, even where the test is killed.
ENDS_WITH_THIS = ["setpriv", "--pdeathsig", "KILL"]
COLLECTORS = {  # name: points, group, scene of the generator
    "months": (["subscribers", "gateway"], "a1", "isp"),
    "day": (["telescope-day"], "none", "telescope"),
    "live": (["live"], "a1", "isp"),
    "live-telescope": (["live-telescope"], "none", "telescope"),
}
REGIONS = {"subscribers": "kanto", "gateway": "kansai", "live": "kanto"}  # of points; the others say none


def month_before(day, months):
    index = day.year * 12 + day.month - 1 - months
    return datetime.datetime(index // 12, index % 12 + 1, 1, tzinfo=JAPAN)


def later(records, seconds):
    """The records of a capture, so many seconds later."""
    moved, at = bytearray(records), 0
    while at < len(moved):
        second, _, captured = struct.unpack_from("<III", moved, at)
        struct.pack_into("<I", moved, at, second + seconds)
        at += PCAP_RECORD_HEADER + captured
    return moved


def numbers(result):
    """How many there are in an answer of Prometheus."""
    return sum(not math.isnan(float(value)) for series in result
               for _, value in (series.get("values") or [series["value"]]))


class Prometheus:
    def __init__(self, address):
        self.address = address

    def ask(self, what, **parameters):
        """Of its API: the result. Raises what Prometheus says is wrong."""
        url = f"http://{self.address}/api/v1/{what}?{urllib.parse.urlencode(parameters, doseq=True)}"
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                data = json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if error.code == 503:  # it is not ready yet
                return []
            raise RuntimeError(json.load(error).get("error", error)) from error
        return data["result"] if isinstance(data, dict) else data


class MeasuredNation:
    def __init__(self, programs, folder):
        self.programs, self.folder = pathlib.Path(programs).resolve(), pathlib.Path(folder).resolve()
        self.stack = contextlib.ExitStack()
        # What ended an hour ago at least is over: the last month, the last day.
        settled = datetime.datetime.now(JAPAN) - datetime.timedelta(seconds=3900)
        self.month = month_before(settled, 1)
        self.year_before = month_before(self.month, 12)
        self.day = settled.replace(hour=0, minute=0, second=0, microsecond=0) - datetime.timedelta(days=1)

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.stack.close()  # what was started would go on
            raise
        return self

    def begin(self):
        self.make_certificates()
        self.write_register()
        (self.folder / "sources.key").write_bytes(bytes(range(32)))
        (self.folder / "sources.key").chmod(0o600)
        # Months and days are there before the statistics are, as in an office that begins with its collectors.
        with contextlib.ExitStack() as before:
            self.start_aggregator(before, "")
            self.measure_past()
        self.start_aggregator(self.stack, f"statistics: {{folder: {self.folder}/register}}\n"
                                          f"port_categories_path: {self.folder}/port_categories.csv\n")
        growth = 'kansoku_growth_ratio{series="%s"'
        self.wait_until(lambda: self.has(growth % "fixed") and self.has(growth % "mobile"), "the months at /metrics")
        self.wait_until(lambda: self.look_again() or self.has("kansoku_darknet_day_category_ratio{"), "the day there", 1)
        self.start_prometheuses()
        self.live = [self.start_live("live"), self.start_live("live-telescope")]

    def __exit__(self, *_):
        self.stack.close()

    # Programs

    def run(self, name, *arguments, **options):
        finished = subprocess.run([*ENDS_WITH_THIS, self.programs / name, *map(str, arguments)], capture_output=True,
                                  **options)
        if finished.returncode != 0:
            raise RuntimeError(f"{name} {arguments}: {finished.stdout.decode()}{finished.stderr.decode()}")
        return finished.stdout

    def start(self, stack, command, wait_for, feed=b""):
        """Until it says `wait_for`, having read `feed`; ended with `stack`. What it says goes to a log."""
        name = pathlib.Path(command[0]).name
        # A file, not a pipe: nobody reads a pipe to its end, and a program waits when it is full.
        log = self.folder / f"{name}-{len(list(self.folder.glob(f'{name}-*.log')))}.log"
        with log.open("wb") as output:
            process = subprocess.Popen([*ENDS_WITH_THIS, *map(str, command)], stdout=output, stderr=subprocess.STDOUT,
                                       stdin=subprocess.PIPE if feed else subprocess.DEVNULL)
        if feed:
            process.stdin.write(feed)
            process.stdin.flush()

        def end():
            if process.stdin:
                process.stdin.close()
            process.terminate()
            process.wait()

        def said():
            has_ended = process.poll() is not None  # asked first, so that all it said is then read
            whole_lines = log.read_text().rpartition("\n")[0]
            found = re.search(wait_for, whole_lines)
            if has_ended and not found:
                raise RuntimeError(f"{command[0]} ended before it said {wait_for}: {whole_lines}")
            return found

        stack.callback(end)
        return process, self.wait_until(said, f"{name} to say {wait_for}")

    def make_certificates(self):
        folder = self.folder / "certificates"
        for what in [["authority"], ["aggregator", "main", "127.0.0.1"], ["client", "office"],
                     *[["collector", name] for name in COLLECTORS]]:
            subprocess.run([ROOT / "deploy/certificates", *what], cwd=self.folder, check=True, capture_output=True)
        assert folder.is_dir()

    def tls(self, name, indent=""):
        return (f"{indent}tls:\n{indent}  certificate_path: {self.folder}/certificates/{name}.crt\n"
                f"{indent}  key_path: {self.folder}/certificates/{name}.key\n"
                f"{indent}  authorities_path: {self.folder}/certificates/authorities.crt\n")

    def start_aggregator(self, stack, statistics):
        collectors = "".join(f"    - {{name: {name}, isp: kita, points: [{', '.join(points)}]}}\n"
                             for name, (points, _, _) in COLLECTORS.items())
        (self.folder / "aggregator.yaml").write_text(
            f"listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: {self.folder}/store\n"
            f"{self.tls('aggregator-main')}registry:\n  fewest_isps: 1\n  collectors:\n{collectors}"
            f"  clients: [{{name: office, role: regulator}}]\n"
            f"clock: {{max_behind_days: 0}}\nretention: {{window_hours: 1000}}\nlimits: {{times_live: 1000000}}\n"
            f"commit_interval_milliseconds: 1\n{statistics}")
        command = [self.programs / "kansoku-aggregator", "--config", self.folder / "aggregator.yaml"]
        self.aggregator, said = self.start(stack, command, r"listening: grpc (\S+), metrics http://(\S+)/metrics")
        self.grpc, self.metrics = said.groups()
        (self.folder / "office.yaml").write_text(f"aggregator: {self.grpc}\n{self.tls('client-office')}")

    def collector_config(self, name, window, capture_of):
        """`capture_of` makes the name of a point's capture."""
        points, group, scene = COLLECTORS[name]
        path = self.folder / f"{name}.yaml"
        path.write_text(
            f"collector: {name}\nisp: kita\naggregator:\n  address: {self.grpc}\n{self.tls(f'collector-{name}', '  ')}"
            f"spool: {{path: {self.folder}/{name}.spool}}\nwindow_seconds: {window}\n"
            f"flow_table: {{entries: 4096}}\nlinks:\n"
            + "".join(f"  - {{point: {point}, file: {capture_of(point)}, group: {group}"
                      + (f", region: {REGIONS[point]}" if point in REGIONS else "") + "}\n" for point in points)
            # The telescopes look for subscribers too, of whom nobody sends there: what tells of them is at /metrics.
            + (f"darknet_sources: {{key_path: {self.folder}/sources.key}}\n"
               "subscribers: [{prefix: 192.0.2.0/24, access: fixed}]\n" if scene == "telescope" else "")
            + self.run("kansoku-generate", "prefixes", scene).decode())
        return path

    # What was measured

    def generate(self, scene, seed, packets, start, seconds):
        path = self.folder / "part.pcap"
        self.run("kansoku-generate", scene, "--seed", seed, "--packets", packets, "--start", int(start), "--seconds",
                 seconds, "--out", path, *(["--scanners"] if scene == "telescope" else []))
        return path.read_bytes()

    def capture_of_month(self, month, path):
        """Every day like the first."""
        days = ((month + datetime.timedelta(days=31)).replace(day=1) - month).days
        capture = self.generate("isp", 1, PACKETS_A_DAY, month.timestamp(), DAY)
        with path.open("wb") as file:
            file.write(capture[:PCAP_HEADER])
            for day in range(days):
                file.write(later(capture[PCAP_HEADER:], day * DAY))

    def measure_past(self):
        for month in (self.year_before, self.month):
            points = COLLECTORS["months"][0]
            for point in points:
                self.capture_of_month(month, self.folder / f"{point}.pcap")
            config = self.collector_config("months", LONG_WINDOW, lambda point: f"{self.folder}/{point}.pcap")
            self.run("kansoku-collector", "--config", config)
        day = self.folder / "day.pcap"
        day.write_bytes(self.generate("telescope", 7, 20 * PACKETS_A_DAY, self.day.timestamp(), DAY))
        self.run("kansoku-collector", "--config", self.collector_config("day", LONG_WINDOW, lambda _: day))

    def write_register(self):
        folder = self.folder / "register"
        shutil.copytree(ROOT / "deploy/register", folder)
        for name in ("coverage.csv", "breaks.csv"):
            (folder / name).unlink()
        contributor = lambda series, point: (
            f"  - {{isp: kita, name_ja: 北ネット, name_en: Kita Net, series: {series}, "
            f"member_since: {self.year_before:%Y-%m}, points: [{{point: {point}, group: a1}}]}}\n")
        (folder / "register.yaml").write_text(
            "publisher: {name_ja: 試験用の統計局, name_en: Made-up statistics, contact: nobody@example.org}\n"
            "simulated: true\nfewest_contributors: 1\ncontributors:\n"
            + contributor("fixed", "subscribers") + contributor("mobile", "gateway"))
        rows = ["series,quarter,released,contributor,contracts,source"]
        for back in range(0, 18):
            quarter = month_before(self.month, back)
            if quarter.month % 3 == 0:
                for series, isp, contracts in (("fixed", "", 47_000_000), ("fixed", "kita", 20_000_000),
                                               ("mobile", "", 200_000_000), ("mobile", "kita", 90_000_000)):
                    released = (quarter + datetime.timedelta(days=32)).replace(day=1)
                    rows.append(f"{series},{quarter:%Y-%m},{released:%Y-%m-%d},{isp},{contracts},made up")
        (folder / "contracts.csv").write_text("\n".join(rows) + "\n")
        shutil.copy(ROOT / "deploy/telescope/port_categories.csv", self.folder)

    # Prometheus

    def scrape(self):
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=30) as answer:
            return answer.read().decode()

    def has(self, part):
        return part in self.scrape()

    def look_again(self):
        """A day is judged when nothing more of it came between two looks, which are minutes apart but for this."""
        self.aggregator.send_signal(signal.SIGHUP)

    @staticmethod
    def wait_until(holds, what, pause=0.1):
        """What holds() is when it is true; it is called again after each pause of so many seconds."""
        end = time.monotonic() + 120
        while not (held := holds()):
            if time.monotonic() > end:
                raise RuntimeError(f"waited two minutes for {what}")
            time.sleep(pause)
        return held

    def backfill(self, blocks):
        """What was published, and what others published since 2004, as blocks of Prometheus."""
        for series, *only in (["fixed"], ["mobile"], ["darknet", "--only-history"]):
            path = self.folder / f"{series}.openmetrics"
            path.write_bytes(self.run(
                "kansokuctl", "--config", self.folder / "office.yaml", "export", "openmetrics", "--series", series, *only,
                "--from", "2004-11", "--to", f"{self.month:%Y-%m}", "--history", ROOT / "deploy/reference"))
            subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", path, blocks],
                           check=True, capture_output=True)

    def start_prometheuses(self):
        """The operators', which scrapes and evaluates the shipped rules, and the regulator's, which is told by it."""
        # As often as a second: a minute's or an hour's wait shows nothing more.
        rules = re.sub("interval: 1[mh]", "interval: 1s", (ROOT / "deploy/prometheus/kansoku.rules.yml").read_text())
        (self.folder / "rules.yml").write_text(rules)
        self.prometheus = self.start_prometheus(
            "operators", "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
            f"rule_files: [{self.folder}/rules.yml, {ROOT}/deploy/prometheus/kansoku.alerts.yml]\n"
            f"scrape_configs: [{{job_name: kansoku, static_configs: [{{targets: ['{self.metrics}']}}]}}]\n")
        self.regulators_prometheus = self.start_prometheus(
            "regulator", (ROOT / "deploy/prometheus/regulator.yml").read_text()
            .replace("scrape_interval: 1m", "scrape_interval: 1s").replace("127.0.0.1:9090", self.prometheus.address))

    def start_prometheus(self, name, config):
        folder = self.folder / f"tsdb-{name}"
        self.backfill(folder)
        (self.folder / f"{name}.yml").write_text(config)
        _, said = self.start(
            self.stack, ["prometheus", f"--config.file={self.folder}/{name}.yml", f"--storage.tsdb.path={folder}",
                         "--storage.tsdb.retention.time=30y", "--web.listen-address=127.0.0.1:0"],
            r"Listening on.*address=(127.0.0.1:\d+)")
        return Prometheus(said[1])

    # What goes on being measured

    def start_live(self, name):
        """A collector that reads a pipe; it is given a part of its capture each time feed() is called.

        All of it is of the last minutes, so that its point is one that reports."""
        scene = COLLECTORS[name][2]
        start = time.time() - 240
        capture = self.generate(scene, 11, 40_000, start - start % 10, 220)
        command = [self.programs / "kansoku-collector", "--config", self.collector_config(name, 10, lambda _: "-")]
        process, _ = self.start(self.stack, command, "connected to", capture[:PCAP_HEADER])
        return process.stdin, memoryview(capture)[PCAP_HEADER:]

    def feed(self):
        """A fifth of what is left. Counters grow from one call to the next, which rates need."""
        for index, (pipe, rest) in enumerate(self.live):
            part = len(rest) // 5
            pipe.write(rest[:part])
            pipe.flush()
            self.live[index] = (pipe, rest[part:])

    def wait_for_rates(self):
        """Until what the rules make of growing counters has been recorded more than once."""
        self.feed()
        packets = 'sum(kansoku_traffic_packets_total{point="live"})'
        read = lambda: sum(float(series["value"][1]) for series in self.prometheus.ask("query", query=packets))
        for _ in range(3):
            before = read()
            self.feed()
            self.wait_until(lambda: read() > before, "the live collector's packets")
        for rate in ("darknet_packets_per_second:rate5m", "point_received_packets_per_second:rate5m",
                     "point_traffic_bits_per_second:rate1h",
                     "fixed_national_traffic_bits_per_second:rate1h"):
            self.wait_until(lambda: numbers(self.prometheus.ask("query", query=f"sum(kansoku:{rate}) > 0")), rate)
        told = self.regulators_prometheus
        self.wait_until(lambda: numbers(told.ask("query", query=f"kansoku:{rate}")), "the same at the regulator's")
