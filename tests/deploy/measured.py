# SPDX-License-Identifier: Apache-2.0
"""What an aggregator says that was measured of the packets that send_packets sends."""
import json
import pathlib

from clean_system import cannot, expect, run, wait_until

OCTETS = 1000
SEND = pathlib.Path(__file__).resolve().parent / "send_packets"


def send(packets, network):
    """Into the cable's far end; `network` says how to get there: words that come before the command."""
    run(*network, SEND, "far-end", packets, OCTETS)


def lay_cable(network, name):
    """An interface of this name, and its far end."""
    run(*network, "ip", "link", "add", "far-end", "type", "veth", "peer", "name", name, fail=cannot)
    for end in ("far-end", name):
        run(*network, "ip", "link", "set", end, "up")


def downloaded(answer):
    """Packets and octets that kansokuctl's answer says were downloaded over fixed lines; or why it is none."""
    try:
        cells = [row["cell"] for row in json.loads(answer)["rows"]]
    except json.JSONDecodeError:
        return answer
    return [(int(cell["packets"]), int(cell["ip_octets"])) for cell in cells
            if cell["traffic_class"]["access"] == "ACCESS_FIXED"
            and cell["traffic_class"]["direction"] == "DIRECTION_DOWNLOAD"]


def expect_measured(packets, when, ask, otherwise):
    """That these packets are in what `ask` has kansokuctl answer, and no others."""
    last = []

    def arrived():
        last[:] = [downloaded(ask("--json", "traffic", "--last", "1h"))]
        return last[0] == [(packets, packets * OCTETS)]
    wait_until(f"{when}: {packets} packets are measured", arrived,
               otherwise=lambda: f"measured: {last}\n{otherwise()}")
    expect(True, f"{when}: {packets} packets of {OCTETS} octets are measured")
