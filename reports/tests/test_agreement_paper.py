"""The paper of an agreement read back, as PDF and as Word: who may have it, its form, and that both say the same."""

import io
import unicodedata
from datetime import date

import pdfplumber
import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports import official
from reports.papers import letters
from reports.tests.reading import A4, MARGINS, MM, find, plain, rule_below, squeezed, style, words_in_top_margin
from twinning.models import Agreement, AgreementMember, Amendment, PilotSchool, School, Signatory, TaskForceMember

PDF, WORD = "pdf", "docx"
OBJECTIVES = "Nâng chất lượng dạy học các môn thi vào lớp 10.\nĐổi mới phương pháp dạy học, dự giờ chéo."
PROSE = "Các trường đã ký kết luân phiên đăng cai, chuẩn bị chu đáo và áp dụng ngay điều học được, có 1.234 lượt. " * 2
SIGNERS = {
    "supporting_signatory": "Nguyễn Thị Ánh Tuyết",
    "supporting_position": "Hiệu trưởng",
    "supported_signatory": "Đỗ Văn Quỳnh",
    "supported_position": "KT. Hiệu trưởng / Phó Hiệu trưởng",
}


@pytest.fixture
def ready(draft, district_agreement, world):
    """THCS Tả Thanh Oai – THCS Đại Yên, below the agreement of their districts, confirmed and ready to sign."""
    draft.content_areas.add(world.area)
    return changed(
        draft,
        status="confirmed",
        umbrella=district_agreement,
        objectives=OBJECTIVES,
        supporting_contents="Cử giáo viên cốt cán dạy minh hoạ 04 tiết mỗi học kỳ.\nTặng 20 bộ máy tính.",
        supported_contents="Bố trí phòng học và cử giáo viên tham dự.",
        **SIGNERS,
    )


@pytest.fixture
def crowded(ready, world):
    """Three member units and further signatories on each side."""
    for side, district in (("supporting", world.thanh_tri), ("supported", world.chuong_my)):
        for n in range(1, 4):
            school = School.objects.create(code=f"{side}{n}", name=f"THCS Số {n}", level="thcs", district=district)
            AgreementMember.objects.create(agreement=ready, side=side, school=school, district=district)
        Signatory.objects.create(
            agreement=ready,
            side=side,
            organisation=f"Công đoàn {ready.party_name(side)}",
            full_name=f"Vũ Thị Oanh {side[-1].upper()}",
            position="Chủ tịch Công đoàn",
        )
    return ready


@pytest.fixture
def paper(as_user, hieu_truong_a):
    """Ask for the paper of an agreement or amendment as a principal of the pairing; it is closed at the end."""
    opened = []

    def get(thing, form, person=hieu_truong_a):
        response = as_user(person).get(reverse(f"{thing._meta.model_name}_paper", args=[thing.pk, form]))
        assert response.status_code == 200, response
        data = io.BytesIO(b"".join(response.streaming_content))
        if form == WORD:
            return Document(data)
        opened.append(pdfplumber.open(data, unicode_norm=None))
        return opened[-1]

    yield get
    for pdf in opened:
        pdf.close()


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


# --- Who may have it --------------------------------------------------------------------------------------------------


of_one_dict = pytest.mark.one_database(
    "Sets one dict on paper; TestAccess and TestAmendments ask what fills it, on both kinds of database."
)


