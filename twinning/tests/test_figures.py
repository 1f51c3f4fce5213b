"""School-year figures: one form a school and year, who may, what is refused and what only warned of, who changed what;
the list with its sums and the schools that reported nothing."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from twinning.models import School, SchoolYearFigures

LIST = "/so-lieu-nam-hoc/"
COUNTS = SchoolYearFigures.COUNTS


def page_of(school, year=2023):
    return reverse("figures_edit", args=[school.pk, year])


def typed(level="thcs", **counts):
    """What the form sends: typed(classes=20, pupils="1.200"); the other boxes stay empty."""
    return {f"{level}_{name}": counts.get(name, "") for name in COUNTS}


def save(client, school, year=2023, **form):
    """Opens the page and sends the form as the page had it."""
    page = client.get(page_of(school, year)).content.decode()
    seen = re.search(r'name="seen"[^>]*?(?: value="([^"]*)")?[^>]*>', page)[1] or ""
    return client.post(page_of(school, year), {"seen": seen, **form}, follow=True)


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def figures(world):
    """figures(school, 2023, classes=20, …) stores some."""

    def make(school, year=2023, level="thcs", **counts):
        return SchoolYearFigures.objects.create(
            school=school, school_year=year, level=level, **(counts or {"classes": 20})
        )

    return make


# --- Entry ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["hieu_truong_a", "can_bo", "phong_thanh_tri", "so", "quan_tri"])
def test_the_school_and_those_above_it_enter_its_figures(request, world, as_user, who):
    client = as_user(request.getfixturevalue(who))
    page = save(
        client, world.school_a, **typed(classes="20", pupils="1.200", managers="3", teachers="38", staff="0")
    ).content.decode()
    assert "Đã lưu số liệu năm học 2023-2024." in page
    stored = SchoolYearFigures.objects.get()
    assert stored.counts == {"classes": 20, "pupils": 1200, "managers": 3, "teachers": 38, "staff": 0}
    assert (stored.school, stored.school_year, stored.level) == (world.school_a, 2023, "thcs")


@pytest.mark.parametrize("who", ["hieu_truong_b", "phong_chuong_my", "nguoi_la", "lanh_dao", "chi_xem"])
def test_others_do_not(request, world, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(page_of(world.school_a)).status_code == 404
    assert client.post(page_of(world.school_a), typed(classes="20")).status_code == 404
    assert not SchoolYearFigures.objects.exists()
    school = client.get(world.school_a.get_absolute_url()).content.decode()
    assert page_of(world.school_a) not in school


@pytest.mark.parametrize("year", [2021, 2100])
def test_only_years_of_the_programme_and_this_one(world, so, as_user, year):
    assert as_user(so).get(page_of(world.school_a, year)).status_code == 404


def test_a_school_has_no_figures_before_it_was_founded(world, so, as_user):
    School.objects.filter(pk=world.school_a.pk).update(valid_from=date(2024, 9, 1))
    client = as_user(so)
    assert client.get(page_of(world.school_a, 2023)).status_code == 404
    assert client.get(page_of(world.school_a, 2024)).status_code == 200


def test_every_level_of_the_school_is_on_one_form(world, so, as_user):
    School.objects.filter(pk=world.school_a.pk).update(level="th_thcs")
    save(as_user(so), world.school_a, **typed("th", classes="10"), **typed("thcs", classes="8", pupils="300"))
    stored = SchoolYearFigures.objects.of(world.school_a, 2023)
    assert {level: (row.classes, row.pupils) for level, row in stored.items()} == {"th": (10, None), "thcs": (8, 300)}


def test_empty_is_not_reported_and_zero_is_none(world, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    save(client, world.school_a, **typed(classes="20", staff="0"))
    stored = SchoolYearFigures.objects.get()
    assert (stored.staff, stored.pupils) == (0, None)
    cells = re.findall(r'<td class="num" data-label="[^"]+">([^<]+)</td>', _school_page(client, world))
    assert cells == ["20", "–", "–", "–", "0"]


def test_a_form_emptied_takes_the_figures_away(world, hieu_truong_a, figures, as_user):
    figures(world.school_a)
    save(as_user(hieu_truong_a), world.school_a, **typed())
    assert not SchoolYearFigures.objects.exists()


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("-1", "Số không thể âm."),
        ("12,5", "Hãy ghi số nguyên, không có phần lẻ."),
        ("12.5", "Hãy ghi số nguyên, không có phần lẻ."),
        ("100001", "Số quá lớn cho một trường (tối đa 100.000)."),
        ("hai mươi", "Hãy ghi số nguyên"),
    ],
)
def test_what_is_absurd_is_refused_and_nothing_is_stored(world, hieu_truong_a, as_user, number, why):
    School.objects.filter(pk=world.school_a.pk).update(level="th_thcs")
    response = save(as_user(hieu_truong_a), world.school_a, **typed("th", classes="10"), **typed("thcs", pupils=number))
    assert response.status_code == 422
    assert why in text(response)
    assert f'value="{number}"' in response.content.decode()
    assert not SchoolYearFigures.objects.exists()


def test_last_year_stands_beside_and_a_leap_is_warned_of(world, hieu_truong_a, figures, as_user):
    figures(world.school_a, 2022, classes=20, pupils=800, teachers=0)
    client = as_user(hieu_truong_a)
    assert "Số học sinh 2022-2023: 800" in text(client.get(page_of(world.school_a)))
    said = text(save(client, world.school_a, **typed(classes="30", pupils="80", teachers="0")))
    assert "Số đã lưu, nhưng hãy kiểm tra lại: số học sinh: 80, năm trước 800;" in said
    assert "số lớp: 30" not in said, "a half more is no leap"
    assert SchoolYearFigures.objects.get(school_year=2023).pupils == 80, "a warning is no refusal"


@pytest.mark.parametrize(
    ("counts", "is_doubted"),
    [
        ({"classes": 20, "managers": 0, "teachers": 0, "staff": 0}, True),
        ({"classes": 20, "teachers": 0}, True),
        ({"classes": 20}, False),
        ({"classes": 20, "managers": 0, "teachers": 1}, False),
        ({"classes": 0, "teachers": 0}, False),
    ],
)
def test_classes_without_anybody_are_doubted(counts, is_doubted):
    assert bool(SchoolYearFigures(**counts).doubts()) == is_doubted


def test_figures_without_any_number_are_no_row(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolYearFigures.objects.create(school=world.school_a, school_year=2023, level="thcs")


# --- Two at once, and who it was ------------------------------------------------------------------------------------


def test_the_later_of_two_people_is_told_and_may_insist(world, hieu_truong_a, can_bo, as_user):
    principal, clerk = as_user(hieu_truong_a), as_user(can_bo)
    opened = {"seen": ""}
    principal.get(page_of(world.school_a))
    save(clerk, world.school_a, **typed(classes="21"))
    refused = principal.post(page_of(world.school_a), {**opened, **typed(classes="20")})
    assert refused.status_code == 422
    assert "Người khác đã lưu số liệu này sau khi thầy/cô mở trang" in text(refused)
    assert "Cán bộ nhập liệu A" in text(refused), "who it was stands beside"
    assert 'value="20"' in refused.content.decode(), "what was typed is kept"
    assert SchoolYearFigures.objects.get().classes == 21
    seen = re.search(r'name="seen" value="([^"]+)"', refused.content.decode())[1]
    principal.post(page_of(world.school_a), {"seen": seen, **typed(classes="20")})
    assert SchoolYearFigures.objects.get().classes == 20


def test_a_row_written_in_the_middle_of_saving_is_a_message(world, hieu_truong_a, as_user, monkeypatch):
    """An import locks no school: its row comes between the look and the write."""
    rows = type(SchoolYearFigures.objects.all())
    written = rows.of

    def of(self, school, year):
        found = {} if year == 2023 else written(self, school, year)
        if year == 2023 and not SchoolYearFigures.objects.exists():
            SchoolYearFigures.objects.create(school=school, school_year=year, level="thcs", classes=5)
        return found

    monkeypatch.setattr(rows, "of", of)
    response = as_user(hieu_truong_a).post(page_of(world.school_a), {"seen": "", **typed(classes="20")})
    assert response.status_code == 422
    assert "Vừa có người lưu dữ liệu trùng" in text(response)
    assert SchoolYearFigures.objects.get().classes == 5


def test_the_page_tells_who_changed_what(world, hieu_truong_a, can_bo, as_user):
    save(as_user(can_bo), world.school_a, **typed(classes="20", pupils="800"))
    save(as_user(hieu_truong_a), world.school_a, **typed(classes="21", pupils="800"))
    save(as_user(hieu_truong_a), world.school_a, **typed(classes="21", pupils="800"))
    said = text(as_user(hieu_truong_a).get(page_of(world.school_a)))
    history = said[said.index("Quá trình") :]
    assert history.count("Hiệu trưởng A") == 1, "saving the same again is no change"
    assert re.search(r"THCS · Sửa · Hiệu trưởng A .* số lớp: 20 → 21 THCS · Nhập mới · Cán bộ nhập liệu A", history)
    assert "số học sinh: 800 →" not in history


def test_nobody_is_shown_for_what_an_act_on_many_rows_changed(world, hieu_truong_a, can_bo, as_user):
    save(as_user(can_bo), world.school_a, **typed(classes="20", pupils="800"))
    SchoolYearFigures.objects.update(pupils=900)  # as an import does, past the history
    save(as_user(hieu_truong_a), world.school_a, **typed(classes="21", pupils="900"))
    said = text(as_user(hieu_truong_a).get(page_of(world.school_a)))
    history = said[said.index("Quá trình") :]
    mine, theirs = history.split("cập nhật hàng loạt")
    assert "số lớp: 20 → 21" in mine
    assert "số học sinh: 800 → 900" not in mine
    assert "số học sinh: 800 → 900" in theirs


# --- Where they are shown -------------------------------------------------------------------------------------------


def _school_page(client, world):
    return client.get(world.school_a.get_absolute_url()).content.decode()


def test_the_school_page_shows_the_years_and_where_to_enter(world, hieu_truong_a, nguoi_la, figures, as_user):
    figures(world.school_a, 2022, classes=18)
    own = _school_page(as_user(hieu_truong_a), world)
    assert page_of(world.school_a, 2022) in own
    assert page_of(world.school_a, 2023) in own, "a year that is still to be entered"
    other = _school_page(as_user(nguoi_la), world)
    assert "2022-2023" in other
    assert "chưa nhập" not in other


def test_the_list_sums_what_is_filtered(world, so, figures, as_user):
    figures(world.school_a, classes=20, pupils=800, staff=0)
    figures(world.school_b, classes=10, pupils=1200)
    figures(world.school_d, level="th", classes=30, pupils=500)
    figures(world.school_a, 2022, classes=99)
    client = as_user(so)
    page = text(client.get(LIST, {"nam": 2023}))
    assert "3 kết quả" in page
    assert re.search(r"Cộng 3 trường .*60 2\.500 – – 0", page)
    of_chuong_my = text(client.get(LIST, {"nam": 2023, "don_vi": world.chuong_my.pk, "cap": "thcs"}))
    assert re.search(r"Cộng 1 trường .*10 1\.200 – – –", of_chuong_my)
    assert "THCS Đại Yên" in text(client.get(LIST, {"nam": 2023, "q": "thcs dai yen"}))
    assert "1 kết quả" in text(client.get(LIST, {"nam": 2023, "q": "thcs dai yen"}))


def test_the_list_opens_on_the_newest_year_with_figures(world, so, figures, as_user):
    figures(world.school_a, 2022, classes=99)
    client = as_user(so)
    for query in ({}, {"nam": "1999"}, {"nam": "x"}):
        assert "99" in text(client.get(LIST, query)), query


def test_schools_that_reported_nothing(world, so, phong_chuong_my, figures, as_user):
    figures(world.school_b)
    School.objects.filter(pk=world.school_c.pk).update(valid_to=date(2022, 8, 31))
    client = as_user(so)
    page = text(client.get(LIST, {"nam": 2023, "tinh_trang": "chua"}))
    assert "2 kết quả" in page
    assert "THCS Tả Thanh Oai" in page
    assert "Tiểu học Đại Yên" in page
    assert "1 kết quả" in text(client.get(LIST, {"nam": 2023, "tinh_trang": "chua", "cap": "th"}))
    assert "1 kết quả" in text(client.get(LIST, {"nam": 2023, "tinh_trang": "chua", "don_vi": world.thanh_tri.pk}))
    own = as_user(phong_chuong_my).get(LIST, {"nam": 2023, "tinh_trang": "chua"}).content.decode()
    assert page_of(world.school_d) in own
    assert page_of(world.school_a) not in own, "not theirs to enter"


def test_another_province_sees_none(world, figures, nguoi_tinh_khac, as_user):
    figures(world.school_a)
    for query in ({"nam": 2023}, {"nam": 2023, "tinh_trang": "chua"}):
        page = text(as_user(nguoi_tinh_khac).get(LIST, query))
        assert "0 kết quả" in page
        assert "Tả Thanh Oai" not in page


def test_the_list_as_a_workbook(world, so, figures, as_user):
    figures(world.school_a, classes=20, pupils=1800, staff=0)
    sent = as_user(so).get(LIST, {"nam": 2023, "_export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(sent.streaming_content))).active
    rows = list(sheet.values)
    row = next(row for row in rows if row[0] == "THCS Tả Thanh Oai")
    assert row[:9] == ("THCS Tả Thanh Oai", "huyện Thanh Trì", "2023-2024", "THCS", 20, 1800, None, None, 0)
    assert "Năm học: 2023-2024" in rows[1][0]


@pytest.mark.parametrize("query", [{"nam": 2023}, {"nam": 2023, "tinh_trang": "chua"}])
def test_as_many_queries_for_twenty_rows_as_for_one(world, so, figures, as_user, query):
    client = as_user(so)
    figures(world.school_a)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(LIST, query)
        return len(caught)

    queries()
    few = queries()
    for n in range(40):
        school = School.objects.create(code=f"n{n}", name=f"THCS Số {n}", level="thcs", district=world.thanh_tri)
        if n % 2:
            figures(school)
    assert queries() == few


def test_the_form_asks_as_much_for_four_levels_as_for_one(world, so, figures, as_user):
    client = as_user(so)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page_of(world.school_a)).status_code == 200
        return len(caught)

    figures(world.school_a)
    queries()
    few = queries()
    School.objects.filter(pk=world.school_a.pk).update(level="lien_cap")
    for level in ("mn", "th", "thpt"):
        figures(world.school_a, level=level)
        figures(world.school_a, 2022, level=level)
    assert queries() == few
