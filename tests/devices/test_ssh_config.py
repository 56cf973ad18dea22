"""A lookup in part of a configuration finds what paramiko finds in all of it."""

import paramiko
import pytest

from punchdown.devices.ssh_config import SshConfig

TEXT = """\
Port 2201
Host 10.20.99.11 sw-1
  HostName 127.0.0.1
  Port 4011
host "10.20.99.12"
  HostName 127.0.0.2
Host=10.20.99.13
  ProxyCommand nc %h %p
Host 10.20.99.* !10.20.99.14
  User wide
Match host 10.20.99.14
  User matched
# Host 10.20.99.15
Host 10.20.99.11
  User late
  HostName never
HOST *
  User anybody
  ServerAliveInterval 5
"""


@pytest.mark.parametrize(
    "host", ["10.20.99.11", "sw-1", "10.20.99.12", "10.20.99.13", "10.20.99.14", "10.20.99.15", "other", "127.0.0.1"]
)
def test_the_same_as_in_the_whole_file(host):
    whole = paramiko.SSHConfig.from_text(TEXT).lookup(host)
    assert SshConfig(TEXT).lookup(host) == dict(whole)


def test_only_the_blocks_of_a_host_are_read(monkeypatch):
    config = SshConfig("".join(f"Host 10.0.0.{n}\n  Port {2000 + n}\n" for n in range(200)))
    seen = []
    real = paramiko.SSHConfig.from_text
    monkeypatch.setattr(paramiko.SSHConfig, "from_text", lambda text: seen.append(text) or real(text))
    assert config.lookup("10.0.0.7")["port"] == "2007"
    assert config.lookup("10.0.0.7")["port"] == "2007"
    assert seen == ["Host 10.0.0.7\n  Port 2007\n"]


def test_canonical_names_may_take_any_block():
    text = "CanonicalizeHostname no\nHost a\n  Port 1\nHost b\n  Port 2\n"
    assert SshConfig(text).lookup("b")["port"] == "2"


def test_names():
    assert {"sw-1", "10.20.99.12", "*"} <= SshConfig(TEXT).get_hostnames()
