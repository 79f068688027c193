"""The router's identity from the kernel's tables, here as files below another root."""

from __future__ import annotations

from pathlib import Path

import pytest

from fyraften_agent.sensors.network import gateway_identity

ROUTES = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
ARP = "IP address       HW type     Flags       HW address            Mask     Device\n"
WIFI = "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
CABLE = "eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
VPN = "tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0\n"
VPN_WITH_GATEWAY = "tun0\t00000000\t0100080A\t0003\t0\t0\t50\t00000000\t0\t0\t0\n"
LOCAL = "eth0\t0000000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
WIFI_ROUTER = "192.168.1.1      0x1         0x2         AA:BB:CC:00:11:22     *        wlan0\n"
CABLE_ROUTER = "10.0.0.1         0x1         0x2         aa:bb:cc:00:11:33     *        eth0\n"
NOT_ANSWERED = "192.168.1.1      0x1         0x0         00:00:00:00:00:00     *        wlan0\n"
IPV6 = "{net} {length} {zeros} 00 {gateway} 00000400 00000001 00000000 00000003 wlan0\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc/net").mkdir(parents=True)
    return tmp_path


def write(root: Path, routes: str = "", arp: str = "", ipv6: str = "") -> None:
    (root / "proc/net/route").write_text(ROUTES + routes, encoding="ascii")
    (root / "proc/net/arp").write_text(ARP + arp, encoding="ascii")
    (root / "proc/net/ipv6_route").write_text(ipv6, encoding="ascii")


def ipv6_route(gateway: str, length: str = "00") -> str:
    return IPV6.format(net="0" * 32, zeros="0" * 32, gateway=gateway, length=length)


def test_the_router_is_known_by_its_hardware_address(root: Path) -> None:
    write(root, WIFI, WIFI_ROUTER)

    assert gateway_identity(root) == b"aa:bb:cc:00:11:22 192.168.1.1"


def test_the_cheapest_route_decides(root: Path) -> None:
    write(root, WIFI + CABLE + LOCAL, WIFI_ROUTER + CABLE_ROUTER)

    assert gateway_identity(root) == b"aa:bb:cc:00:11:33 10.0.0.1"


@pytest.mark.parametrize("vpn", [VPN, VPN_WITH_GATEWAY])
def test_a_tunnel_does_not_hide_the_place(root: Path, vpn: str) -> None:
    write(root, vpn + WIFI, WIFI_ROUTER)

    assert gateway_identity(root) == b"aa:bb:cc:00:11:22 192.168.1.1"


def test_a_router_that_has_not_answered_yet_is_not_known_and_not_guessed(root: Path) -> None:
    write(root, WIFI, NOT_ANSWERED, ipv6_route("fe80000000000000a8bbccfffe001122"))

    assert gateway_identity(root) is None


def test_the_address_of_another_interface_is_not_the_routers(root: Path) -> None:
    write(root, WIFI, WIFI_ROUTER.replace("wlan0", "eth0"))

    assert gateway_identity(root) is None


def test_without_ipv4_the_link_local_address_tells_the_hardware_address(root: Path) -> None:
    write(root, ipv6=ipv6_route("fe80000000000000a8bbccfffe001122"))

    assert gateway_identity(root) == b"aa:bb:cc:00:11:22 ipv6"


@pytest.mark.parametrize(
    "route",
    [
        ipv6_route("fe800000000000000000000000000001"),
        ipv6_route("0" * 32),
        ipv6_route("fe80" + "0" * 28, "40"),
        "short\n",
    ],
)
def test_an_ipv6_address_that_many_networks_share_is_no_identity(root: Path, route: str) -> None:
    write(root, ipv6=route)

    assert gateway_identity(root) is None


def test_no_network_and_no_tables_are_no_identity(root: Path, tmp_path: Path) -> None:
    write(root)

    assert gateway_identity(root) is None
    assert gateway_identity(tmp_path / "elsewhere") is None


def test_lines_that_are_not_as_expected_are_passed_over(root: Path) -> None:
    write(root, "garbage\n" + WIFI, "garbage\n" + WIFI_ROUTER)

    assert gateway_identity(root) == b"aa:bb:cc:00:11:22 192.168.1.1"
