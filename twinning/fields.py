"""Model fields that store Vietnamese text in one spelling."""

from django.db import models

from twinning.vietnamese import normalise, normalise_cells


class NormalisedText:
    """Mixin: NFC, no invisible characters, single spaces, on every way in and in every look-up."""

    normalise = staticmethod(normalise)

    def to_python(self, value):
        value = super().to_python(value)
        return self.normalise(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return self.normalise(value) if isinstance(value, str) else value


class NameField(NormalisedText, models.CharField):
    """One line of Vietnamese text."""


class ProseField(NormalisedText, models.TextField):
    """Several lines of Vietnamese text."""


class PastedField(ProseField):
    """The same, with the tabs between the cells of a table pasted from Word."""

    normalise = staticmethod(normalise_cells)

    def deconstruct(self):
        """To the database it is the same field."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"{ProseField.__module__}.{ProseField.__name__}", args, kwargs


class KeyField(models.CharField):
    """A key derived from other fields when the row is saved: searched or sorted by, never shown."""

    def __init__(self, **kwargs):
        kwargs = {"max_length": 700, "editable": False, "default": "", "db_index": True, **kwargs}
        super().__init__(**kwargs)

    def deconstruct(self):
        """Always with `db_index`: Django leaves it out where it is False, which is not what is left out here."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "db_index": self.db_index}
