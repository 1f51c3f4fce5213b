"""The Department imports for a pair that has its agreement."""

import pytest


@pytest.fixture
def so(so, school_agreement):
    return so
