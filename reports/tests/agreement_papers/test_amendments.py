"""The paper of an amendment: old beside new."""

from datetime import date

import pytest
from django.urls import reverse

from reports.tests.agreement_papers.reading import PDF, SIGNERS, WORD, pdf_text, said, word_text
from reports.tests.reading import squeezed, words_in_top_margin
from twinning.models import Amendment


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
