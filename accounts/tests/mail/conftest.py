"""Bình, who wants letters at once; Chi, who said nothing; and a mail server that fails as told."""

import pytest
from django.core.mail.backends.locmem import EmailBackend

from accounts import letters
from accounts.tests.mail.notices import choose


@pytest.fixture
def binh(hieu_truong_a):
    """Wants letters at once."""
    return choose(hieu_truong_a, "at_once")


@pytest.fixture
def chi(hieu_truong_b):
    """Said nothing about mail."""
    return hieu_truong_b


@pytest.fixture
def server(monkeypatch):
    """The mail server: `opening` and `sending` are called when a letter comes; what they raise is what happens."""

    class Server:
        opening = sending = sent = staticmethod(lambda: None)

    server = Server()

    class Backend(EmailBackend):
        def open(self):
            server.opening()

        def send_messages(self, messages):
            server.sending()
            count = super().send_messages(messages)
            server.sent()
            return count

    monkeypatch.setattr(letters, "get_connection", Backend)
    return server