class TestAccess:
    @pytest.mark.parametrize("form", [PDF, WORD])
    def test_who_reads_the_agreement_has_its_paper_and_strangers_find_nothing(self, ready, as_user, request, form):
        url = reverse("agreement_paper", args=[ready.pk, form])
        for who in ("hieu_truong_b", "can_bo", "phong_chuong_my", "so", "chi_xem"):
            assert as_user(request.getfixturevalue(who)).get(url).status_code == 200, who
        for who in ("nguoi_la", "nguoi_tinh_khac"):
            assert as_user(request.getfixturevalue(who)).get(url).status_code == 404, who

    def test_a_member_unit_has_it(self, crowded, as_user, person):
        school = crowded.members.first().school
        principal = person("truong.khac", "principal", school=school)
        assert as_user(principal).get(reverse("agreement_paper", args=[crowded.pk, PDF])).status_code == 200

    def test_nobody_gets_the_sign_in_page(self, ready, client):
        response = client.get(reverse("agreement_paper", args=[ready.pk, PDF]))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))

    def test_another_form_is_not_found_and_nothing_is_posted(self, ready, as_user, hieu_truong_a):
        client = as_user(hieu_truong_a)
        assert client.get(reverse("agreement_paper", args=[ready.pk, "odt"])).status_code == 404
        assert client.post(reverse("agreement_paper", args=[ready.pk, PDF])).status_code == 405

    @pytest.mark.parametrize(("form", "kind"), [(PDF, "inline"), (WORD, "attachment")])
    def test_it_is_a_private_file_with_a_plain_and_a_full_name(self, ready, as_user, hieu_truong_a, form, kind):
        response = as_user(hieu_truong_a).get(reverse("agreement_paper", args=[ready.pk, form]))
        disposition = response["Content-Disposition"]
        plain_name = "giao-uoc-truong-thcs-ta-thanh-oai-truong-thcs-dai-yen"
        assert disposition.startswith(f'{kind}; filename="{plain_name}.{form}"; ')
        assert "filename*=UTF-8''Giao%20%C6%B0%E1%BB%9Bc%20Tr%C6%B0%E1%BB%9Dng" in disposition
        assert response["Cache-Control"].startswith("private")
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_the_page_of_the_agreement_leads_to_both(self, ready, as_user, hieu_truong_a):
        page = as_user(hieu_truong_a).get(ready.get_absolute_url()).content.decode()
        for form in (PDF, WORD):
            assert f'href="{reverse("agreement_paper", args=[ready.pk, form])}"' in page

    def test_as_many_queries_for_many_members_as_for_one(self, ready, crowded, as_user, hieu_truong_a, world):
        client, url = as_user(hieu_truong_a), reverse("agreement_paper", args=[ready.pk, WORD])
        counts = []
        PilotSchool.objects.create(agreement=ready, school=world.school_a)
        for n in range(2):
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                client.get(url)
            counts.append(len(caught))
            for i in range(5):
                school = School.objects.create(code=f"m{n}{i}", name=f"THCS M{i}", level="thcs", district=world.ba_dinh)
                AgreementMember.objects.create(agreement=ready, side="supported", school=school, district=world.ba_dinh)
                PilotSchool.objects.create(agreement=ready, school=school)
        assert counts[0] == counts[1]


# --- What it says -----------------------------------------------------------------------------------------------------


