"""Know-how that is shared: who reads it, what is found, versions, links, thanks, and taking it back."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notification
from activities.merging import merge
from activities.models import Activity, ActivityDocument, Material
from twinning.models import School
from twinning.uploads import check_upload

LIST = "/kho-hoc-lieu/"


def form(pdf=None, **changes):
    typed = {
        "title": "Kế hoạch bài dạy: Phương trình bậc hai",
        "kind": "lesson_plan",
        "level": "thcs",
        "subject": "",
        "description": "Dùng cho lớp 9 ôn thi.",
        "readers": "programme",
        "licence": "by-nc",
        "is_clean": "on",
        **changes,
    }
    return typed | ({"file": pdf} if pdf else {})


@pytest.fixture
def share(activity, hieu_truong_a, as_user, pdf):
    """share(**changes) → the material that principal A shares through the page, with a PDF unless `file` is None."""

    def send(file="giao-an.pdf", by=hieu_truong_a, **changes):
        answer = as_user(by).post(f"{LIST}moi/?hoat_dong={activity.pk}", form(file and pdf(file), **changes))
        assert answer.status_code == 302, answer.context["form"].errors
        return Material.objects.latest("pk")

    return send


def opens(client, file):
    answer = client.get(file.get_absolute_url())
    return answer.status_code == 200 and answer.getvalue().startswith(b"%PDF")


def reads(client, material):
    """What the person meets at the page, in the list, in the search and at the file: all or nothing."""
    answers = {
        client.get(material.get_absolute_url()).status_code == 200,
        material.title in client.get(LIST).content.decode(),
        material.title in client.get("/tim-kiem/?q=phuong+trinh+bac+hai").content.decode(),
        opens(client, material.file),
    }
    assert len(answers) == 1
    return answers.pop()


@pytest.fixture
def neighbour(world, person):
    """The principal of another school of Chương Mỹ, which took no part."""
    return person("truong.01277401", "principal", school=world.school_d)


def test_readers_are_those_it_was_shared_with(share, request, as_user):
    pair = {"hieu_truong_a", "hieu_truong_b", "phong_thanh_tri", "phong_chuong_my", "so", "chi_xem"}
    expected = {"pair": pair, "districts": pair | {"neighbour"}, "programme": pair | {"neighbour", "nguoi_la"}}
    materials = {readers: share(readers=readers, title=f"Phương trình bậc hai {readers}") for readers in expected}
    for who in ("neighbour", "nguoi_la"):  # through every door
        client = as_user(request.getfixturevalue(who))
        seen = {readers for readers, material in materials.items() if reads(client, material)}
        assert seen == {readers for readers in expected if who in expected[readers]}
    for who in pair | {"neighbour", "nguoi_la", "nguoi_tinh_khac"}:
        user = request.getfixturevalue(who)
        seen = set(Material.objects.visible_to(user))
        assert seen == {materials[readers] for readers in expected if who in expected[readers]}, who
        assert {file.material for file in ActivityDocument.objects.visible_to(user)} == seen


def test_a_school_that_moved_still_reads_what_its_old_district_shares(world, share, neighbour, as_user):
    material = share(readers="districts")
    school = School.objects.get(pk=world.school_d.pk)
    school.managements.update(valid_to=date(2024, 6, 30))
    school.managements.create(district=world.ba_dinh, valid_from=date(2024, 7, 1))
    School.objects.filter(pk=school.pk).update(district=world.ba_dinh)
    assert reads(as_user(neighbour), material)


def test_taken_back_it_is_gone_for_the_others_and_thanks_stay(
    share, hieu_truong_a, hieu_truong_b, nguoi_la, so, as_user
):
    material = share()
    reader, owner = as_user(nguoi_la), as_user(hieu_truong_a)
    reader.post(f"{LIST}{material.pk}/cam-on/")
    owner.post(f"{LIST}{material.pk}/thu-lai/", {"note": "Có sai sót"})
    assert not reads(reader, material)
    # The other side of the activity loses it too: there may be pupils in it.
    partner = as_user(hieu_truong_b)
    assert partner.get(material.get_absolute_url()).status_code == 404
    assert not opens(partner, material.file)
    assert material.file not in partner.get(material.activity.get_absolute_url()).context["documents"]
    assert material.file in owner.get(material.activity.get_absolute_url()).context["documents"]
    assert owner.get(material.get_absolute_url()).status_code == 200
    assert material.title not in owner.get(LIST).content.decode()
    assert material.title in owner.get(f"{LIST}?tinh_trang=withdrawn").content.decode()
    assert owner.get(f"{LIST}{material.pk}/sua/").status_code == 404
    owner.post(f"{LIST}{material.pk}/chia-se-lai/")
    assert reads(reader, material)
    assert material.thanks.count() == 1
    # The Department takes away what should not be there.
    as_user(so).post(f"{LIST}{material.pk}/thu-lai/", {"note": "Có tên học sinh"})
    assert not reads(reader, material)


@pytest.mark.parametrize("who", ["hieu_truong_b", "nguoi_la", "phong_thanh_tri", "chi_xem"])
def test_only_the_unit_that_shares_it_changes_it(share, request, as_user, pdf, who):
    material = share()
    client = as_user(request.getfixturevalue(who))
    assert client.post(f"{LIST}{material.pk}/sua/", form(title="Khác")).status_code == 404
    assert client.post(f"{LIST}{material.pk}/ban-moi/", {"file": pdf()}).status_code == 404
    client.post(f"{LIST}{material.pk}/thu-lai/", {"note": "x"})
    material.refresh_from_db()
    assert (material.title, material.status, material.versions.count()) == (form()["title"], "shared", 1)


def test_a_new_version_keeps_the_old_ones(share, hieu_truong_a, nguoi_la, as_user, pdf):
    material = share("ban-1.pdf")
    as_user(hieu_truong_a).post(f"{LIST}{material.pk}/ban-moi/", {"file": pdf("ban-2.pdf"), "note": "Thêm đáp án"})
    assert [(v.name, v.version) for v in material.versions.order_by("version")] == [("ban-1.pdf", 1), ("ban-2.pdf", 2)]
    reader = as_user(nguoi_la)
    page = reader.get(material.get_absolute_url()).content.decode()
    assert page.index("ban-2.pdf") < page.index("ban-1.pdf")
    assert "Thêm đáp án" in page
    assert all(opens(reader, v) for v in material.versions.all())


def test_a_document_of_the_activity_becomes_material(world, activity, hieu_truong_a, hieu_truong_b, as_user, pdf):
    own = ActivityDocument.keep(check_upload(pdf("giao-an.pdf")), hieu_truong_a, activity=activity)
    ActivityDocument.keep(check_upload(pdf("cua-b.pdf")), hieu_truong_b, activity=activity)
    client = as_user(hieu_truong_a)
    documents = client.get(activity.get_absolute_url()).context["documents"]
    (address,) = [d.share_url for d in documents if hasattr(d, "share_url")]
    page = client.get(address)
    assert page.context["form"]["document"].value() == own.pk
    assert "cua-b.pdf" not in page.content.decode()  # what the other side sent in is not ours to share
    assert client.post(f"{LIST}moi/?hoat_dong={activity.pk}", form(document=own.pk)).status_code == 302
    own.refresh_from_db()
    assert own.material.file == own
    shown = client.get(activity.get_absolute_url())
    assert [d.name for d in shown.context["documents"]] == ["cua-b.pdf"]
    assert own.material.title in shown.content.decode()
    assert own.material.title in client.get(world.school_a.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("http://drive.google.com/x", "https://"),
        ("javascript:alert(1)", "https://"),
        ("ftp://example.vn/x", "https://"),
        ("https://ten:matkhau@example.vn/x", "mật khẩu"),
        ("", "Hãy chọn tệp hoặc ghi liên kết"),
    ],
)
def test_links_are_https_and_bare(activity, hieu_truong_a, as_user, link, said):
    answer = as_user(hieu_truong_a).post(f"{LIST}moi/?hoat_dong={activity.pk}", form(kind="recording", link=link))
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors)
    assert "Phương trình bậc hai" in answer.content.decode()
    assert not Material.objects.exists()


def test_a_link_says_where_it_leads(share, hieu_truong_a, nguoi_la, as_user):
    material = share(file=None, kind="recording", link="https://www.youtube.com/watch?v=abc")
    page = as_user(nguoi_la).get(material.get_absolute_url()).content.decode()
    assert "Mở ở www.youtube.com" in page
    assert 'rel="noopener noreferrer nofollow"' in page
    # Letters that only look like others are shown as what they are.
    as_user(hieu_truong_a).post(f"{LIST}{material.pk}/sua/", form(kind="recording", link="https://gооgle.com/x"))
    page = as_user(nguoi_la).get(material.get_absolute_url()).content.decode()
    assert "Mở ở xn--" in page
    assert "Liên kết trước: https://www.youtube.com/watch?v=abc" in page


def test_personal_numbers_are_told(activity, hieu_truong_a, as_user, pdf):
    client, address = as_user(hieu_truong_a), f"{LIST}moi/?hoat_dong={activity.pk}"
    assert client.post(address, form(pdf(), title="Bài của 001203004567")).status_code == 422
    assert client.post(address, form(pdf(), is_clean="")).status_code == 422
    named = SimpleUploadedFile("hs 001203004567.pdf", b"%PDF-1.7\n% x\n")
    page = client.post(address, form(named, description="Liên hệ 0912345678"), follow=True).content.decode()
    assert "dãy số dài “0912345678”" in page
    assert "dãy số dài “001203004567”" in page


def test_thanks_are_one_a_person_and_told_once_a_day(share, hieu_truong_a, hieu_truong_b, nguoi_la, as_user):
    one, other = share(), share(title="Đề ôn tập số 2", kind="exam")
    Notification.objects.all().delete()
    client = as_user(nguoi_la)
    for _tap in range(2):
        client.post(f"{LIST}{one.pk}/cam-on/")
    client.post(f"{LIST}{other.pk}/cam-on/")
    as_user(hieu_truong_b).post(f"{LIST}{one.pk}/cam-on/")
    assert (one.thanks.count(), other.thanks.count()) == (2, 1)
    told = Notification.objects.get(user=hieu_truong_a)
    assert (
        told.text == "THCS Phúc Xá cảm ơn tài liệu “Kế hoạch bài dạy: Phương trình bậc hai”; đến nay có 1 lời cảm ơn."
    )
    rows = client.get(f"{LIST}?sort=-thanks_count").context["table"].rows
    assert [row.record.pk for row in rows] == [one.pk, other.pk]
    client.post(f"{LIST}{one.pk}/cam-on/", {"bo": "1"})
    assert one.thanks.count() == 1


def test_nobody_thanks_the_own_unit_or_what_is_hidden(share, can_bo, chi_xem, nguoi_la, as_user):
    material = share(readers="pair")
    as_user(can_bo).post(f"{LIST}{material.pk}/cam-on/")  # of school A, too
    as_user(chi_xem).post(f"{LIST}{material.pk}/cam-on/")  # reads only
    assert as_user(nguoi_la).post(f"{LIST}{material.pk}/cam-on/").status_code == 404
    assert not material.thanks.exists()


def test_found_by_words_without_marks_and_by_filters(world, share, nguoi_la, as_user):
    share()
    share(title="Trò chơi làm quen chữ cái", level="mn", kind="slides", subject="")
    share(title="Đề kiểm tra giữa kỳ", level="", kind="exam", subject=world.toan.pk)
    client = as_user(nguoi_la)

    def found(query):
        return {row.record.title[:6] for row in client.get(f"{LIST}?{query}").context["table"].rows}

    assert found("q=chu+cai+tro+choi") == {"Trò ch"}
    assert found("q=ta+thanh+oai") == {"Kế hoạ", "Trò ch", "Đề kiể"}  # who shared it
    assert found("cap=mn") == {"Trò ch", "Đề kiể"}  # of every level, too
    assert found(f"mon={world.toan.pk}") == {"Đề kiể"}
    assert found("loai=lesson_plan") == {"Kế hoạ"}
    assert found("nam=2023") == {"Kế hoạ", "Trò ch", "Đề kiể"}
    assert found("nam=2024") == set()
    assert found(f"don_vi={world.thanh_tri.pk}") == {"Kế hoạ", "Trò ch", "Đề kiể"}
    assert found(f"don_vi={world.ba_dinh.pk}") == set()


def test_who_had_no_part_shares_nothing(activity, nguoi_la, chi_xem, as_user):
    address = f"{LIST}moi/?hoat_dong={activity.pk}"
    assert as_user(nguoi_la).get(address).status_code == 404
    assert as_user(chi_xem).get(address).status_code == 404
    assert as_user(nguoi_la).get(f"{LIST}moi/").status_code == 200  # to choose among the own activities


def test_materials_go_along_when_activities_merge(world, share, activity, hieu_truong_a):
    material = share()
    into = Activity.objects.create(
        programme=world.programme, kind=world.kind, title="Chuyên đề Toán", held_on=activity.held_on, status="held"
    )
    merge(activity, into, hieu_truong_a)
    material.refresh_from_db()
    assert material.activity == material.file.activity == into


def test_as_many_queries_for_many_as_for_one(share, hieu_truong_b, as_user, django_assert_num_queries):
    client = as_user(hieu_truong_b)
    share()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    asked = len(one)
    for n in range(4):
        share(title=f"Tài liệu số {n}")
    with django_assert_num_queries(asked):
        client.get(reverse("material_list"))
