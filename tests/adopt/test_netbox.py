"""A site out of NetBox: recorded answers of two versions, asked for over HTTP, and what servers do that are none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from urllib3 import Retry, Timeout

from punchdown.cli import main
from punchdown.devices import rest
from punchdown.devices.rest import RestReader
from punchdown.errors import ConnectError, InputError
from tests.adopt.netbox_server import TOKENS, VERSIONS, NetBox, netbox_of, recording

V2 = TOKENS["Bearer"][0]


@pytest.fixture
def netbox() -> Iterator[NetBox]:
    with netbox_of(VERSIONS[0]) as server:
        yield server


class Importer:
    """Imports of one operator into one estate."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys
        self.file = folder / "estate" / "sites" / "porto.yml"

    def __call__(self, netbox: NetBox, *more: str, token: str = "", site: str = "porto") -> tuple[int, str, str]:
        secrets = self._folder / "me" / "secrets"
        secrets.mkdir(parents=True, exist_ok=True)
        (secrets / "netbox-token").write_text(token or netbox.token)
        code = main(["import", "--netbox", netbox.url, "--site", site, "-e", str(self._folder / "estate"),
                     "--operator", str(self._folder / "me"), "--admin", "10.7.99.100", *more])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Importer:
    return Importer(tmp_path, capsys)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_site_of_a_real_netbox_becomes_a_definition_that_checks_clean(
        version: str, imported: Importer, tmp_path: Path) -> None:
    with netbox_of(version) as netbox:
        code, out, err = imported(netbox)
        asked = [path for path, _ in netbox.asked]
        shown = {header for _, header in netbox.asked}
    assert code == 0, err
    site = yaml.safe_load(imported.file.read_text())
    assert site["segments"] == {
        "telephones": {"vlan": 20, "prefix": "10.7.20.0/24", "prefix6": "2001:db8:7:20::/64", "zone": "voice"},
        "office": {"vlan": 30, "prefix": "10.7.30.0/24", "zone": "data", "router": "10.7.30.254"},
        "guest-wi-fi": {"vlan": 40, "prefix": "10.7.40.0/24", "zone": "guest"},
        "servers": {"vlan": 50, "prefix": "10.7.50.0/24", "zone": "server"},
        "mgmt": {"vlan": 99, "prefix": "10.7.99.0/24", "zone": "management"}}
    devices = site["devices"]
    assert set(devices) == {"prt-acc-1", "prt-core", "prt-fw", "prt-jnp", "device-8", "prt-bar-b-unit-b-7",
                            "prt-twin", "prt-twin-2"}
    stack = devices["prt-acc-1"]
    assert (stack["management"], stack["model"]) == ("10.7.99.11", "C9300-48P")
    assert (stack["ports"]["1-6"], stack["ports"]["2/0/1-2"]) == ("phone-and-pc", "phone-and-pc")
    assert stack["ports"][13] == {"role": "pc", "description": "Printer 2nd floor"}
    assert (stack["ports"][14], stack["ports"][15]) == ("unused", {"role": "pc", "segment": "guest-wi-fi"})
    assert 16 not in stack["ports"]
    assert stack["ports"][48] == {"role": "uplink", "segments": ["telephones", "office", "guest-wi-fi", "mgmt"],
                                  "description": "PRT-CORE"}
    assert devices["prt-core"]["aggregations"]["po1"]["ports"] == ["TenGigabitEthernet1/0/2-3"]
    assert devices["prt-fw"]["routes"] == ["telephones", "office", "servers", "mgmt"]
    assert devices["prt-jnp"]["management"] == "10.7.99.3"
    for told in ("Phone 1, Phone 2, Phone 3 are not in the definition: role ip-phone is no switch",
                 "PRT-AP-1 is not in the definition: role access-point",
                 "PRT-RTR is not in the definition: role router",
                 "PRT-BARE is not in the definition: platform some-os is not known here",
                 "PRT-OLD is not in the definition: status decommissioning"):
        assert told in out
    assert "not-for-everybody" not in imported.file.read_text() + out + err
    pages = Counter(path.partition("?")[0] for path in asked)
    assert (pages["/api/dcim/devices/"], pages["/api/dcim/interfaces/"], pages["/api/ipam/ip-addresses/"]) == (2, 5, 2)
    assert len(shown) == 1
    assert main(["check", "-e", str(tmp_path / "estate"), "--no-cache"]) == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_real_netbox_refuses_is_said_in_words(version: str, imported: Importer) -> None:
    with netbox_of(version) as netbox:
        code, _, unknown = imported(netbox, site="portu")
        blind = imported(netbox, token=netbox.blind_token)[2]
        stranger = imported(netbox, token=netbox.token[:-4] + "0000")[2]
    assert code == 1
    assert "no site with the slug 'portu' that the token may see; did you mean 'porto'?" in unknown
    assert "/api/dcim/devices/: HTTP 403 (You do not have permission to perform this action.)" in blind
    assert "/api/dcim/sites/: HTTP 403 (Invalid" in stranger
    assert not imported.file.exists()
    assert not any(token in unknown + blind + stranger for token in (*TOKENS["Bearer"], *TOKENS["Token"]))