@of_one_dict
@pytest.mark.parametrize("form", [PDF, WORD])
class TestContents:
    def test_it_says_what_is_stored(self, ready, paper, form):
        text = said(paper(ready, form))
        for words in (
            "GIAO ƯỚC Về việc kết nghĩa giữa Trường THCS Tả Thanh Oai và Trường THCS Đại Yên",
            "Căn cứ Kế hoạch số 4340/KH-SGDĐT ngày 12 tháng 12 năm 2022 của Sở GD&ĐT Hà Nội về triển khai phong trào;",
            "Căn cứ Giao ước số 01/BGN-PGDĐT ngày 15 tháng 4 năm 2023 giữa Phòng Giáo dục và Đào tạo huyện Thanh Trì",
            "huyện Thanh Trì và Phòng Giáo dục và Đào tạo huyện Chương Mỹ;",
            "BÊN A (BÊN HỖ TRỢ): TRƯỜNG THCS TẢ THANH OAI",
            "Đại diện: Ông (Bà) Nguyễn Thị Ánh Tuyết; chức vụ: Hiệu trưởng.",
            "BÊN B (BÊN ĐƯỢC HỖ TRỢ): TRƯỜNG THCS ĐẠI YÊN",
            "Đại diện: Ông (Bà) Đỗ Văn Quỳnh; chức vụ: Phó Hiệu trưởng.",
            "Điều 1. Mục tiêu, nội dung phối hợp 1. Mục tiêu Nâng chất lượng dạy học các môn thi vào lớp 10. Đổi mới",
            "a) Đổi mới phương pháp dạy học.",
            "Hai bên hỗ trợ lẫn nhau.",
            "Điều 2. Trách nhiệm của Bên A Cử giáo viên cốt cán dạy minh hoạ 04 tiết mỗi học kỳ. Tặng 20 bộ máy tính.",
            "Điều 3. Trách nhiệm của Bên B Bố trí phòng học và cử giáo viên tham dự.",
            "từ ngày 15 tháng 4 năm 2023 đến hết ngày 31 tháng 5 năm 2025.",
            "được lập thành 04 bản có giá trị như nhau; mỗi bên giữ 02 bản./.",
            "PHÓ HIỆU TRƯỞNG",
        ):
            assert words in text
        assert text.count("./.") == 1

    def test_what_is_not_known_is_left_to_be_written(self, draft, paper, form):
        text = said(paper(draft, form))
        assert "Số: ………/GƯ-THCSTTO" in text
        assert "Thanh Trì, ngày …… tháng …… năm ………" in text
        assert text.count("Đại diện: Ông (Bà) ……………………; chức vụ: …………………….") == 2
        assert "Điều 2. Trách nhiệm của Bên A …………" in text

    def test_more_units_and_signatories(self, crowded, paper, form):
        text = said(paper(crowded, form))
        assert text.count("Cùng tham gia: Trường THCS Số 1; Trường THCS Số 2; Trường THCS Số 3.") == 2
        assert "Cùng ký: Công đoàn THCS Tả Thanh Oai" in text
        assert "đại diện: Ông (Bà) Vũ Thị Oanh G; chức vụ: Chủ tịch Công đoàn." in text
        # 2 for each lead unit, 1 for each of 3 members and of 1 organisation on both sides.
        assert "được lập thành 12 bản" in text

    def test_a_member_that_signs_itself_gets_one_copy(self, crowded, paper, form):
        Signatory.objects.create(
            agreement=crowded, side="supported", organisation="THCS Số 2", full_name="Lê Hà", position="Hiệu trưởng"
        )
        assert "được lập thành 12 bản" in said(paper(crowded, form))

    def test_task_force_and_pilot_schools(self, district_agreement, world, paper, form, phong_thanh_tri):
        for side, name, duty in (("supporting", "Trần Văn Cường", "head"), ("supported", "Lê Thị Dung", "member")):
            TaskForceMember.objects.create(
                agreement=district_agreement, side=side, full_name=name, position="Chuyên viên", duty=duty
            )
        for school in (world.school_a, world.school_b, world.school_d):
            PilotSchool.objects.create(agreement=district_agreement, school=school)
        text = said(paper(district_agreement, form, phong_thanh_tri))
        assert "1. Tổ công tác của hai bên gồm: a) Bên A: Ông (Bà) Trần Văn Cường (Chuyên viên), tổ trưởng; b)" in text
        assert (
            "2. Trường xây dựng điểm: a) Bên A: Trường THCS Tả Thanh Oai; "
            "b) Bên B: Trường Tiểu học Đại Yên; Trường THCS Đại Yên. 3. Hằng năm học" in text
        )

    def test_points_have_the_letters_of_the_decree(self, ready, world, paper, form):
        for n in range(2, 8):
            ready.content_areas.create(programme=world.programme, name=f"Nội dung thứ {n};", position=n)
        text = said(paper(ready, form))
        letters = ["b", "c", "d", "đ", "e", "g"]
        points = "; ".join(f"{letter}) Nội dung thứ {n}" for n, letter in enumerate(letters, 2))
        assert f"a) Đổi mới phương pháp dạy học; {points}. 3. Chiều hỗ trợ" in text

    @pytest.mark.parametrize(("kind", "title"), [("mou", "BẢN GHI NHỚ"), ("joint_plan", "KẾ HOẠCH PHỐI HỢP")])
    def test_subject_agreements_of_other_kinds_one_way(self, draft, world, paper, form, kind, title):
        subject = changed(draft, tier="subject", subject=world.toan, kind=kind, direction="one_way")
        text = said(paper(subject, form))
        assert f"{title} Về việc kết nghĩa bộ môn Toán giữa Trường THCS Tả Thanh Oai" in text
        assert "TRƯỜNG THCS ĐẠI YÊN (BỘ MÔN TOÁN)" in text
        assert "Bên A hỗ trợ Bên B." in text

    def test_what_people_typed_is_text_and_nothing_else(self, ready, paper, form):
        """Marks of HTML, XML and templates; control characters; decomposed letters; emoji and foreign scripts."""
        decomposed = unicodedata.normalize("NFD", "Đại Yên")
        typed = f"<b>A</b> & “x” {{{{ number }}}} {{% if %}} ]]> \x0b\x07một {decomposed} 😀 中"
        text = said(paper(changed(ready, supporting_contents=typed, signed_at="<i>&amp;"), form))
        assert "<b>A</b> & “x” {{ number }} {% if %} ]]> một Đại Yên □ □" in text
        assert "tại <i>&amp;, chúng tôi" in text
        assert unicodedata.is_normalized("NFC", text)


