"""Which pages of a report are which."""


def body_pages(opened):
    return opened.pages[: first_annex(opened)]


def first_annex(opened):
    return next(i for i, page in enumerate(opened.pages) if "Phụ lục I\n" in page.extract_text() and i > 0)


def blank_half(page):
    """The colours in the lower half of a page that has no text there."""
    picture = page.to_image(resolution=20).original.convert("RGB")
    return {colour for _count, colour in picture.crop((0, picture.height // 2, *picture.size)).getcolors(65536)}


def ignore(percent, step):
    pass
