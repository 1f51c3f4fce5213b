"""Commands of ours as a technician calls them: named, helped in Vietnamese, none in the way of Django's own parts."""

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

OURS = sorted(name for name, app in get_commands().items() if app in {"accounts", "twinning", "activities", "reports"})


def test_there_are_some():
    assert {"check_totals", "import_workbook", "load_sample", "reorganise"} <= {*OURS}
    assert apps.is_installed("reports")


@pytest.mark.parametrize("name", OURS)
def test_it_says_what_it_does_and_overrides_nothing_of_django(name):
    command = load_command_class(get_commands()[name], name)
    assert len(str(command.help)) > 20
    assert command.create_parser("manage.py", name).format_help()
    # call_command skips the system checks, the command line does not: a `check` of our own would break only there.
    own = {attribute for attribute in vars(type(command)) if not attribute.startswith("_")}
    allowed = {"help", "handle", "add_arguments"}
    assert not (own - allowed) & {*vars(BaseCommand)}
