"""Reads facts and texts that come with the portal. Files of facts say in their first lines where they come from."""

import csv
import tomllib


def facts(path):
    """Every row of the CSV file at `path` (pathlib.Path) as a dict of strings; lines that begin with # are comments."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def texts(path, *more):
    """The TOML file at `path` (pathlib.Path) as nested dicts of strings and lists; what the files after it say goes
    into these dicts, and in place of what stood there."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    for other in more:
        _put_in(told, texts(other))
    return told


def _put_in(told, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(told.get(key), dict):
            _put_in(told[key], value)
        else:
            told[key] = value