def test_word_and_pdf_say_the_same(crowded, paper):
    pdf, word = squeezed(pdf_text(paper(crowded, PDF))), squeezed(word_text(paper(crowded, WORD)))
    body = slice_of(pdf)
    assert body == slice_of(word)
    assert len(body) > 1500
    # The head and the signatures stand in columns, which are read line by line from a PDF.
    rest_of_pdf, rest_of_word = (sorted(text.replace(body, "")) for text in (pdf, word))
    assert rest_of_pdf == rest_of_word


def slice_of(text):
    return text[text.index("GIAOƯỚC") : text.index("./.")]


# --- Draft, confirmed, signed -----------------------------------------------------------------------------------------


@of_one_dict
class TestStatus:
    @pytest.mark.parametrize(
        ("status", "is_draft"),
        [
            ("draft", True),
            ("waiting", True),
            ("returned", True),
            ("withdrawn", True),
            ("confirmed", False),
            ("signed", False),
            ("expired", False),
            ("ended", False),
        ],
    )
    def test_the_draft_mark_stays_until_both_sides_agree(self, ready, paper, status, is_draft):
        agreement = changed(ready, status=status, signed_on=date(2023, 4, 15))
        for page in paper(agreement, PDF).pages:
            assert ("THẢO" in words_in_top_margin(page)) == is_draft
        section = paper(agreement, WORD).sections[0]
        for header in (section.first_page_header, section.header):
            assert ("DỰ THẢO" in header.paragraphs[0].text) == is_draft

    @pytest.mark.parametrize("form", [PDF, WORD])
    def test_a_signed_paper_stays_as_it_was_signed(self, ready, paper, hieu_truong_a, world, form):
        signing = {"signed_on": date(2023, 4, 15), "signed_at": "Trường THCS Tả Thanh Oai", "number": ""}
        ready.perform("sign", hieu_truong_a, **signing, **SIGNERS)
        before = said(paper(ready, form))
        assert f"Số: {ready.number}" in before
        assert ready.number == "01/GƯ-THCSTTO"
        assert "Thanh Trì, ngày 15 tháng 4 năm 2023" in before
        assert "Hôm nay, ngày 15 tháng 4 năm 2023, tại Trường THCS Tả Thanh Oai, chúng tôi gồm:" in before
        School.objects.filter(pk=world.school_a.pk).update(name="THCS Tên Mới")
        ready.content_areas.clear()
        agreement = changed(ready, supporting_contents="Khác hẳn", ends_on=date(2025, 12, 31))
        assert said(paper(agreement, form)) == before
        assert "Khác hẳn" in said(paper(changed(agreement, frozen=None), form))

    def test_the_number_of_the_paper_is_that_of_the_agreement(self, district_agreement, paper, phong_thanh_tri):
        for form in (PDF, WORD):
            assert "Số: 01/BGN-PGDĐT" in said(paper(district_agreement, form, phong_thanh_tri))


# --- The form of the PDF ----------------------------------------------------------------------------------------------


