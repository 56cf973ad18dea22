"""A real Open vSwitch in an appliance of its own, and hosts on its ports that open real sockets."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from types import TracebackType

from tests.platforms.linux.local_writer import Appliance

_START = """set -e
mkdir -p /run/openvswitch /etc/openvswitch
ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server /etc/openvswitch/conf.db --remote=punix:/run/openvswitch/db.sock --pidfile --detach --no-chdir \
  -vconsole:off -vsyslog:off </dev/null
ovs-vsctl --no-wait init
/usr/lib/openvswitch-switch/ovs-vswitchd --pidfile --detach --no-chdir -vconsole:off -vsyslog:off </dev/null
ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev fail_mode=standalone \
  -- add-port br0 mgmt -- set interface mgmt type=internal ofport_request=1000
"""
RESTART = """kill $(cat /run/openvswitch/ovs-vswitchd.pid)
while [ -e /run/openvswitch/ovs-vswitchd.pid ]; do sleep 0.05; done
/usr/lib/openvswitch-switch/ovs-vswitchd --pidfile --detach --no-chdir -vconsole:off -vsyslog:off </dev/null"""

_CONNECT = """import socket, sys
kind = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
try:
    with socket.socket(kind) as s:
        s.settimeout(float(sys.argv[3]))
        s.connect(socket.getaddrinfo(sys.argv[1], int(sys.argv[2]), kind, socket.SOCK_STREAM)[0][4])
        print("open" if s.recv(5) == b"hello" else "odd")
except TimeoutError:
    print("timeout")
except OSError as error:
    print(error.strerror)
"""
_LISTEN = """import socket, sys
sockets = []
for port in map(int, sys.argv[1:]):
    s = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    sockets.append(s)
print("ready", flush=True)
import selectors
choice = selectors.DefaultSelector()
for s in sockets:
    choice.register(s, selectors.EVENT_READ)
while True:
    for key, _ in choice.select():
        client, _ = key.fileobj.accept()
        client.sendall(b"hello")
"""


def _run(*words: str, check: bool = True, stdin: str = "") -> str:
    done = subprocess.run(words, capture_output=True, text=True, input=stdin, timeout=30)
    assert not check or done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


@dataclass
class Bench:
    """``hosts`` maps a host's name to its port; namespaces are named ``hb-HOST`` and go with the bench."""

    appliance: Appliance
    hosts: dict[str, str] = field(default_factory=dict)
    listeners: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Bench:
        answer = self.appliance.writer().run(_START)
        assert answer.code == 0, answer
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for listener in self.listeners:
            listener.kill()
            listener.wait()
            if listener.stdout:
                listener.stdout.close()
        for host in self.hosts:
            _run("ip", "netns", "del", f"hb-{host}", check=False)

    def plug(self, host: str, port: str, address: str, mac: str) -> None:
        """A host with an address behind a port, checksum offload off on both sides."""
        inside = self.appliance.enter()[2]
        space = f"hb-{host}"
        _run("ip", "netns", "del", space, check=False)
        _run("ip", "netns", "add", space)
        self.hosts[host] = port
        _run("ip", "link", "add", "eth0", "address", mac, "netns", space, "type", "veth", "peer", "name", port,
             "netns", inside)
        _run(*self.enter(host), "ethtool", "-K", "eth0", "tx", "off", "tso", "off", "gso", "off", "gro", "off")
        _run(*self.enter(host), "sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=0")
        for words in (("link", "set", "lo", "up"), ("link", "set", "eth0", "up"),
                      ("addr", "add", f"{address}/24", "dev", "eth0")):
            _run(*self.enter(host), "ip", *words)
        self.switch(f"ethtool -K {port} tx off && ip link set {port} up && ovs-vsctl add-port br0 {port} "
                    f"-- set interface {port} ofport_request={port[1:]}")

    def switch(self, command: str) -> str:
        """Run a command on the appliance."""
        answer = self.appliance.writer().run(command)
        assert answer.code == 0, (command, answer)
        return answer.output

    @staticmethod
    def enter(host: str) -> tuple[str, ...]:
        """The words that run a command on a host."""
        return ("ip", "netns", "exec", f"hb-{host}")

    def on(self, host: str, *words: str) -> str:
        """Run a command on a host."""
        return _run(*self.enter(host), *words)

    def listen(self, enter: tuple[str, ...], *ports: int) -> None:
        """Answer hello on TCP ports of all addresses."""
        listener = subprocess.Popen([*enter, sys.executable, "-c", _LISTEN, *map(str, ports)], text=True,
                                    stdout=subprocess.PIPE)
        self.listeners.append(listener)
        assert listener.stdout
        assert listener.stdout.readline() == "ready\n"

    def connect(self, host: str, address: str, port: int, seconds: float = 3) -> str:
        """``open`` when the listener answered, ``timeout`` when nothing came back."""
        return _run(*self.enter(host), sys.executable, "-c", _CONNECT, address, str(port), str(seconds)).strip()
