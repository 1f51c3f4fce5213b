"""Search by typed letters: what is found, in which order, and by which index."""

import unicodedata

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from twinning.models import District, School
from twinning.search import best_first, matching
from twinning.vietnamese import ranked_key, written_words


@pytest.fixture
def names(world):
    """Schools whose names are alike, and one that only lies in a place called so."""
    dai_yen = District.objects.create(
        department=world.so, code="999", name="Đại Yên", kind="xa", zone="outer", office_name="UBND xã Đại Yên"
    )
    for code, name, level, district in (
        ("1", "THCS Đài Yên", "thcs", world.ba_dinh),
        ("2", "THCS An Bình", "thcs", dai_yen),
        ("3", "THCS Cổ Loa", "thcs", world.ba_dinh),
        ("4", "Mầm non Hòa Bình", "mn", world.ba_dinh),
        ("5", "Mầm non Hoa Bình", "mn", world.ba_dinh),
        ("6", "THPT Đống Đa", "thpt", world.ba_dinh),
        ("7", "GDTX Ba Vì", "gdtx", world.ba_dinh),
    ):
        School.objects.create(code=code, name=name, level=level, district=district)


DAI_YEN = ["THCS Đại Yên", "Tiểu học Đại Yên"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # As written first, then other marks, then what only lies there.
        ("Đại Yên", [*DAI_YEN, "THCS Đài Yên", "THCS An Bình"]),
        ("đài yên", ["THCS Đài Yên", *DAI_YEN, "THCS An Bình"]),
        ("dai yen", ["THCS Đài Yên", *DAI_YEN, "THCS An Bình"]),
        ("ĐẠI YÊN", [*DAI_YEN, "THCS Đài Yên", "THCS An Bình"]),
        (unicodedata.normalize("NFD", "Đại Yên"), [*DAI_YEN, "THCS Đài Yên", "THCS An Bình"]),
        ("\u00d0ại Yên", [*DAI_YEN, "THCS Đài Yên", "THCS An Bình"]),
        ("đạ", [*DAI_YEN, "THCS Đài Yên", "THPT Đống Đa", "THCS An Bình"]),
        ("Trường THCS Đại Yên", ["THCS Đại Yên", "THCS Đài Yên", "THCS An Bình"]),
        ("thcs co loa", ["THCS Cổ Loa"]),
        ("co loa thcs", ["THCS Cổ Loa"]),
        ("trung hoc co so co loa", ["THCS Cổ Loa"]),
        ("trung học phổ thông đống đa", ["THPT Đống Đa"]),
        ("giáo dục thường xuyên ba vì", ["GDTX Ba Vì"]),
        ("mn hoà bình", ["Mầm non Hòa Bình", "Mầm non Hoa Bình"]),
        ("mn hòa bình", ["Mầm non Hòa Bình", "Mầm non Hoa Bình"]),
        ("mầm non hoa bình", ["Mầm non Hoa Bình", "Mầm non Hòa Bình"]),  # "hoa" has no mark to tell it by
        ("01277501", ["THCS Đại Yên"]),
        ("an binh", ["THCS An Bình"]),
        ("yen dai", ["THCS Đài Yên", *DAI_YEN, "THCS An Bình"]),
        ("khong co", []),
    ],
)
def test_found_in_order(names, so, as_user, typed, found):
    client = as_user(so)
    results = client.get("/truong/chon/", {"q": typed}).json()["results"]
    shown = [row["text"].rsplit(" (", 1)[0] for row in results]
    listed = [school.name for school in client.get("/truong/", {"q": typed}).context["table"].page.object_list.data]
    assert shown == found
    assert listed == found


def test_the_person_may_still_sort_what_was_found(names, so, as_user):
    rows = as_user(so).get("/truong/", {"q": "Đại Yên", "sort": "code"}).context["table"].data
    assert [school.code for school in rows] == ["01277401", "01277501", "1", "2"]


def test_the_search_page_has_the_same_order(names, so, as_user):
    page = as_user(so).get(reverse("search"), {"q": "Đại Yên"}).content.decode()
    places = [page.index(f">{name}</a>") for name in ("THCS Đại Yên", "THCS Đài Yên", "THCS An Bình")]
    assert places == sorted(places)


def test_pages_of_a_search_repeat_nothing(names, so, as_user):
    School.objects.bulk_create(
        School(
            department=School.objects.first().department,
            district=District.objects.first(),
            code=f"x{n}",
            name="THCS Giống Nhau",
            level="thcs",
            sort_key="same",
            search_key=" thcs giong nhau / ",
        )
        for n in range(60)
    )
    client = as_user(so)
    seen = []
    for page in (1, 2, 3):
        rows = client.get("/truong/", {"q": "giong nhau", "page": page}).context["table"].page.object_list.data
        seen += [row.pk for row in rows]
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(
    ("one", "other"), [("Hoà", "Hòa"), ("thuỷ", "Thủy"), ("khoẻ", "khỏe"), ("Đại", unicodedata.normalize("NFD", "Đại"))]
)
def test_the_same_word_wherever_its_tone_is_put(one, other):
    assert written_words(one) == written_words(other)
    assert len(written_words(one)) == 1


def test_a_word_is_found_by_its_beginning_only_with_its_own_marks():
    [dai] = written_words("đại")
    assert dai.startswith(written_words("đạ")[0])
    assert not dai.startswith(written_words("đà")[0])
    assert written_words("THCS Cao Ba Quat") == []


def test_a_key_is_short_and_tells_the_name_from_the_place():
    key = ranked_key("THCS Đại Yên", "trường thcs", "0127", "huyện Đại Từ")
    assert key == " thcs dai yen truong / 0127 huyen tu ~6đai~1yên"


# --- The index ------------------------------------------------------------------------------------------------------


def plan(queryset):
    return queryset.explain()


@pytest.mark.parametrize("typed", ["co loa", "Đại Yên", "t"])
def test_one_query_reads_the_index_alone(names, so, typed):
    schools = School.objects.visible_to(so)
    found = best_first(matching(schools, typed), typed).values_list("pk", flat=True)[:20]
    if connection.vendor == "sqlite":
        assert "USING COVERING INDEX school_search (department_id=?)" in plan(found)
        assert "COVERING INDEX school_search" in plan(matching(schools, typed).values_list("pk"))
        return
    with connection.cursor() as cursor:
        # A few rows are read faster without an index; what counts is that the index can answer.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
    trigrams = matching(School.objects.all(), typed)
    assert "twinning_school_trigrams" in plan(trigrams)


def test_the_first_page_of_all_schools_needs_no_sort(world, so):
    if connection.vendor == "sqlite":
        shown = School.objects.visible_to(so).order_by("sort_key", "pk").values_list("pk", flat=True)[:25]
        assert "TEMP B-TREE FOR ORDER BY" not in plan(shown)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE %s", ["%trigrams"])
            found = {name for [name] in cursor.fetchall()}
        of_core = {"twinning_school_trigrams", "twinning_agreement_trigrams"}
        assert found == of_core | {"activities_activity_trigrams", "activities_material_trigrams"}


def test_the_picker_takes_two_queries_for_its_rows(names, so, as_user):
    client = as_user(so)
    client.get("/truong/chon/?q=thcs")
    with CaptureQueriesContext(connection) as asked:
        client.get("/truong/chon/?q=thcs")
    # The session may lie in Redis; that, the person and the seat are asked for on every page.
    of_schools = [query["sql"] for query in asked if 'FROM "twinning_school"' in query["sql"]]
    assert len(of_schools) == 2, of_schools