@of_one_dict
class TestPdf:
    def test_the_page_is_that_of_the_decree(self, crowded, paper):
        left, right, top, bottom = (margin * MM for margin in MARGINS)
        pdf = paper(changed(crowded, objectives="\n".join([PROSE] * 30)), PDF)
        assert len(pdf.pages) > 4
        for page in pdf.pages:
            assert (page.width, page.height) == pytest.approx(A4, abs=0.1)
            chars = [char for char in page.chars if char["text"].strip()]
            body = [char for char in chars if char["top"] > top - 0.5]
            assert min(char["x0"] for char in body) >= left - 0.5
            assert max(char["x1"] for char in body) <= page.width - right + 0.5
            assert max(char["bottom"] for char in body) <= page.height - bottom + 0.5
            assert {char["fontname"].partition("+")[2].partition("-")[0] for char in chars} == {"Liberation"}
            number = words_in_top_margin(page)
            assert number == ([str(page.page_number)] if page.page_number > 1 else [])
            if number:
                box = page.crop((0, 0, page.width, 19 * MM)).extract_words()[0]
                assert (box["x0"] + box["x1"]) / 2 == pytest.approx((left + page.width - right) / 2, abs=1)

    def test_size_and_style_of_each_element(self, ready, paper):
        page = paper(ready, PDF).pages[0]
        for words, expected in (
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, True, False)),
            ("Độc lập - Tự do - Hạnh phúc", (13, True, False)),
            ("TRƯỜNG THCS ĐẠI YÊN", (12, True, False)),
            ("Số: ………/GƯ-THCSTTO", (13, False, False)),
            ("Thanh Trì, ngày …… tháng …… năm ………", (13, False, True)),
            ("GIAO ƯỚC", (14, True, False)),
            ("Về việc kết nghĩa giữa Trường THCS Tả Thanh Oai", (14, True, False)),
            ("Căn cứ Kế hoạch số 4340/KH-SGDĐT", (14, False, True)),
            ("BÊN A (BÊN HỖ TRỢ)", (14, True, False)),
            ("Đại diện: Ông (Bà) Nguyễn", (14, False, False)),
            ("Điều 1. Mục tiêu, nội dung phối hợp", (14, True, False)),
        ):
            assert style(page, words) == expected, words

    def test_the_head_names_both_parties_and_is_level(self, district_agreement, paper, phong_thanh_tri):
        page = paper(district_agreement, PDF, phong_thanh_tri).pages[0]
        names = [line["text"] for line in page.crop((0, 19 * MM, 97 * MM, 50 * MM)).extract_text_lines()]
        assert [plain(name) for name in names] == [
            "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
            "HUYỆN THANH TRÌ -",
            "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
            "HUYỆN CHƯƠNG MỸ",
            "Số: 01/BGN-PGDĐT",
        ]
        country, issuer = find(page, "CỘNG HÒA XÃ HỘI"), find(page, "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO")
        assert country[1] == pytest.approx(issuer[1], abs=1)
        x0, x1 = rule_below(page, find(page, "Độc lập - Tự do - Hạnh phúc"))
        motto = find(page, "Độc lập - Tự do - Hạnh phúc")
        assert (x0, x1) == pytest.approx((motto[0], motto[2]), abs=1)

    @pytest.mark.parametrize("paragraphs", [1, 9, 12, 15])
    def test_signatures_stand_side_by_side_and_whole_with_the_end_of_the_text(self, crowded, paper, paragraphs):
        pdf = paper(changed(crowded, objectives="\n".join([PROSE] * paragraphs)), PDF)
        (number,) = pages_of(pdf, "./.")
        page = pdf.pages[number - 1]
        left, right = find(page, "ĐẠI DIỆN BÊN A"), find(page, "ĐẠI DIỆN BÊN B")
        assert left[1] == right[1]
        assert left[2] < page.width / 2 < right[0]
        # The names on one line, with room for signature and seal above them.
        names = [page.search(name.replace(" ", r"\s+"))[-1] for name in ("Nguyễn Thị Ánh Tuyết", "Đỗ Văn Quỳnh")]
        assert names[0]["top"] == pytest.approx(names[1]["top"], abs=0.5)
        assert names[0]["top"] - find(page, "PHÓ HIỆU TRƯỞNG")[3] > 25 * MM
        # The organisations that sign as well: each whole on its side of one page.
        for half, organisation, name in ((0, "CÔNG ĐOÀN THCS TẢ THANH OAI", "Oanh G"), (1, "ĐẠI YÊN", "Oanh D")):
            (block,) = [
                text
                for page in pdf.pages[number - 1 :]
                if "CÔNG ĐOÀN" in (text := plain(page.crop(half_of(page, half)).extract_text()))
            ]
            assert organisation in block
            assert block.endswith(f"CHỦ TỊCH CÔNG ĐOÀN Vũ Thị {name}")

    def test_it_has_a_title_and_bookmarks_of_the_articles(self, ready, as_user, hieu_truong_a):
        response = as_user(hieu_truong_a).get(reverse("agreement_paper", args=[ready.pk, PDF]))
        with pikepdf.open(io.BytesIO(b"".join(response.streaming_content))) as pdf:
            assert pdf.open_metadata()["dc:title"] == "Giao ước giữa Trường THCS Tả Thanh Oai và Trường THCS Đại Yên"
            assert pdf.Root.Lang == "vi"
            with pdf.open_outline() as outline:
                assert [item.title for item in outline.root][:2] == [
                    "Điều 1. Mục tiêu, nội dung phối hợp",
                    "Điều 2. Trách nhiệm của Bên A",
                ]

    @pytest.mark.parametrize("objectives", ["a\n" * 800, "Dài " * 13_000, "x" * 400])
    def test_what_would_take_long_is_offered_as_word(self, ready, as_user, hieu_truong_a, objectives):
        agreement = changed(ready, objectives=objectives)
        response = as_user(hieu_truong_a).get(reverse("agreement_paper", args=[agreement.pk, PDF]), follow=True)
        assert response.redirect_chain == [(agreement.get_absolute_url(), 302)]
        assert "Hãy tải bản Word rồi in từ đó" in response.content.decode()

    def test_without_the_face_it_says_what_to_install(self, ready, as_user, hieu_truong_a, monkeypatch):
        def missing():
            raise letters.FontMissing

        monkeypatch.setattr(letters, "_repertoire", missing)
        response = as_user(hieu_truong_a).get(reverse("agreement_paper", args=[ready.pk, PDF]), follow=True)
        assert "fonts-liberation2" in response.content.decode()


