"""The text box of named teachers: what people type or paste, what it is read as, and what it says when it cannot."""

import pytest
from django.forms import ValidationError
from django.urls import reverse

from activities.forms.roster import RosterField, as_lines
from activities.models import Activity, ActivitySchool, Participation
from activities.tests.recording import act, counts, refused
from twinning.models import Teacher

NAME = "Nguyễn Văn Mẫu"


@pytest.mark.parametrize(
    "line",
    [
        f"{NAME} – dạy minh hoạ",
        f"{NAME} — dạy minh hoạ",
        f"{NAME} - dạy minh hoạ",
        f"{NAME}– dạy minh hoạ",
        f"{NAME}- dạy minh hoạ",
        f"{NAME}; dạy minh hoạ",
        f"{NAME}, dạy minh hoạ",
        f"{NAME}: dạy minh hoạ",
        f"{NAME} : dạy minh hoạ",
        f"{NAME}\tdạy minh hoạ",
        f"{NAME}\tdạy minh hoạ\t",
        f"{NAME} (dạy minh hoạ)",
        f"  {NAME}   –   Dạy  Minh Họa ",
        f"{NAME} – minh hoạ",
        f"{NAME} – dạy",
    ],
)
def test_separators(line):
    assert RosterField().clean(line) == [(NAME, "demo")]


@pytest.mark.parametrize(
    "number", ["1. ", "1.", "2) ", "3/ ", "4 - ", "5- ", "06 ", "7\t", "100. ", "\t8. ", "9\u00a0", "10: ", "- ", "• "]
)
def test_numbering_is_left_out(number):
    assert RosterField().clean(f"{number}{NAME}; chủ trì") == [(NAME, "chair")]


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("chủ trì", "chair"),
        ("CHỦ TỌA", "chair"),
        ("chủ toạ", "chair"),
        ("báo cáo viên", "speaker"),
        ("bao cao", "speaker"),
        ("dạy minh họa", "demo"),
        ("tham dự", "attend"),
        ("dự giờ", "attend"),
        ("dự", "attend"),
        ("", "attend"),
    ],
)
def test_roles(typed, role):
    assert RosterField().clean(f"{NAME}; {typed}") == [(NAME, role)]


def test_without_a_role_a_teacher_attends():
    assert RosterField().clean(f"{NAME}\nLê Thị Ví Dụ\n") == [(NAME, "attend"), ("Lê Thị Ví Dụ", "attend")]


@pytest.mark.parametrize("empty", ["", "  ", "\n\n", "\r\n \r\n", None])
def test_nobody_named(empty):
    assert RosterField().clean(empty) == []


def test_lines_of_other_systems_and_empty_ones():
    assert [name for name, _role in RosterField().clean(f"{NAME}\r\n\r\nLê Thị Ví Dụ\r\n")] == [NAME, "Lê Thị Ví Dụ"]


@pytest.mark.parametrize("name", ["Y Moan Êban", "H'Hen Niê", "H-Hen Niê", "Lò Thị Mai-Ka", "Ðặng Đình Đô"])
def test_names_of_all_our_people(name):
    [(stored, _role)] = RosterField().clean(f"{name} – dự")
    assert stored == name.replace("Ð", "Đ")


@pytest.mark.breaks_totals
@pytest.mark.parametrize("joined", [" – ", "\t", " ("])
def test_what_the_page_shows_can_be_pasted_back(activity, world, joined):
    row = activity.units.get(school=world.school_a)
    row.name_teachers([(NAME, "chair"), ("Lê Thị Ví Dụ", "demo")])
    lines = as_lines(row.participations.select_related("teacher"))
    assert RosterField().clean(lines.replace(" – ", joined)) == [(NAME, "chair"), ("Lê Thị Ví Dụ", "demo")]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (f"{NAME} – hát", ["Dòng 1: không rõ vai trò “hát”. Hãy ghi chủ trì, báo cáo viên, dạy minh hoạ"]),
        (f"{NAME}\tToán\tchủ trì", ["Dòng 1: không rõ vai trò “Toán chủ trì”"]),
        ("Mẫu", ["Dòng 1: “Mẫu” chưa phải họ và tên đầy đủ. Hãy ghi cả họ và tên"]),
        ("Nguyễn Văn 2", ["Dòng 1: “Nguyễn Văn 2” chưa phải họ và tên đầy đủ"]),
        ("– chủ trì", ["Dòng 1: “chủ trì” chưa phải họ và tên đầy đủ"]),
        ("; chủ trì", ["Dòng 1: “; chủ trì” chưa phải họ và tên đầy đủ"]),
        ("mau@truong.vn Mẫu", ["Dòng 1: “mau@truong.vn Mẫu” chưa phải họ và tên"]),
        (f"{NAME}\n\n2. nguyễn  VĂN mẫu – chủ trì", ["Dòng 3: “nguyễn VĂN mẫu” đã ghi ở dòng 1. Hãy bỏ một dòng"]),
        (f"Mẫu\n{NAME}\n{NAME} – vẽ", ["Dòng 1: “Mẫu”", "Dòng 3: không rõ vai trò “vẽ”"]),
        ("Nguyễn " + "Văn " * 40, ["Dòng 1: ", "quá dài"]),
    ],
)
def test_every_line_that_is_not_understood_is_named(text, messages):
    with pytest.raises(ValidationError) as refusal:
        RosterField().clean(text)
    said = " | ".join(refusal.value.messages)
    for message in messages:
        assert message in said
    assert len(refusal.value.messages) == len({message.split(":")[0] for message in refusal.value.messages})


