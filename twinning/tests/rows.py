"""What tests type into lists of rows."""


def typed(prefix, *rows):
    """The boxes of a list: typed("supporting", {"full_name": "An"}, …)."""
    boxes = {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return boxes | {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}


def content(response):
    return response.content.decode()