def half_of(page, half):
    return half * page.width / 2, 19 * MM, (half + 1) * page.width / 2, page.height


# --- The form of the Word file ----------------------------------------------------------------------------------------


@of_one_dict
class TestWord:
    def test_page_styles_and_number(self, ready, paper):
        document = paper(ready, WORD)
        section = document.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        margins = section.left_margin, section.right_margin, section.top_margin, section.bottom_margin
        assert [round(margin.mm) for margin in margins] == list(MARGINS)
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        styles = {paragraph.style.name for paragraph in document.paragraphs}
        assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Body Text", "Căn cứ", "Bên ký", "Kết thúc"} <= styles
        normal = document.styles["Normal"]
        assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
        body = document.styles["Body Text"].paragraph_format
        assert body.first_line_indent == pytest.approx(Mm(12.7), abs=700)
        assert body.space_before == Pt(6)

    def test_nothing_of_the_template_is_left(self, crowded, paper):
        document = paper(crowded, WORD)
        assert not {"{{", "{%", "}}", "%}"} & {mark for mark in ("{{", "{%", "}}", "%}") if mark in word_text(document)}
        assert document.core_properties.title.startswith("Giao ước giữa")

    def test_signatures_are_a_table_that_stays_together(self, crowded, paper):
        document = paper(crowded, WORD)
        assert [paragraph.style.name for paragraph in document.paragraphs if "./." in paragraph.text] == ["Kết thúc"]
        assert document.styles["Kết thúc"].paragraph_format.keep_with_next
        rows = document.tables[1].rows
        cells = [[plain(cell.text) for cell in row.cells] for row in rows]
        assert cells == [
            ["ĐẠI DIỆN BÊN A HIỆU TRƯỞNG", "ĐẠI DIỆN BÊN B KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG"],
            ["Nguyễn Thị Ánh Tuyết", "Đỗ Văn Quỳnh"],
            [f"{organisation.organisation.upper()} CHỦ TỊCH CÔNG ĐOÀN" for organisation in signatories(crowded)],
            [organisation.full_name for organisation in signatories(crowded)],
        ]
        for row in rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
            assert all(p.style.paragraph_format.keep_with_next for cell in row.cells for p in cell.paragraphs)


