"""What papers of agreements say: texts to send, and what is read back from PDF and Word."""

import pytest

from reports.tests.reading import MM, plain
from twinning.models import Agreement

PDF, WORD = "pdf", "docx"
OBJECTIVES = "Nâng chất lượng dạy học các môn thi vào lớp 10.\nĐổi mới phương pháp dạy học, dự giờ chéo."
PROSE = "Các trường đã ký kết luân phiên đăng cai, chuẩn bị chu đáo và áp dụng ngay điều học được, có 1.234 lượt. " * 2
SIGNERS = {
    "supporting_signatory": "Nguyễn Thị Ánh Tuyết",
    "supporting_position": "Hiệu trưởng",
    "supported_signatory": "Đỗ Văn Quỳnh",
    "supported_position": "KT. Hiệu trưởng / Phó Hiệu trưởng",
}


of_one_dict = pytest.mark.one_database(
    "Sets one dict on paper; TestAccess and TestAmendments ask what fills it, on both kinds of database."
)


def changed(agreement, **values):
    Agreement.objects.filter(pk=agreement.pk).update(**values)
    return Agreement.objects.for_list().get(pk=agreement.pk)


def pdf_text(pdf):
    """The text below the top margins, in order."""
    pages = [page.crop((0, 19 * MM, page.width, page.height)) for page in pdf.pages]
    return "\n".join(page.extract_text() for page in pages)


def word_text(document):
    """Paragraphs and cells, in order."""
    texts = []
    for thing in document.iter_inner_content():
        rows = getattr(thing, "rows", None)
        texts += [thing.text] if rows is None else [cell.text for row in rows for cell in row.cells]
    return "\n".join(texts)


def said(paper):
    return plain(pdf_text(paper) if hasattr(paper, "pages") else word_text(paper))


def pages_of(pdf, words):
    return [page.page_number for page in pdf.pages if words in plain(page.extract_text())]


def slice_of(text):
    return text[text.index("GIAOƯỚC") : text.index("./.")]