# --- Through the pages ----------------------------------------------------------------------------------------------


def test_all_mistakes_at_once_with_the_text_kept(record):
    text = f"Mẫu\n{NAME} – hát\nLê Thị Ví Dụ"
    refused(record(own_row={"named": text}), "Dòng 1: “Mẫu”", "Dòng 2: không rõ vai trò", "24", text)


@pytest.mark.parametrize(("teachers", "names", "ok"), [("2", 2, True), ("1", 2, False), ("", 1, False)])
def test_no_more_names_than_teachers(record, teachers, names, ok):
    text = "\n".join(["Lê Thị Ví Dụ", NAME][:names])
    response = record(own_row={"teacher_turns": teachers, "named": text})
    if ok:
        assert ActivitySchool.objects.get(named_count=2).participations.count() == 2
    else:
        total = (
            f"Ghi tên {names} giáo viên nhưng số giáo viên là {teachers or 0}. Hãy tăng số giáo viên hoặc bỏ bớt tên"
        )
        refused(response, total)


def test_names_of_the_partner_are_typed_by_the_partner(activity, hieu_truong_b, as_user, world):
    act(as_user(hieu_truong_b), activity, "confirm", **counts(teachers=12, named=f"{NAME} – dạy minh hoạ"))
    assert Teacher.objects.get().school == world.school_b
    page = as_user(hieu_truong_b).get(activity.get_absolute_url()).content.decode()
    assert f"{NAME} (dạy minh hoạ)" in page
    assert "1 người có tên" in page


def test_correcting_names_replaces_them_and_keeps_the_roster(activity, hieu_truong_a, as_user, world):
    page = reverse("activity_correct", args=[activity.pk])
    client = as_user(hieu_truong_a)
    client.post(page, counts(teachers=24, managers=2, named=f"{NAME}\nLê Thị Ví Dụ – chủ trì"))
    assert f"{NAME} – tham dự\nLê Thị Ví Dụ – chủ trì" in client.get(page).content.decode()
    client.post(page, counts(teachers=24, managers=2, named="Lê Thị Ví Dụ – báo cáo viên"))
    part = Participation.objects.get()
    assert (part.teacher.full_name, part.role) == ("Lê Thị Ví Dụ", "speaker")
    assert activity.units.get(school=world.school_a).named_count == 1
    assert Teacher.objects.count() == 2, "who once took part stays on the roster"


def test_one_name_at_two_schools_is_two_people(activity, hieu_truong_a, hieu_truong_b, as_user):
    page = reverse("activity_correct", args=[activity.pk])
    as_user(hieu_truong_a).post(page, counts(teachers=24, managers=2, named=NAME))
    act(as_user(hieu_truong_b), activity, "confirm", **counts(teachers=12, named=NAME))
    assert Participation.objects.all().people() == 2


def test_a_programme_that_records_no_names(world, record, hieu_truong_a, as_user):
    world.programme.records_names = False
    world.programme.save()
    assert "Ghi tên giáo viên" not in as_user(hieu_truong_a).get(reverse("activity_create")).content.decode()
    record(own_row={"named": NAME})
    assert Activity.objects.get().teacher_turns == 24
    assert not Teacher.objects.exists()


def test_names_given_before_the_programme_stopped_recording_them_still_bind(activity, hieu_truong_a, as_user, world):
    page = reverse("activity_correct", args=[activity.pk])
    client = as_user(hieu_truong_a)
    client.post(page, counts(teachers=24, managers=2, named=f"{NAME}\nLê Thị Ví Dụ"))
    world.programme.records_names = False
    world.programme.save()
    response = client.post(page, counts(teachers=1))
    assert response.status_code == 422
    assert "Ghi tên 2 giáo viên nhưng số giáo viên là 1" in response.content.decode()
    client.post(page, counts(teachers=20))
    assert activity.units.get(school=world.school_a).participations.count() == 2
