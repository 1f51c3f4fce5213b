"""What browser tests share: a person's browser, signed in without the form."""

import pytest
from django.conf import settings


@pytest.fixture
def sign_in_by_cookie(open_page, as_user, live_server):
    def make(person, **options):
        page = open_page(**options)
        cookie = as_user(person).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return make
