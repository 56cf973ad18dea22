"""The prompt after a login: found behind banners, and missed in time."""

import pytest

from punchdown.devices.client import Client, PromptError


class Channel:
    """Gives the next text on each read, and nothing any more when there is none."""

    def __init__(self, *texts: bytes) -> None:
        self.texts = list(texts)
        self.sent = b""

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def recv(self, _size: int) -> bytes:
        if not self.texts:
            raise TimeoutError
        return self.texts.pop(0)


def settled(*texts: bytes) -> str:
    return Client._settled_prompt(object.__new__(Client), Channel(*texts))


def test_the_prompt_is_what_enter_brings_again():
    assert settled(b"\r\nsw-acc-1>", b"\r\nsw-acc-1>") == "sw-acc-1"
    assert settled(b"\r\nsw-acc-1#", b"\r\nsw-acc-1#") == "sw-acc-1"


def test_a_banner_that_ends_like_a_prompt_is_not_taken_for_it():
    assert settled(b"Keep out\r\n##warning#", b"\r\nsw-acc-1>", b"\r\nsw-acc-1>") == "sw-acc-1"


def test_a_prompt_may_come_in_pieces():
    assert settled(b"\r\nsw-", b"acc-1>", b"\r\nsw", b"-acc-1>", b"\r\nsw-acc-1>") == "sw-acc-1"


def test_long_names_are_cut_as_the_device_cuts_them():
    name = b"\r\nswitch-of-the-third-floor#"
    assert settled(name, name) == "switch-of-the-th"


def test_no_prompt_and_no_stream():
    with pytest.raises(PromptError):
        settled(b"Press RETURN to get started")
    with pytest.raises(EOFError):
        settled(b"\r\nsw-acc-1>", b"")


