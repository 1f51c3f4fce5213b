"""A report set once for all tests that read it: as a draft and as it is issued."""

import pytest

from reports.tests.papers import issued_content, paper_content


@pytest.fixture(scope="session")
def draft_paper(read_pdf):
    return read_pdf(paper_content())


@pytest.fixture(scope="session")
def issued(read_pdf):
    return read_pdf(issued_content())
