"""How the rows of a table (reports/annexes.py) are printed, whoever prints them: PDF, Word; and which lines of people's
text are a table."""

import re
from itertools import groupby

from reports import official

RIGHT = frozenset({"number", "decimal", "percent", "change"})
CENTRED = frozenset({"position", "book_number", "date", "pilots", "status"})


def side(column: dict) -> str:
    """Where its cells stand: left, center or right."""
    if column["key"] in CENTRED or column["kind"] in CENTRED:
        return "center"
    return "right" if column["kind"] in RIGHT else "left"


def cell(value, column: dict) -> str:
    """A cell as it is printed; number and unit stay together."""
    text = official.in_table(value, column)
    return official.joined(text) if isinstance(value, str) and column["kind"] != "date" else text


def under(row: dict, columns: list[dict]) -> list[list]:
    """[[column, cell, columns it goes across]]; the last words of a group go to its end."""
    cells = [[column, value, 1] for column, value in zip(columns, row["cells"], strict=True)]
    while row["kind"] == "group" and len(cells) > 1 and cells[-1][1] == "":
        cells.pop()
        cells[-1][2] = len(columns) - len(cells) + 1
    return cells


def heading_rows(columns: list[dict]) -> list[list[dict]]:
    """The heading as rows of {label, at, across, down}, `at` the first of their columns: columns that share a group
    stand below its name."""
    if not any(column["group"] for column in columns):
        return [[_head(column["label"], at) for at, column in enumerate(columns)]]
    top, below = [], []
    for group, members in groupby(enumerate(columns), key=lambda member: member[1]["group"]):
        heads = [_head(column["label"], at) for at, column in members]
        if group:
            top.append(_head(group, heads[0]["at"], across=len(heads)))
            below += heads
        else:
            top += [{**head, "down": 2} for head in heads]
    return [top, below]


def _head(label, at, across=1):
    return {"label": label, "at": at, "across": across, "down": 1}


# --- Tables pasted from Word ------------------------------------------------------------------------------------------

MARKS = re.compile(r"[^\w\s]|\w{1,3}[.)]")  # of lists, which have a tab behind them as well
NUMBER = re.compile(r"[\d.,%]+")


def with_tables(paragraphs: list[dict]) -> list[dict]:
    """`paragraphs` ({kind, text}) where lines that are rows of a table pasted from Word, cells parted by tabs below a
    row of headings, are one with a `table` (reports/annexes.py); what may be anything else stays as lines."""
    found, run = [], []
    for paragraph in [*paragraphs, {"kind": "", "text": ""}]:
        cells = [cell.strip() for cell in paragraph["text"].split("\t")]
        if paragraph["kind"] == "written" and len(cells) > 1 and not MARKS.fullmatch(cells[0]):
            run.append((paragraph, cells))
            continue
        found += _pasted(run)
        run = []
        found.append(paragraph)
    return found[:-1]


def _pasted(run):
    heads = run[0][1] if run else []
    is_table = len(run) > 1 and all(head and not NUMBER.fullmatch(head) for head in heads)
    if not is_table or any(len(cells) > len(heads) for _paragraph, cells in run):
        return [paragraph for paragraph, _cells in run]
    columns = [
        {"key": "position", "label": head, "group": "", "kind": "number"}
        if head in ("STT", "TT")
        else {"key": f"c{at}", "label": head, "group": "", "kind": "text"}
        for at, head in enumerate(heads)
    ]
    rows = [{"kind": "row", "cells": cells + [""] * (len(heads) - len(cells))} for _paragraph, cells in run[1:]]
    return [{"kind": "table", "text": "", "table": {"key": "pasted", "columns": columns, "rows": rows, "notes": []}}]