def signatories(agreement):
    rows = list(agreement.further_signatories.all())
    return [next(row for row in rows if row.side == side) for side in ("supporting", "supported")]


@pytest.mark.parametrize(("n", "letter"), [(1, "a"), (4, "d"), (5, "đ"), (6, "e"), (7, "g"), (23, "y"), (24, "a1")])
def test_letters_of_points(n, letter):
    assert official.point(n) == letter


# --- Amendments -------------------------------------------------------------------------------------------------------


@pytest.fixture
def amendment(ready, world, hieu_truong_a):
    """Of the signed agreement: a longer time, other contents, one more content area and a member unit on side B."""
    ready.perform("sign", hieu_truong_a, signed_on=date(2023, 4, 15), signed_at="Thanh Trì", number="", **SIGNERS)
    added = ready.content_areas.create(programme=world.programme, name="Chuyển đổi số", position=2)
    return Amendment.objects.create(
        agreement=ready,
        position=1,
        registered_side="supporting",
        reason="Hai trường cần thêm thời gian.",
        base={
            "ends_on": "2025-05-31",
            "supported_contents": ready.supported_contents,
            "content_areas": [world.area.pk],
            "members": [],
        },
        changes={
            "ends_on": "2025-12-31",
            "supported_contents": "Cử 12 giáo viên <tham dự> & báo cáo.",
            "content_areas": [world.area.pk, added.pk],
            "members": [["supported", world.chuong_my.pk, world.school_d.pk]],
        },
    )


class TestAmendments:
    @pytest.mark.parametrize("form", [PDF, WORD])
    def test_it_sets_what_was_signed_beside_what_shall_be(self, amendment, paper, form):
        text = said(paper(amendment, form))
        for words in (
            "PHỤ LỤC SỐ 01 Sửa đổi, bổ sung Giao ước số 01/GƯ-THCSTTO giữa Trường THCS Tả Thanh Oai và",
            "Căn cứ Giao ước số 01/GƯ-THCSTTO ngày 15 tháng 4 năm 2023 giữa Trường THCS Tả Thanh Oai và",
            "Điều 1. Lý do điều chỉnh Hai trường cần thêm thời gian.",
            "1. Thời gian thực hiện Nội dung đang thực hiện: Đến hết ngày 31 tháng 5 năm 2025.",
            "2025. Nay sửa đổi thành: Đến hết ngày 31 tháng 12 năm 2025.",
            "Trách nhiệm của Bên B Nội dung đang thực hiện: Bố trí phòng học và cử giáo viên tham dự.",
            "tham dự. Nay sửa đổi thành: Cử 12 giáo viên <tham dự> & báo cáo.",
            "a) Đổi mới phương pháp dạy học. Nay sửa đổi thành: a) Đổi mới phương pháp dạy học; b) Chuyển đổi số.",
            "(Chưa có.) Nay sửa đổi thành: a) Trường Tiểu học Đại Yên (Bên B).",
            "Phụ lục này có hiệu lực kể từ ngày ký, được lập thành 04 bản có giá trị như nhau; mỗi bên giữ 02 bản./.",
            "Đỗ Văn Quỳnh",
        ):
            assert words in text
        assert "Số:" not in text.replace("Phụ lục số", "")

    def test_word_and_pdf_say_the_same(self, amendment, paper):
        assert sorted(squeezed(pdf_text(paper(amendment, PDF)))) == sorted(squeezed(word_text(paper(amendment, WORD))))

    def test_draft_until_confirmed(self, amendment, paper):
        assert "THẢO" in words_in_top_margin(paper(amendment, PDF).pages[0])
        Amendment.objects.update(status="confirmed")
        assert "THẢO" not in words_in_top_margin(paper(amendment, PDF).pages[0])

    def test_strangers_find_nothing(self, amendment, as_user, nguoi_la, nguoi_tinh_khac, phong_chuong_my):
        url = reverse("amendment_paper", args=[amendment.pk, WORD])
        assert as_user(phong_chuong_my).get(url).status_code == 200
        assert as_user(nguoi_la).get(url).status_code == 404
        assert as_user(nguoi_tinh_khac).get(url).status_code == 404
