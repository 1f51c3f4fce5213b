"""Reads facts and texts that come with the portal. Files of facts say in their first lines where they come from."""

import csv
import tomllib


def facts(path):
    """Every row of the CSV file at `path` (pathlib.Path) as a dict of strings; lines that begin with # are comments."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def texts(path):
    """The TOML file at `path` (pathlib.Path) as nested dicts of strings and lists."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
