"""Sheets as offices write them: where the table is, and what in it is no data."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Support
from twinning.imports.schools import level_of
from twinning.models import School, SchoolYearFigures, Teacher
from twinning.tests.imports.building import actions, errors, import_rows, plan_of, skipped, template_rows, xlsx
from twinning.tests.tables import dump
from twinning.vietnamese import same_key

UGLY = [
    ["UBND THÀNH PHỐ HÀ NỘI", "", "", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["SỞ GIÁO DỤC VÀ ĐÀO TẠO"],
    [],
    ["DANH SÁCH TRƯỜNG HỌC NĂM HỌC 2023-2024"],
    [],
    ["TT", "Quận, huyện, thị xã", "Tên đơn vị", "Mã trường (CSDL ngành)", "Ghi chú"],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    [1, "Huyện Thanh Trì", "Trường THCS  Tả Thanh Oai", 1020501.0, ""],
    [2, "H. Chương Mỹ", "Trường THCS Vạn Phúc", "01277502", "mới"],
    ["TT", "Quận, huyện, thị xã", "Tên đơn vị", "Mã trường (CSDL ngành)", "Ghi chú"],
    [3, "Chương Mĩ", "TH&THCS Hoà Bình", "01277601", ""],
    [4, "", "Sở Giáo dục và Đào tạo Hà Nội", "", ""],
    [5, "Chương Mỹ", "Trường Cao đẳng nghề Cơ điện", "", ""],
    ["", "Tổng cộng: 5 đơn vị"],
    ["Ghi chú: số liệu đến 31/5/2024"],
    ["", "", "Hà Nội, ngày 15 tháng 4 năm 2024"],
    ["", "Người lập biểu", "", "KT. GIÁM ĐỐC"],
    ["", "", "Nguyễn Văn An"],
]


def test_an_ugly_sheet_of_schools(so, world):
    plan, _journal = import_rows("schools", UGLY, so)
    assert actions(plan) == {"create": 2, "same": 1, "skip": 9}
    assert School.objects.get(code="01277601").level == "th_thcs"
    why = skipped(plan)
    assert (why[7], why[10], why[14]) == ("dòng đánh số cột", "dòng tiêu đề lặp lại", "dòng tổng")
    assert "cơ quan quản lý" in why[12]
    assert "cao đẳng" in why[13]
    assert why[18] == "phần ký tên"


def test_groups_merged_cells_and_a_header_of_two_rows(so, world):
    rows = [
        ["Đơn vị", "Năm học", "Số lượng", "", ""],
        ["", "", "Số lớp", "Số HS", "GV"],
        ["THCS Tả Thanh Oai", "2022-2023", 20, "1.009", 40],
        ["", "2023-2024", 21, 990, 41],
    ]
    merged = [(0, 2, 0, 4, "Số lượng"), (2, 0, 3, 0, "THCS Tả Thanh Oai")]
    plan, _journal = import_rows("figures", xlsx(rows, merged=merged), so)
    assert actions(plan) == {"create": 2}
    stored = SchoolYearFigures.objects.order_by("school_year").values_list("classes", "pupils", "teachers")
    assert list(stored) == [(20, 1009, 40), (21, 990, 41)]


def test_schools_under_the_heading_of_their_unit(so, world):
    rows = [
        ["STT", "Tên trường"],
        ["I. Huyện Chương Mỹ"],
        [1, "THCS Hoà Chính"],
        ["II", "Quận Ba Đình"],
        [1, "TH Ba Đình"],
    ]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 2, "skip": 2}
    assert School.objects.get(name="THCS Hoà Chính").district == world.chuong_my
    assert School.objects.get(name="TH Ba Đình").district == world.ba_dinh


@pytest.mark.parametrize("head", [["Họ đệm", "Tên"], ["Họ và tên", ""]])
def test_names_split_in_two_columns(so, world, head):
    rows = [["Mã trường", *head], ["01020501", "Nguyễn Văn", "An"], ["01020501", "Lê Thị", "Bình"]]
    merged = [] if head[1] else [(0, 1, 0, 2, "Họ và tên")]
    import_rows("teachers", xlsx(rows, merged=merged), so)
    assert set(Teacher.objects.values_list("full_name", flat=True)) == {"Nguyễn Văn An", "Lê Thị Bình"}


def test_a_likely_duplicate_is_asked_about_and_the_answer_obeyed(so, world):
    rows = [["Tên trường", "Quận huyện"], ["THCS Đài Yên", "Chương Mỹ"]]
    _kind, plan = plan_of("schools", rows, so)
    assert actions(plan) == {"ask": 1}
    key = plan.outcomes[0].question.key
    for answer, expected in (("same", "change"), ("new", "create"), ("skip", "skip")):
        assert actions(plan_of("schools", rows, so, decisions={key: answer})[1]) == {expected: 1}


@pytest.mark.parametrize(
    "name",
    [
        "THCS Đại Yên (cơ sở 2)",
        "Trường Trung học cơ sở Đại Yên - CS2",
        "THCS Đại Yên, điểm trường Thôn Đông",
        "Điểm trường Thôn Đông - THCS Đại Yên",
        "Phân hiệu II Trường THCS Đại Yên",
    ],
)
def test_a_site_of_a_known_school_is_asked_about(so, world, name):
    rows = [["Tên trường", "Quận huyện", "Mã trường"], [name, "Chương Mỹ", ""]]
    _kind, plan = plan_of("schools", rows, so)
    question = plan.outcomes[0].question
    assert f"“{name}” là cơ sở, điểm trường hay phân hiệu của “THCS Đại Yên" in question.text
    level = {f"cap:{same_key(name)}": "thcs"}  # asked where the name does not begin with it
    for answer, expected in (("part", "skip"), ("new", "create")):
        decisions = level | {question.key: answer}
        assert actions(plan_of("schools", rows, so, decisions=decisions)[1]) == {expected: 1}, answer
    rows[1][2] = "01277501"  # under the code of the school, which it does not rename
    assert plan_of("schools", rows, so)[1].outcomes[0].question.key == question.key
    rows[1][1:] = "Ba Đình", ""
    elsewhere = plan_of("schools", rows, so)[1].outcomes[0].question
    assert elsewhere is None or "cấp học" in elsewhere.text
    people = [["Tên trường", "Họ và tên"], [name, "Lê Văn An"]]
    assert "có phải “THCS Đại Yên”" in errors(plan_of("teachers", people, so)[1])[0][2]


def test_all_that_is_wrong_with_a_row_is_said_at_once(so, world):
    rows = [["Tên trường", "Quận huyện", "Mã trường", "Mã trường thi"], ["THCS Mới", "Xa Lắc", "9" * 21, "8" * 21]]
    _kind, plan = plan_of("schools", rows, so)
    assert [column for _row, column, _why in errors(plan)] == ["Đơn vị quản lý", "Mã trường", "Mã trường thi"]
    rows = [["Tên trường", "Họ và tên", "Mã giáo viên"], ["THCS Không Có", "Lê Văn An", "9" * 21]]
    _kind, plan = plan_of("teachers", rows, so)
    assert [column for _row, column, _why in errors(plan)] == ["Tên trường", "Mã giáo viên"]
    rows = [["Bên hỗ trợ", "Bên được hỗ trợ", "Bộ môn", "Phong trào"], ["THCS Lạ", "THCS Xa", "Bói toán", "Nào đó"]]
    _kind, plan = plan_of("agreements", rows, so)
    columns = ["Phong trào", "Trường hỗ trợ", "Trường được hỗ trợ", "Bộ môn"]
    assert [column for _row, column, _why in errors(plan)] == columns


def test_duplicates_in_the_file_and_other_units_are_refused(phong_thanh_tri, world):
    rows = [["Tên trường", "Quận huyện"], ["THCS Vạn Phúc", "Thanh Trì"], ["Trường THCS Vạn Phúc", "Thanh Trì"]]
    rows += [["THCS Hoà Chính", "Chương Mỹ"]]
    _kind, plan = plan_of("schools", rows, phong_thanh_tri)
    assert [row for row, _column, _why in errors(plan)] == [3, 4]


def test_a_failed_import_changes_nothing(so, world, monkeypatch):
    before = dump()
    monkeypatch.setattr("twinning.journal.Journal.change_many", lambda *args: (_ for _ in ()).throw(IntegrityError))
    rows = [["Tên trường", "Quận huyện", "Mã trường"], ["THCS Vạn Phúc", "Thanh Trì", "9"]]
    with pytest.raises(IntegrityError), transaction.atomic():
        import_rows("schools", rows, so)
    assert dump() == before


# --- what is exported comes back the same -----------------------------------------------------------------------------

LETTERS = "aàáăằâầđeêễiìoôốơợuưữyỹbcghklmnpqrstvxAĐÔƯNTV"
# "THCS mN An" is asked about: which level is it?
WORDS = st.text(LETTERS, min_size=2, max_size=7).filter(lambda word: level_of(word) is None)
NAMES = st.builds(
    lambda start, words: start + " ".join(words),
    st.sampled_from(["", "=", "+", "'", "@", "-", "'="]),
    st.lists(WORDS, min_size=2, max_size=4),
)
TEACHERS = st.lists(st.tuples(NAMES, st.sampled_from(["", "Toán"])), min_size=1, max_size=6)
NUMBERS = st.one_of(st.none(), st.integers(0, 99_999))
FIGURES = st.dictionaries(
    st.integers(2000, 2040), st.tuples(NUMBERS, NUMBERS, st.integers(0, 99)), min_size=1, max_size=5
)
RULES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(kind, model, rows, user):
    """Rows are imported, exported as they are there now, imported again as the same, undone; what was exported is
    imported anew and stored as before."""
    before = dump()
    with transaction.atomic():
        plan, journal = import_rows(kind, rows, user)
        assert plan.counts["create"] == len(rows) - 1, errors(plan)
        made, _plan = plan_of(kind, [["x"]], user)
        again, stored = template_rows(made), stored_of(model)
        _kind, plan = plan_of(kind, xlsx(again), user)
        assert set(actions(plan)) == {"same"}
        journal.undo()
        assert dump() == before
        plan, journal = import_rows(kind, xlsx(again), user)
        assert plan.counts["create"] == len(rows) - 1, errors(plan)
        assert stored_of(model) == stored
        journal.undo()
    assert dump() == before
    return again


def stored_of(model):
    """What is stored of each row, apart from its number and when it was stored."""
    names = [
        field.name for field in model._meta.concrete_fields if field.name not in ("id", "created_at", "updated_at")
    ]
    return sorted(map(str, model.objects.values_list(*names)))


@RULES
@given(TEACHERS)
def test_teachers_survive_export_and_import(so, world, people):
    rows = [["01020501", name, f"GV{n:03}", subject] for n, (name, subject) in enumerate(people)]
    again = survives("teachers", Teacher, [["Mã trường", "Họ và tên", "Mã giáo viên", "Môn dạy"], *rows], so)
    assert sorted(row[3] for row in again[1:]) == sorted(name for name, _subject in people)


@RULES
@given(FIGURES)
def test_figures_survive_export_and_import(so, world, years):
    rows = [["01020501", f"{year}-{year + 1}", *counts] for year, counts in years.items()]
    survives("figures", SchoolYearFigures, [["Mã trường", "Năm học", "Số lớp", "Số học sinh", "Giáo viên"], *rows], so)


@RULES
@given(st.lists(st.tuples(NAMES, st.integers(1, 10**12), st.dates(date(2023, 1, 1), date(2025, 12, 30))), min_size=1))
def test_help_survives_export_and_import(so, world, gifts):
    head = ["Mã trường trao", "Mã trường nhận", "Hình thức", "Nội dung hỗ trợ", "Số tiền", "Ngày trao"]
    rows = [["01020501", "01277501", "học bổng", f"{t} số {n}", value, day] for n, (t, value, day) in enumerate(gifts)]
    survives("support", Support, [head, *rows], so)


@RULES
@given(st.lists(NAMES, min_size=1, max_size=5))
def test_schools_survive_export_and_import(so, world, names):
    rows = [[f"0{n:07}", f"THCS {name} {n}", "Thanh Trì"] for n, name in enumerate(names, start=10)]
    survives("schools", School, [["Mã trường", "Tên trường", "Quận huyện"], *rows], so)
