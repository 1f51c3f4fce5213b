"""Everything that is stored, to compare before and after."""

from django.apps import apps

APPS = ("accounts", "twinning", "activities", "reports", "account")


def dump(*leave_out):
    """{table: every row in order of key} of our apps; models in `leave_out` (labels) are not looked at, nor when
    somebody signed in last or a row was last written."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list(*_fields(model)))
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.label not in leave_out
    }


def _fields(model):
    return [field.attname for field in model._meta.concrete_fields if field.name not in ("last_login", "updated_at")]
