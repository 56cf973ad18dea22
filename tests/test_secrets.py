"""References resolve from two places and nowhere else; values are shown nowhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchdown.errors import SecretError
from punchdown.secrets import UNKNOWN, Secrets


@pytest.fixture
def secrets(tmp_path):
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "radius-sw-1").write_text("tall-Oak-9\n")
    (tmp_path / "outside").write_text("not-yours")
    return Secrets(folder, b"k" * 32)


def test_a_reference_resolves_from_the_directory(secrets):
    assert secrets.resolve_text("key <secret:radius-sw-1>!") == "key tall-Oak-9!"


def test_the_environment_wins(secrets, monkeypatch):
    monkeypatch.setenv("PUNCHDOWN_SECRET_RADIUS_SW_1", "from-env")
    assert secrets.resolve("radius-sw-1") == "from-env"


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "HOME", "", ".", "a/b", "a b", "-a", "a\n", "Ä"])
def test_what_is_no_name_resolves_to_nothing(secrets, name):
    with pytest.raises(SecretError):
        secrets.resolve(name)


def test_a_link_out_of_the_directory_is_refused(secrets):
    (secrets.directory / "link").symlink_to(secrets.directory.parent / "outside")
    with pytest.raises(SecretError) as caught:
        secrets.resolve("link")
    assert "not-yours" not in str(caught.value)


@pytest.mark.parametrize("value", ["", "\n", "two\nlines", "nul\0", "esc\x1b[0m", "bidi\u202e", "tab\there", "cr\r"])
def test_a_value_that_could_end_a_line_is_refused_unprinted(secrets, value):
    (secrets.directory / "odd").write_text(value, newline="")
    with pytest.raises(SecretError) as caught:
        secrets.resolve("odd")
    assert "lines" not in str(caught.value)


def test_a_value_that_is_no_text_is_a_secret_error(secrets):
    (secrets.directory / "odd").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SecretError):
        secrets.resolve("odd")


def test_a_malformed_reference_never_reaches_a_device(secrets):
    with pytest.raises(SecretError):
        secrets.resolve_text("key <secret:../outside>")


@given(st.text(min_size=1))
def test_fingerprints_tell_equal_from_different_and_nothing_else(value):
    one, other = Secrets(None, b"k" * 32), Secrets(None, b"j" * 32)
    mark = one.fingerprint(value)
    assert re.fullmatch(r"<masked:[0-9a-f]{16}>", mark)
    assert mark == one.fingerprint(value)
    assert mark != other.fingerprint(value)
    assert mark != one.fingerprint(value + "x")


def test_without_a_key_it_is_unknown(secrets):
    assert Secrets(secrets.directory, b"").fingerprint("tall-Oak-9") == UNKNOWN


def test_missing_names_are_listed(secrets):
    assert secrets.missing(["a <secret:gone>", "b <secret:radius-sw-1>"]) == ("gone",)


def test_repr_hides_key_and_values(secrets):
    secrets.resolve("radius-sw-1")
    assert "kkk" not in repr(secrets)
    assert "Oak" not in repr(secrets)
