"""Reads a facts file: CSV whose first lines, beginning with #, say where the facts come from."""

import csv


def facts(path):
    """Every row of the file at `path` (pathlib.Path) as a dict of strings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
