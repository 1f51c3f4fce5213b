"""The PDF of a report as a file: tags, bookmarks, PDF/A; and what is told while it is set."""

import io
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from django.contrib.staticfiles import finders

from reports.papers import faces, setting
from reports.papers import pdf as press
from reports.papers.letters import FONT, FontMissing
from reports.papers.pdf import build_pdf
from reports.papers.setting import ForeignFile
from reports.tests.papers import annex, issued_content, paper_content
from reports.tests.report_pdf.pages import first_annex, ignore


class TestFile:
    def test_says_what_it_is_and_who_issued_it(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            title = str(document.docinfo["/Title"])
            assert title.startswith("Báo cáo sơ kết năm học 2023-2024 thực hiện phong trào “Nhà trường")
            assert str(document.docinfo["/Author"]) == "Phòng Giáo dục và Đào tạo huyện Thanh Trì"
            assert str(document.Root.Lang) == "vi"
            with document.open_metadata() as metadata:
                assert metadata["dc:title"] == title

    def test_is_made_for_archives(self, issued):
        """PDF/A-2u: says so in its metadata, says what its colours mean, has every face and nothing that could act."""
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            with document.open_metadata() as metadata:
                assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U")
                assert metadata.pdfa_status == "2U"
                assert metadata["dc:creator"] == [str(document.docinfo["/Author"])]
                assert metadata["dc:language"] == {"vi"}
                assert metadata["pdf:Keywords"] == str(document.docinfo["/Keywords"])
                assert metadata["pdf:Keywords"].startswith("báo cáo, sơ kết năm học 2023-2024, Nhà trường")
            (intent,) = document.Root.OutputIntents
            assert (intent.S, len(bytes(intent.DestOutputProfile.read_bytes())) > 100) == ("/GTS_PDFA1", True)
            assert document.trailer.ID
            assert not document.is_encrypted
            assert document.pdf_version >= "1.7"
            assert not {"/OpenAction", "/AA", "/AcroForm"} & set(document.Root.keys())
            things = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)]
            for thing in things:
                assert thing.get("/S") not in ("/JavaScript", "/Launch", "/URI")
                if thing.get("/Subtype") in ("/Type0", "/TrueType", "/Type1"):
                    assert "/ToUnicode" in thing, "text can be copied and searched"
                if isinstance(thing, pikepdf.Stream):
                    assert "/F" not in thing, "nothing lies outside the file"
                    assert thing.get("/Filter") != "/LZWDecode"

    def test_bookmarks_lead_to_sections_and_annexes(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document, document.open_outline() as outline:
            titles = [item.title for item in outline.root]
            pages = [document.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root]
        assert titles[0] == "I. ĐẶC ĐIỂM TÌNH HÌNH"
        assert titles[5:] == [
            "VI. ĐỀ XUẤT, KIẾN NGHỊ",
            "Phụ lục I. Hoạt động theo loại",
            "Phụ lục II. Hoạt động theo loại",
        ]
        assert pages == sorted(pages)
        assert pages[-2] == first_annex(issued)
        assert pages[-1] == len(issued.pages) - 1

    def test_page_labels_are_the_printed_numbers(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            labels = [page.label for page in document.pages]
        first = first_annex(issued)
        assert labels[:2] == ["1", "2"]
        assert labels[first : first + 2] == ["Phụ lục I – 1", "Phụ lục I – 2"]
        assert labels[-2] == f"Phụ lục I – {len(labels) - first - 1}"
        assert labels[-1] == "Phụ lục II – 1"

    def test_tags_of_all_parts_are_kept(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            pages = {page.objgen for page in document.pages}
            seen, kinds = set(), Counter()
            for element in elements(document.Root.StructTreeRoot):
                kinds[str(element.S)] += 1
                if "/Pg" in element:
                    seen.add(element.Pg.objgen)
            numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)[::2]
            own = [int(page.obj.StructParents) for page in document.pages]
        assert seen == pages
        assert numbers == own == list(range(len(own)))
        assert kinds["/Table"] >= 1
        assert kinds["/H2"] >= 6
        assert kinds["/Figure"] == 1

    def test_the_same_content_gives_the_same_bytes(self):
        content = issued_content(annexes=[annex("I", 5)])
        assert build_pdf(content, ignore) == build_pdf(content, ignore)


def elements(node):
    """Every structure element below `node`."""
    children = node.get("/K", [])
    for child in [children] if isinstance(children, pikepdf.Dictionary) else children:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


class TestPress:
    def test_progress_only_grows_and_names_the_step(self):
        told = []
        build_pdf(paper_content(annexes=[annex("I", 5), annex("II", 0)]), lambda *step: told.append(step))
        percents = [percent for percent, _step in told]
        assert percents == sorted(percents)
        assert all(0 < percent < 100 for percent in percents)
        assert [step for _percent, step in told] == [
            "Vẽ biểu đồ",
            "Phần nội dung",
            "Phụ lục I",
            "Phụ lục II",
            "Ghép các phần",
        ]

    def test_progress_is_told_while_pages_are_laid_out(self, monkeypatch):
        monkeypatch.setattr(setting, "RENEWAL", -1)
        told = []
        build_pdf(paper_content(annexes=[annex("I", 60)]), lambda *step: told.append(step))
        assert "Phần nội dung, trang 2" in {step for _percent, step in told}
        assert [percent for percent, _step in told] == sorted(percent for percent, _step in told)

    @pytest.mark.parametrize("step", ["Vẽ biểu đồ", "Phần nội dung, trang 2", "Phụ lục I", "Ghép các phần"])
    def test_what_progress_raises_ends_the_work(self, monkeypatch, step):
        class Lost(Exception):
            pass

        def progress(percent, now):
            if now == step:
                raise Lost

        monkeypatch.setattr(setting, "RENEWAL", -1)
        with pytest.raises(Lost):
            build_pdf(paper_content(annexes=[annex("I", 60)]), progress)

    def test_without_the_face_of_official_papers_it_says_what_to_install(self, monkeypatch):
        """Where the body is set, and where annexes are drawn."""
        sheet = setting._sheet

        def other_face(address):
            css = Path(finders.find(address.removeprefix("static:"))).read_text().replace(FONT, "DejaVu Sans")
            return setting.CSS(string=css) if address == setting.PAPER else sheet(address)

        with monkeypatch.context() as patched:
            patched.setattr(setting, "_sheet", other_face)
            with pytest.raises(FontMissing, match="fonts-liberation2"):
                build_pdf(paper_content(annexes=[]), ignore)
        monkeypatch.setattr(faces, "face", faces.face.__wrapped__)
        monkeypatch.setattr(faces, "FONT", "Times New Roman")
        with pytest.raises(FontMissing, match="fonts-liberation2"):
            faces.face("Regular")

    @pytest.mark.parametrize(
        "url", ["http://example.com/x.svg", "file:///etc/passwd", "static:../manage.py", "chart:none"]
    )
    def test_nothing_but_our_own_files_is_read(self, monkeypatch, url):
        made = press.report_paper
        monkeypatch.setattr(press, "report_paper", lambda content: with_chart_at(made(content), url))
        with pytest.raises(ForeignFile):
            build_pdf(paper_content(annexes=[]), ignore)


def with_chart_at(paper, url):
    return {**paper, "charts": [{**chart, "url": url} for chart in paper["charts"]]}
