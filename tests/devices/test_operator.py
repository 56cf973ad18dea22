"""The operator's directory: what is wrong in it is named by file and key, and no value is repeated."""

from dataclasses import replace

import pytest

from punchdown.devices import Operator
from punchdown.errors import InputError, SecretError, TrustError
from tests.devices.conftest import make_target

SCOPE = "scope: {management: [10.0.0.0/8]}"


@pytest.mark.parametrize(("text", "named"), [
    ("credentials: [a]", "credentials"),
    ("credentials: {a: {username: u, " + SCOPE + "}}", "credentials.a"),
    ("credentials: {a: {username: u, key_file: k, password: {file: p}, " + SCOPE + "}}", "credentials.a"),
    ("credentials: {a: {username: u, key_file: k}}", "credentials.a.scope"),
    ("credentials: {a: {username: u, key_file: k, scope: {management: [10.0.0.1/8]}}}", "credentials.a.scope"),
    ("credentials: {a: {username: u, key_file: k, scope: {management: []}}}", "credentials.a.scope.management"),
    ("credentials: {a: {username: u, password: hunter-22, " + SCOPE + "}}", "credentials.a.password"),
    ("credentials: {a: {username: u, password: {file: ../x}, " + SCOPE + "}}", "credentials.a.password.file"),
    ("credentials: {a: {usrname: u, key_file: k, " + SCOPE + "}}", "credentials.a.usrname"),
    ("credentials: {a: [", "not YAML"),
    ("- 1", "top level"),
])
def test_a_wrong_credentials_file_is_named_with_its_key(tmp_path, text, named):
    (tmp_path / "credentials.yml").write_text(text)
    with pytest.raises(InputError) as caught:
        Operator.load(tmp_path)
    assert "credentials.yml" in str(caught.value)
    assert named in str(caught.value)
    assert "hunter-22" not in str(caught.value)


def test_wrong_settings_are_named(tmp_path):
    (tmp_path / "settings.yml").write_text("logins_per_second: 0\n")
    with pytest.raises(InputError, match=r"settings\.yml: logins_per_second"):
        Operator.load(tmp_path)


def test_no_directory_says_what_to_do(tmp_path):
    with pytest.raises(TrustError, match="--operator"):
        Operator.load(tmp_path / "none")


def test_ssh_config_moves_the_endpoint(folder):
    (folder / "ssh_config").write_text(
        "Host 10.20.99.11\n  HostName 127.0.0.1\n  Port 2201\nHost *\n  ProxyCommand socat - TCP:%h:%p\n")
    operator = Operator.load(folder)
    found = operator.endpoint(make_target("box", 22, address="10.20.99.11"))
    assert (found.host, found.port, found.known_as) == ("127.0.0.1", 2201, "[127.0.0.1]:2201")
    assert found.proxy_command == "socat - TCP:127.0.0.1:2201"
    other = operator.endpoint(make_target("box", 22, address="10.20.99.12"))
    assert (other.host, other.port, other.known_as) == ("10.20.99.12", 22, "10.20.99.12")


def test_a_wrong_port_is_an_input_error(folder):
    (folder / "ssh_config").write_text("Host *\n  Port many\n")
    with pytest.raises(InputError, match="ssh_config"):
        Operator.load(folder).endpoint(make_target("box", 22))


def test_a_password_may_come_from_the_environment(folder, monkeypatch):
    text = (folder / "credentials.yml").read_text().replace("{file: login}", "{env: BOX_PASSWORD}")
    (folder / "credentials.yml").write_text(text)
    operator = Operator.load(folder)
    credential = operator.credential(make_target("box", 22))
    with pytest.raises(SecretError, match="BOX_PASSWORD"):
        operator.password(credential)
    monkeypatch.setenv("BOX_PASSWORD", "from-outside")
    assert operator.password(credential) == "from-outside"


def test_nothing_of_it_prints_a_secret(operator):
    assert "hush" not in repr(operator)
    assert "key" not in repr(operator.secrets)


def test_a_jump_host_is_what_the_operator_says(folder):
    target = replace(make_target("box", 22, address="10.20.99.11"), jump="bastion")
    with pytest.raises(TrustError, match="no Host bastion"):
        Operator.load(folder).endpoint(target)
    (folder / "ssh_config").write_text("Host bastion\n  HostName 192.0.2.1\n  User jump\n")
    found = Operator.load(folder).endpoint(target)
    assert found.proxy_command.split()[-3:] == ["-W", "%h:%p", "bastion"]
    assert "StrictHostKeyChecking=yes" in found.proxy_command
    assert Operator.load(folder).endpoint(replace(target, jump="")).proxy_command == ""
