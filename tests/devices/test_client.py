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


def begun(*texts: bytes) -> str:
    channel = Channel(*texts)
    name = Client._begun(object.__new__(Client), channel, ("terminal width 511", "terminal length 0"))
    assert channel.sent == b"terminal width 511\nterminal length 0\n"
    return name


def answered(prompt: bytes) -> bytes:
    return b"terminal width 511\r\n" + prompt + b"terminal length 0\r\n" + prompt


def test_the_prompt_is_what_follows_the_last_command():
    assert begun(b"\r\nsw-acc-1>", answered(b"sw-acc-1>")) == "sw-acc-1"
    assert begun(b"\r\nsw-acc-1#", answered(b"sw-acc-1#")) == "sw-acc-1"


def test_a_banner_that_ends_like_a_prompt_is_not_taken_for_it():
    assert begun(b"Keep out\r\nwarning#", b"\r\nsw-acc-1>" + answered(b"sw-acc-1>")) == "sw-acc-1"


def test_a_prompt_may_come_in_pieces():
    assert begun(b"\r\nsw-", b"acc-1>", b"terminal width 511\r\nsw", b"-acc-1>terminal len", b"gth 0\r\nsw-acc-1",
                 b">") == "sw-acc-1"


def test_long_names_are_cut_as_the_device_cuts_them():
    assert begun(b"\r\nswitch-of-the-third-floor#", answered(b"switch-of-the-third-floor#")) == "switch-of-the-th"


def test_no_prompt_and_no_stream():
    with pytest.raises(PromptError):
        begun(b"Press RETURN to get started")
    with pytest.raises(EOFError):
        begun(b"\r\nsw-acc-1>", b"")
