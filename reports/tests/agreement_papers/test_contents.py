"""Who may have the paper of an agreement, what it says, and when it is a draft."""

import unicodedata
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.tests.agreement_papers.reading import (
    PDF,
    SIGNERS,
    WORD,
    changed,
    of_one_dict,
    pdf_text,
    said,
    slice_of,
    word_text,
)
from reports.tests.reading import squeezed, words_in_top_margin
from twinning.models import AgreementMember, PilotSchool, School, Signatory, TaskForceMember


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
