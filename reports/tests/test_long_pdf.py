"""A PDF written paper by paper: references are renumbered, text that looks like one is left alone, nothing is lost."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name

from reports.papers.long_pdf import LongPdf, text

TRAP = r"xem 5 0 R (và (6 0 R)) \ 7 0 R < 8 0 R"


def paper(word):
    """A page with a link to itself, a stream and a text full of traps, and tags."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.obj.Contents = pdf.make_stream(f"BT ({word} 1 0 R) Tj ET".encode())
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, StructParent=3, Dest=Array([page.obj, Name.Fit]))
    page.obj.Annots = Array([pdf.make_indirect(link), pdf.make_indirect(Dictionary(Subtype=Name.Text, Contents=TRAP))])
    page.obj.StructParents = 0
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    return pdf


def test_papers_one_after_the_other():
    made = io.BytesIO()
    book = LongPdf(made)
    for number in range(300):  # more objects than one object stream takes
        book.add(paper(f"trang {number}"))
    (first,) = book.add(paper("bia"), at_front=True, more={0: b"/Rotate 90"})
    book.close(b"/OpenAction[%d 0 R/Fit]" % first, b"/Title %b" % text("Sách (1 0 R)"))
    with pikepdf.open(made) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == book.count == 301
        words = [page.obj.Contents.read_bytes().decode() for page in pdf.pages]
        assert words == [f"BT ({word} 1 0 R) Tj ET" for word in ["bia", *(f"trang {n}" for n in range(300))]]
        for page in pdf.pages:
            link, note = page.obj.Annots
            assert link.Dest[0].objgen == page.obj.objgen, "it leads to its own page still"
            assert str(note.Contents) == TRAP
            assert Name.StructParent not in link
            assert Name.StructParents not in page.obj
        assert (pdf.pages[0].obj.Rotate, Name.Rotate in pdf.pages[1].obj) == (90, False)
        assert pdf.Root.OpenAction[0].objgen == pdf.pages[0].obj.objgen
        assert str(pdf.docinfo.Title) == "Sách (1 0 R)"
