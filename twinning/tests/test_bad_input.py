"""What people get wrong in an agreement: each time a clear sentence, what was typed is kept, nothing is stored."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from twinning import uploads
from twinning.models import Agreement, District, Programme, School
from twinning.tests.pairing import SIGNING, act, school_pair, state_of

CREATE = "/giao-uoc/moi/"


@pytest.fixture
def refused(as_user):
    """Post a form that must be refused and nothing stored; gives the page."""

    def post(person, form, url=CREATE, status=422):
        before = list(Agreement.objects.order_by("pk").values())
        response = as_user(person).post(url, form)
        assert response.status_code == status
        assert list(Agreement.objects.order_by("pk").values()) == before
        return response.content.decode()

    return post


def district_pair(world, **changes):
    parties = {"supporting_district": world.thanh_tri.pk, "supported_district": world.chuong_my.pk}
    return school_pair(
        world, **{"tier": "district", "supporting_school": None, "supported_school": None, **parties, **changes}
    )


# --- The parties ----------------------------------------------------------------------------------------------------


def test_a_school_paired_with_itself(world, hieu_truong_a, refused):
    page = refused(hieu_truong_a, school_pair(world, supported_school=world.school_a.pk))
    assert "Một trường không thể kết nghĩa với chính mình. Hãy chọn trường khác ở một bên." in page
    assert "Cùng ôn thi vào lớp 10." in page  # what was typed
    assert f'<option value="{world.school_a.pk}" selected>THCS Tả Thanh Oai (huyện Thanh Trì)</option>' in page


def test_a_district_paired_with_itself(world, phong_thanh_tri, refused):
    page = refused(phong_thanh_tri, district_pair(world, supported_district=world.thanh_tri.pk))
    assert "Một phòng không thể kết nghĩa với chính mình. Hãy chọn phòng khác ở một bên." in page


@pytest.mark.parametrize("status", ["draft", "waiting", "returned", "confirmed", "signed"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_second_open_agreement_of_two_schools(world, draft, hieu_truong_a, refused, status, turned):
    Agreement.objects.filter(pk=draft.pk).update(status=status, signed_on=date(2023, 4, 15))
    pair = {"supporting_school": world.school_b.pk, "supported_school": world.school_a.pk} if turned else {}
    page = refused(hieu_truong_a, school_pair(world, **pair))
    assert "Hai đơn vị này đã có một giao ước đang lập hoặc đang hiệu lực. Hãy mở giao ước đó" in page
    assert f'<a href="{draft.get_absolute_url()}">THCS Tả Thanh Oai – THCS Đại Yên' in page


@pytest.mark.parametrize("turned", [False, True])
def test_a_second_open_agreement_of_two_districts(world, district_agreement, phong_thanh_tri, refused, turned):
    pair = {"supporting_district": world.chuong_my.pk, "supported_district": world.thanh_tri.pk} if turned else {}
    page = refused(phong_thanh_tri, district_pair(world, **pair))
    assert "Hai đơn vị này đã có một giao ước đang lập hoặc đang hiệu lực. Hãy mở giao ước đó" in page


def test_an_edit_into_a_pair_that_exists(world, draft, hieu_truong_a, refused, as_user):
    as_user(hieu_truong_a).post(CREATE, school_pair(world, supported_school=world.school_c.pk))
    other = Agreement.objects.exclude(pk=draft.pk).get()
    page = refused(hieu_truong_a, school_pair(world), url=reverse("agreement_edit", args=[other.pk]))
    assert "Hai đơn vị này đã có một giao ước" in page


def test_a_tier_without_its_parties(world, phong_thanh_tri, refused):
    page = refused(phong_thanh_tri, school_pair(world, supporting_school="", supported_school=""))
    assert page.count("Hãy chọn trường.") == 2
    page = refused(phong_thanh_tri, district_pair(world, supporting_district="", supported_district=""))
    assert page.count("Hãy chọn đơn vị.") == 2


@pytest.mark.parametrize("who", ["nguoi_la", "phong_thanh_tri", "can_bo"])
def test_a_pair_without_the_own_unit(world, request, refused, who):
    form = school_pair(world, supporting_school=world.school_d.pk)
    if who == "nguoi_la":
        form = school_pair(world)
    page = refused(request.getfixturevalue(who), form)
    assert "Một trong hai bên phải là đơn vị của thầy/cô." in page


def test_an_edit_does_not_leave_the_own_unit_out(world, draft, hieu_truong_a, refused):
    form = school_pair(world, supporting_school=world.school_c.pk)
    page = refused(hieu_truong_a, form, url=reverse("agreement_edit", args=[draft.pk]))
    assert "Một trong hai bên phải là đơn vị của thầy/cô." in page


def test_an_edit_may_turn_the_sides_round(world, draft, hieu_truong_a, hieu_truong_b, as_user):
    form = school_pair(world, supporting_school=world.school_b.pk, supported_school=world.school_a.pk)
    assert as_user(hieu_truong_a).post(reverse("agreement_edit", args=[draft.pk]), form).status_code == 302
    draft.refresh_from_db()
    assert set(draft.actions_for(hieu_truong_a)) == {"send", "withdraw", "sign_outside"}
    assert not draft.actions_for(hieu_truong_b)


def test_a_principal_registers_no_district_pair(world, hieu_truong_a, refused):
    assert "Hãy chọn" in refused(hieu_truong_a, district_pair(world))


def test_a_unit_of_another_province(world, nguoi_tinh_khac, hieu_truong_a, quan_tri, refused):
    nghe_an = nguoi_tinh_khac.memberships.get().department
    vinh = District.objects.create(
        department=nghe_an, code="412", name="Vinh", kind="thanh_pho", office_name="Phòng Vinh"
    )
    far = School.objects.create(code="40412501", name="THCS Lê Lợi", level="thcs", district=vinh)
    form = school_pair(world, supported_school=far.pk)
    assert "Hãy chọn" in refused(hieu_truong_a, form)
    page = refused(quan_tri, {**form, "programme": world.programme.pk})
    assert "Hai bên phải thuộc Sở của phong trào này" in page


# --- The programme --------------------------------------------------------------------------------------------------


@pytest.fixture
def second_phase(world):
    programme = Programme.objects.create(
        department=world.so,
        name="Giai đoạn hai",
        starts_on=date(2026, 1, 1),
        ends_on=date(2030, 12, 31),
        phase="2026–2030",
    )
    programme.content_areas.create(name="Chuyển đổi số", position=1)
    return programme


def test_contents_belong_to_the_programme_that_was_chosen(world, second_phase, hieu_truong_a, refused, as_user):
    form = school_pair(world, programme=world.programme.pk)
    wrong = refused(hieu_truong_a, {**form, "content_areas": [second_phase.content_areas.get().pk]})
    assert "Hãy chọn" in wrong
    assert as_user(hieu_truong_a).post(CREATE, form).status_code == 302
    agreement = Agreement.objects.get()
    assert (agreement.programme, list(agreement.content_areas.all())) == (world.programme, [world.area])


def test_days_of_another_phase(world, second_phase, hieu_truong_a, refused):
    page = refused(hieu_truong_a, school_pair(world, programme=second_phase.pk, content_areas=[]))
    assert "Ngày phải nằm trong thời gian của phong trào: từ 1/1/2026 đến 31/12/2030." in page


def test_where_no_programme_is_open_there_is_nothing_to_register(world, so, as_user):
    world.programme.agreements.all().delete()
    world.kind.delete(), world.exam.delete()
    world.programme.delete()
    client = as_user(so)
    assert client.get(CREATE).status_code == 404
    assert CREATE not in client.get("/giao-uoc/").content.decode()


def test_where_the_programme_has_no_tier_of_mine_there_is_nothing_to_register(
    world, hieu_truong_a, phong_thanh_tri, as_user
):
    Programme.objects.update(has_school_tier=False)
    client = as_user(hieu_truong_a)
    assert client.get(CREATE).status_code == client.post(CREATE, school_pair(world)).status_code == 404
    assert CREATE not in client.get("/giao-uoc/").content.decode()
    assert as_user(phong_thanh_tri).get(CREATE).status_code == 200


# --- Days -----------------------------------------------------------------------------------------------------------

OUTSIDE = "Ngày phải nằm trong thời gian của phong trào: từ 12/12/2022 đến 31/12/2025."


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "message"),
    [
        ("15/4/2024", "14/4/2024", "Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."),
        ("11/12/2022", "31/5/2025", OUTSIDE),
        ("15/4/2023", "1/1/2026", OUTSIDE),
        ("31/2/2023", "31/5/2025", "Hãy ghi ngày, tháng, năm có thật"),
        ("", "31/5/2025", "bắt buộc"),
        ("mùa xuân", "31/5/2025", "Hãy ghi ngày, tháng, năm có thật"),
    ],
)
def test_days_of_an_agreement(world, hieu_truong_a, refused, starts_on, ends_on, message):
    page = refused(hieu_truong_a, school_pair(world, starts_on=starts_on, ends_on=ends_on))
    assert message in page
    assert f'value="{ends_on}"' in page


@pytest.mark.parametrize("typed", ["15/4/2023", "15-04-2023", "15.4.2023", "2023-04-15"])
def test_days_are_read_as_people_write_them(world, hieu_truong_a, as_user, typed):
    as_user(hieu_truong_a).post(CREATE, school_pair(world, starts_on=typed))
    assert Agreement.objects.get().starts_on == date(2023, 4, 15)


@pytest.mark.parametrize(
    ("signed_on", "message"),
    [
        ("1/6/2025", "Ngày ký không thể sau ngày giao ước kết thúc."),
        ("1/12/2022", "Ngày ký phải nằm trong thời gian của phong trào."),
        ("", "bắt buộc"),
    ],
)
def test_the_day_of_signing(draft, hieu_truong_a, as_user, signed_on, message):
    Agreement.objects.filter(pk=draft.pk).update(status="confirmed")
    before = state_of(draft)
    page = act(as_user(hieu_truong_a), draft, "sign", **{**SIGNING, "signed_on": signed_on}).content.decode()
    assert message in page
    assert "Nguyễn Văn An" in page
    assert state_of(draft) == before


@pytest.mark.parametrize("ended_on", ["14/4/2023", "1/6/2025"])
def test_the_day_of_an_early_end(school_agreement, hieu_truong_a, as_user, ended_on):
    answer = act(as_user(hieu_truong_a), school_agreement, "end", ended_on=ended_on, note="Đổi cặp.")
    assert "Ngày thanh lý phải từ ngày ký đến ngày giao ước kết thúc." in answer.content.decode()
    school_agreement.refresh_from_db()
    assert (school_agreement.status, school_agreement.ended_on) == ("signed", None)


def test_an_early_end_needs_its_reason(school_agreement, hieu_truong_a, as_user):
    answer = act(as_user(hieu_truong_a), school_agreement, "end", ended_on="1/3/2024", note=" ")
    assert "Hãy ghi lý do" in answer.content.decode()
    school_agreement.refresh_from_db()
    assert school_agreement.status == "signed"


def test_a_programme_cut_short_afterwards_leaves_its_agreements_usable(world, school_agreement, hieu_truong_a, as_user):
    """An action judges the days it asks for, and still judges those."""
    Programme.objects.update(ends_on=date(2024, 12, 31))
    client = as_user(hieu_truong_a)
    answer = act(client, school_agreement, "end", ended_on="1/6/2025", note="Đổi cặp.")
    assert "Ngày thanh lý phải từ ngày ký" in answer.content.decode()
    act(client, school_agreement, "end", ended_on="1/3/2024", note="Đổi cặp.")
    school_agreement.refresh_from_db()
    assert school_agreement.status == "ended"


# --- What the database refuses, whoever writes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("agreement_two_schools", lambda w: {"supported_school": w.school_a}),
        ("agreement_two_districts", lambda w: _as_districts(w, supported_district=w.thanh_tri)),
        ("agreement_parties_fit_tier", lambda w: {"tier": "district"}),
        ("agreement_parties_fit_tier", lambda w: {"supported_school": None}),
        ("agreement_dates_in_order", lambda w: {"starts_on": date(2025, 6, 1)}),
        ("agreement_signed_has_day", lambda w: {"status": "signed"}),
        ("pair_key|agreement_once_per_pair", lambda w: {"pk": None}),
        (
            "pair_key|agreement_once_per_pair",
            lambda w: {"pk": None, "supporting_school": w.school_b, "supported_school": w.school_a},
        ),
    ],
)
def test_the_database_guards_the_truth(world, draft, constraint, changes):
    for name, value in changes(world).items():
        setattr(draft, name, value)
    draft._state.adding = draft.pk is None
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        draft.save()


def _as_districts(world, **changes):
    return {"tier": "district", "supporting_school": None, "supported_school": None, **changes}


def test_the_database_keeps_one_open_agreement_of_two_districts(world, district_agreement):
    district_agreement.pk, district_agreement._state.adding = None, True
    district_agreement.supporting_district, district_agreement.supported_district = world.chuong_my, world.thanh_tri
    with pytest.raises(IntegrityError, match=r"pair_key|agreement_once_per_pair"), transaction.atomic():
        district_agreement.save()
    district_agreement.status = "withdrawn"
    district_agreement.save()


# --- Files ----------------------------------------------------------------------------------------------------------


def picture(image_format, size=(20, 20)):
    file = io.BytesIO()
    Image.new("RGB", size).save(file, image_format)
    return file.getvalue()


def office(member):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, "<xml/>")
    return file.getvalue()


@pytest.fixture
def hand_in(draft, hieu_truong_a, as_user):
    """Hand in one file as a paper of the draft; gives the page that answers."""

    def post(name, content):
        form = {"kind": "other", "file": SimpleUploadedFile(name, content)}
        return as_user(hieu_truong_a).post(reverse("agreement_document", args=[draft.pk]), form)

    return post


NOT_AS_NAMED = "không phải là tệp {} như tên gọi. Hãy xuất lại đúng định dạng rồi gửi."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ban-ky.pdf", b"MZ\x90\x00 a program", NOT_AS_NAMED.format("pdf")),
        ("ban-ky.PDF", b"<html>%PDF</html>", NOT_AS_NAMED.format("pdf")),
        ("anh.jpg", picture("PNG"), NOT_AS_NAMED.format("jpg")),
        ("anh.png", picture("PNG")[:60], NOT_AS_NAMED.format("png")),
        ("anh.jpg", picture("JPEG", (400, 400))[:-900], NOT_AS_NAMED.format("jpg")),
        ("ke-hoach.docx", b"PK\x03\x04 broken", NOT_AS_NAMED.format("docx")),
        (
            "ke-hoach.docx",
            office("word/document.xml").replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x9e"),
            NOT_AS_NAMED.format("docx"),
        ),
        ("ke-hoach.docx", office("xl/workbook.xml"), NOT_AS_NAMED.format("docx")),
        ("ke-hoach.doc", b"\xd0\xcf\x11\xe0", "không thuộc loại nhận được. Hãy chọn tệp pdf, docx, xlsx, pptx, jpg"),
        ("chay.exe", b"MZ", "không thuộc loại nhận được"),
        ("ban-ky.pdf.exe", b"%PDF-1.7", "không thuộc loại nhận được"),
        ("khong-duoi", b"%PDF-1.7", "không thuộc loại nhận được"),
        ("trang.svg", b"<svg onload='x'/>", "không thuộc loại nhận được"),
        ("rong.pdf", b"", "rỗng (0 byte). Hãy mở thử tệp trên máy rồi chọn lại."),
    ],
)
def test_a_file_that_is_not_what_it_should_be(hand_in, draft, name, content, message):
    response = hand_in(name, content)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not draft.documents.exists()
    assert not draft.events.exists()


@pytest.mark.parametrize(("more", "status"), [(0, 302), (1, 422)])
def test_a_file_over_the_limit(hand_in, draft, settings, more, status):
    settings.UPLOAD_MAX_BYTES = 1024**2
    response = hand_in("ban-ky.pdf", b"%PDF-1.7".ljust(1024**2 + more))
    assert response.status_code == status
    if more:
        assert (
            "“ban-ky.pdf” nặng 2 MB, quá giới hạn 1 MB. Hãy nén hoặc tách nhỏ rồi gửi lại." in response.content.decode()
        )
    assert draft.documents.count() == 1 - more


def test_the_limit_is_twenty_megabytes(settings):
    assert settings.UPLOAD_MAX_BYTES == 20 * 1024**2


def test_a_picture_of_too_many_points_says_so(hand_in, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PIXELS", 399)
    page = hand_in("anh.png", picture("PNG")).content.decode()
    assert "Ảnh “anh.png” quá lớn" in page
    assert "Hãy thu nhỏ ảnh rồi gửi lại." in page


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Bản ký.pdf", b"%PDF-1.7", "application/pdf"),
        ("ke-hoach.docx", office("word/document.xml"), uploads.OFFICE_TYPES[".docx"][1]),
        ("danh-sach.xlsx", office("xl/workbook.xml"), uploads.OFFICE_TYPES[".xlsx"][1]),
    ],
)
def test_a_good_file_is_kept_as_what_it_is(hand_in, draft, name, content, content_type):
    assert hand_in(name, content).status_code == 302
    paper = draft.documents.get()
    assert (paper.name, paper.content_type, paper.size) == (name, content_type, len(content))
    assert draft.events.get().note == name


@pytest.mark.parametrize(
    ("taken", "name", "kept", "content_type"),
    [
        ("JPEG", "anh.JPG", "anh.JPG", "image/jpeg"),
        ("PNG", "anh.png", "anh.png", "image/png"),
        ("HEIF", "IMG_1.HEIC", "IMG_1.jpg", "image/jpeg"),
    ],
)
def test_a_picture_is_kept_without_what_the_camera_wrote(hand_in, draft, taken, name, kept, content_type):
    assert hand_in(name, camera_picture(taken)).status_code == 302
    paper = draft.documents.get()
    with paper.file.open() as file:
        content = file.read()
    assert (paper.name, paper.content_type, paper.size) == (kept, content_type, len(content))
    with Image.open(io.BytesIO(content)) as image:
        assert not image.getexif()
        assert image.size == (30, 40)  # it lay on its side
    assert b"Nha rieng" not in content


def camera_picture(image_format):
    """40 × 30 points, lying on its side, with place and a remark."""
    image = Image.new("RGB", (40, 30), "#7a9cc0")
    exif = image.getexif()
    exif[0x0112], exif[0x010E] = 6, "Nha rieng"
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    image.save(buffer, image_format, exif=exif.tobytes())
    return buffer.getvalue()


def test_a_large_photo_is_made_as_large_as_a_page_needs(hand_in, draft):
    buffer = io.BytesIO()
    Image.new("RGB", (5000, 2500)).save(buffer, "JPEG")
    assert hand_in("anh.jpg", buffer.getvalue()).status_code == 302
    with draft.documents.get().file.open() as file, Image.open(file) as image:
        assert image.size == (2560, 1280)


def test_a_very_long_file_name_keeps_its_end(hand_in, draft):
    assert hand_in(f"{'Bản ký giao ước ' * 15}.pdf", b"%PDF-1.7").status_code == 302
    paper = draft.documents.get()
    assert len(paper.name) <= 200
    assert paper.name.startswith("Bản ký giao ước Bản ký")
    assert paper.name.endswith(".pdf")


def test_a_scan_that_is_refused_leaves_the_agreement_unsigned(draft, hieu_truong_a, as_user, pdf):
    Agreement.objects.filter(pk=draft.pk).update(status="confirmed")
    before = state_of(draft)
    scan = pdf(content=b"not one")
    page = act(as_user(hieu_truong_a), draft, "sign", **SIGNING, scan=scan).content.decode()
    assert NOT_AS_NAMED.format("pdf") in page
    assert "Trần Thị Bình" in page
    assert state_of(draft) == before