def test_of_netbox_4_no_more_is_asked_than_is_read() -> None:
    answers = recording("4.6.8")["answers"]["reader"]
    rows = [row for path, answer in answers.items() if path.startswith("/api/dcim/devices/")
            for row in answer["body"]["results"]]
    assert rows
    assert not {"config_context", "local_context_data", "custom_fields"} & {key for row in rows for key in row}


@pytest.mark.parametrize(("answer", "said"), [
    ((302, {"Location": "https://login.example.net/?next=x"}, b""),
     "HTTP 302: it sends on to https://login.example.net/, where the token does not go"),
    ((200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>Log in</html>"), "it answers with text/html and not"),
    ((200, {"Content-Type": "application/json"}, b'["not", "a", "page"]'), "this is no list of NetBox's"),
    ((200, {"Content-Type": "application/json"}, b'{"results": [1]}'), "this is no list of NetBox's"),
    ((200, {"Content-Type": "application/json"}, b'{"count": 2, "results": [{"id": 1}]}'), "1 of 2 rows came"),
    ((404, {"Content-Type": "text/html"}, b"<html>"), "HTTP 404: there is no such list: is this the address of NetBox"),
    ((403, {"Content-Type": "application/json"}, json.dumps({"detail": f"no {V2}\x1b[2J\n{V2[17:]}"}).encode()),
     "HTTP 403 (no *** [2J ***)"),
    ((200, {"Content-Type": "application/json"}, b"[" * 100_000), "it answers with application/json and not"),
])
def test_who_is_no_netbox_is_told_and_gets_one_question(
        answer: tuple[int, dict[str, str], bytes], said: str, netbox: NetBox) -> None:
    netbox.instead = answer
    with pytest.raises(ConnectError) as caught:
        RestReader(netbox.url, V2).rows("/api/dcim/sites/?slug=porto")
    assert said in str(caught.value)
    assert V2[17:] not in str(caught.value)
    assert len(netbox.asked) == 1


def test_who_does_not_answer_in_time_is_told(netbox: NetBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "_SECONDS", Timeout(connect=5, read=0.01))
    monkeypatch.setattr(rest, "_AGAIN", Retry(total=1, backoff_factor=0))
    netbox.shutdown()
    with pytest.raises(ConnectError, match="it did not answer in time"):
        RestReader(netbox.url, V2).rows("/api/dcim/sites/")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "netbox.example.net")])
    now = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .sign(key, hashes.SHA256()))
    paths = folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
    return paths


def test_an_authority_of_ones_own_has_to_be_named(imported: Importer, tmp_path: Path) -> None:
    pair = certificate(tmp_path)
    with netbox_of(VERSIONS[0], pair) as netbox:
        refused = imported(netbox, site="portu")[2]
        assert not netbox.asked, "the token went to a server that nobody vouches for"
        trusted = imported(netbox, "--ca", str(pair[0]), site="portu")[2]
        nothing = imported(netbox, "--ca", str(pair[1]), site="portu")[2]
    assert "its certificate is not trusted here" in refused
    assert "--ca names the authority" in refused
    assert "did you mean 'porto'?" in trusted
    assert "no certificates in PEM form" in nothing


def test_a_file_is_never_written_over_without_asking(imported: Importer, netbox: NetBox) -> None:
    imported.file.parent.mkdir(parents=True)
    imported.file.write_text("# mine\n")
    code, _, err = imported(netbox)
    assert code == 1
    assert "is there already" in err
    assert imported.file.read_text() == "# mine\n"
    assert not netbox.asked


@pytest.mark.parametrize("url", ["http://netbox.example.net", "ftp://x", "netbox", "https://u:p@netbox.example.net",
                                 "https://netbox.example.net:x", "https://[netbox"])
def test_an_address_that_would_show_the_token_is_refused(url: str) -> None:
    with pytest.raises(InputError) as caught:
        RestReader(url, V2)
    assert V2 not in str(caught.value)


@pytest.mark.parametrize("token", ["", "two words", "a\nb", "schlüssel"])
def test_a_token_that_no_header_can_carry_is_refused_unseen(token: str) -> None:
    with pytest.raises(InputError, match="the token holds") as caught:
        RestReader("https://netbox.example.net", token)
    assert not token or token not in str(caught.value)
