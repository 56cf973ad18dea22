"""Wrong settings: each is told with its place, what is wrong and the likely fix."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.model.codes.gateways import CODES

from .gateway_site import SOUND, load, settings, told

MEMBERS = """
admin-policies:
  members:
  - {policy: SYSTEM, form-name: A, access-type: Read}
  - {policy: SYSTEM, form-name: A, access-type: Read/Write}
"""
NO_ACCESS = """
user-authorization-profiles: [{login-id: ana}]
mixml-applications: [{application-certificate: a.pem, user: ana}]
"""
ICP = """
deployment: {icps: [{name: main, address: icp-1}]}
minet-devices: {devices: [{mac-address: '08:00:0F:10:01:01', configured-icp: mian}]}
"""
PBX = {
    "form": ("wan-setings: {}", "setting-form-unknown", "no form 'wan-setings'", "did you mean 'wan-settings'?"),
    "field": ("system-options: {voice-encryption: 'Yes'}", "setting-field-unknown", "no field 'voice-encryption'",
              "did you mean 'voice-encryption-enabled'?"),
    "label": ("system-options: {Voice Encryption Enabled: 'Yes'}", "setting-field-unknown",
              "no field 'Voice Encryption Enabled'", "did you mean 'voice-encryption-enabled'?"),
    "choice": ("system-options: {voice-encryption-enabled: 'yes'}", "setting-choice", "no choice 'yes'",
               "did you mean 'Yes'?"),
    "truth value": ("system-options: {voice-encryption-enabled: true}", "setting-type", "takes one of Yes, No", ""),
    "range": ("vm-options: {passcode-length: 11}", "setting-range", "takes 4 to 10 digits, not 11", ""),
    "shape": ("system-options: [x]", "setting-shape", "System Options takes fields", "its fields: voice-"),
    "table": ("class-of-service: {class-of-service-number: 1}", "setting-shape", "takes a list of entries", ""),
    "row": ("class-of-service: [7]", "setting-shape", "an entry of Class of Service Options takes fields", ""),
    "column": ("class-of-service: [{class-of-service-number: 1, coment: x}]", "setting-field-unknown",
               "no field 'coment'", "did you mean 'comment'?"),
    "required": ("class-of-service: [{comment: x}]", "setting-missing", "needs 'class-of-service-number'", ""),
    "unique": ("class-of-service: [{class-of-service-number: 1}, {class-of-service-number: 1}]", "setting-twice",
               "Class Of Service Number 1 stands twice", "first at"),
    "formula": ("class-of-service: [{class-of-service-number: 1, comment: '=cmd'}]", "setting-formula",
                "would take '=' at the beginning for a formula", ""),
    "line break": ('class-of-service: [{class-of-service-number: 1, comment: "a\\nb"}]', "setting-text", "'\\n'", ""),
    "read-only": ("audit-trail: {log-table: x}", "setting-read-only", "nobody sets it", ""),
    "against": ("system-security-management: {password-strength: Weak}", "setting-against",
                "Password Strength is Weak; advised: Strong [password-mivb-strength]", ""),
    "inactivity": ("system-security-management: {user-session-inactivity-period: 16}", "setting-against", "is 16", ""),
    "default": ("system-security-management: {phone-administrator-passcode: <secret:code>}",
                "setting-default-against", "Password Expiry Interval is left out, its default is 0",
                "write 'password-expiry-interval'"),
    "blank": ("system-security-management: {phone-administrator-passcode: ''}", "setting-against",
              "Phone Administrator Passcode is blank; advised: 10 digits", ""),
    "tls in use": ("system-security-management: {tls-level-ip-sets: Legacy}", "tls-level-used",
                   "Legacy opens older TLS to phones (minet-tls)", ""),
    "records": ("smdr-options: {station-message-detail-recording: 'No'}", "smdr-off", "taker uses smdr@icp-1", ""),
    "order": ("system-options: {voice-encryption-enabled: 'No'}", "setting-ignored", "off while Voice Encryption", ""),
    "root": ("admin-policies: {policies: [{policy-name: ROOT}]}", "setting-read-only", "ROOT can't be changed", ""),
    "policy": ("user-authorization-profiles: [{login-id: ana, policy: siteAdmn}]", "setting-reference",
               "no policy 'siteAdmn'", "did you mean 'siteAdmin'?"),
    "member twice": (MEMBERS, "setting-twice", "A stands twice", ""),
    "pptp": ("pptp: {pptp: Enabled}", "setting-missing", "PPTP is on and its password is blank", "<secret:NAME>"),
    "static": ("wan-settings: {ip-address-method: Static, subnet-mask: 255.255.255.0, default-gateway: 198.51.100.1}",
               "setting-missing", "Static needs 'static-ip-address'", ""),
    "wan inside": ("wan-settings: {static-ip-address: 10.20.20.9}", "gateway-one-network",
                   "10.20.20.9 of the WAN port is in phones", ""),
    "dhcp": ("wan-settings: {ip-address-method: DHCP, pppoe-user-name: line1}", "setting-ignored",
             "pppoe-user-name has no effect while the address comes by DHCP", "PPPoE"),
    "mixml user": ("mixml-applications: [{application-certificate: a.pem, user: ana}]", "setting-reference",
                   "no user authorization profile 'ana'", ""),
    "mixml access": (NO_ACCESS, "setting-ignored", "no Application access", ""),
}


@pytest.mark.parametrize("name", PBX)
def test_wrong_settings_of_a_controller(tmp_path: Path, name: str) -> None:
    text, code, words, hint = PBX[name]
    found = told(load(tmp_path, text, uses="smdr@icp-1"))
    assert words in found[code].message
    assert hint in found[code].hint
    assert found[code].position.line > 16
    assert found[code].severity == next(item.severity for item in CODES if item.name == code)


def test_records_for_nobody(tmp_path: Path) -> None:
    found = told(load(tmp_path, "smdr-options: {internal-smdr: 'Yes'}"))
    assert "no host uses smdr@icp-1" in found["smdr-nobody"].message
    assert not told(load(tmp_path, "smdr-options: {internal-smdr: 'Yes'}", uses="smdr@icp-1"))


def test_records_that_somebody_takes_are_written(tmp_path: Path) -> None:
    loaded = load(tmp_path, "smdr-options: {external-smdr: 'No'}", uses="smdr@icp-1")
    assert not told(loaded)
    recording = settings(loaded, "icp-1")["smdr-options", "station-message-detail-recording", 0]
    assert (recording.value, recording.source, recording.provenance.field) == ("Yes", "derived", "hosts.taker.uses")


def test_a_banner_without_text(tmp_path: Path) -> None:
    loaded = load(tmp_path, f"system-security-management: {{{SOUND}}}")
    assert not told(loaded)
    bare = loaded.site.model_copy(update={"management": loaded.site.management.model_copy(update={"banner": ()})})
    found = told(replace(loaded, site=bare))
    assert "Login Banner and its text are left out" in found["setting-default-against"].message
    loaded = load(tmp_path, f"system-security-management: {{{SOUND}, login-banner: true}}")
    assert "has no text" in told(replace(loaded, site=loaded.site.model_copy(update={
        "management": bare.management})))["setting-ignored"].message


MBG = {
    "streaming": ("deployment: {set-side-streaming-address: 10.20.50.10}", "streaming-address",
                  "10.20.50.10 is not the public address 203.0.113.10"),
    "one network": ("deployment: {wan-interface-address: 10.20.50.10, lan-interface-address: 10.20.50.12}",
                    "gateway-one-network", "10.20.50.12 and 10.20.50.10 are both in dmz"),
    "lan side": ("deployment: {lan-interface-address: 10.20.99.7}", "gateway-lan-segment", "is in management"),
    "denies all": ("ip-blocking: {status: 'On'}", "blocking-denies-all", "exposes minet-tls, sip-tls"),
    "list": ("ip-blocking: {lists: [{list-name: branchs, list-mode: permit}]}", "netblock-unknown", "'branchs'"),
    "ipv6": ("ip-blocking: {lists: [{list-name: both, list-mode: permit}]}", "blocking-ipv6", "IPv6 prefixes"),
    "status": ("ip-blocking: {status: SIP UDP Only, lists: [{list-name: branches, list-mode: permit}]}",
               "setting-against", "Status is SIP UDP Only; advised: On [mbg-ip-blocking]"),
    "restriction": ("minet-devices: {minet-restriction: false}", "setting-against",
                    "MiNET restriction is false; advised: true [mbg-minet-new-phones-disabled]"),
    "icp": (ICP, "setting-reference", "no ICP 'mian'"),
    "mac twice": ("minet-devices: {devices: [{mac-address: '08:00:0F:10:01:01'}, {mac-address: '08-00-0f-10-01-01'}]}",
                  "setting-twice", "08:00:0F:10:01:01 stands twice"),
    "one credential": ("sip-devices: {devices: [{set-side-username: r1, set-side-password: '<secret:r1>'}]}",
                       "sip-one-credential", "r1 has the same credential on both sides"),
    "address": ("deployment: {icps: [{name: main, address: icp-9}]}", "setting-address", "'icp-9' is neither"),
    "secret": ("remote-access: {administrator-password: hunter2}", "setting-secret", "never stands in a definition"),
    "webrtc": ("webrtc: {mode: anonymous}", "setting-missing", "need one inside number"),
    "media": ("settings: {media-port-range: 40000-41000}", "media-range", "filters open 20000-31000"),
    "administrator": ("remote-access: {allowed-administration: [10.20.10.0/24]}", "administration-shut",
                      "admin-1 administers mbg-1 and is in none"),
    "shell": ("remote-access: {ssh-access: No access}", "administration-shut", "admin-1 uses ssh@mbg-1"),
    "proxy": ("web-proxy: {sites: [{fqdn: mail.example.com, application: MiCollab}]}", "setting-unreached",
              "serves web-proxy by its forms"),
    "consumers": ("web-services: {web-service-state: stopped, consumers: [{consumer-name: sync}]}", "setting-ignored",
                  "the web service is stopped"),
    "installer password": ("minet-devices: {installer-password: '<secret:enrol>'}", "setting-against",
                           "blank outside of an enrolment"),
    "proxy admin": ("web-proxy: {sites: [{fqdn: mail.example.com, application: MiCollab, admin-level-access: true}]}",
                    "setting-against", "Admin level access is true; advised: false [mbg-webproxy-admin-auth]"),
}


@pytest.mark.parametrize("name", MBG)
def test_wrong_settings_of_a_border_gateway(tmp_path: Path, name: str) -> None:
    text, code, words = MBG[name]
    found = told(load(tmp_path, mbg=text))
    assert words in found[code].message
    assert found[code].position.line > 22
