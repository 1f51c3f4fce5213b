"""Vietnamese text, order, numbers and school years."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinning import school_year
from twinning.vietnamese import fold, money, normalise, normalise_cells, number, search_key, search_terms, sort_key

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
vietnamese_text = st.text(alphabet=LETTERS + LETTERS.upper() + " -0123456789", max_size=40)
# Whatever people paste: marks apart from their letters, invisible characters, strange spaces, line ends.
pasted_text = st.text(
    alphabet=st.sampled_from(LETTERS + "ÐĐđ \u0301\u0323\u0302\u200b\u200d\ufeff\u00ad\u00a0\u202f\r\n\t")
)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


# --- One spelling ---------------------------------------------------------------------------------------------------


def test_tabs_stay_between_cells_only():
    typed = "STT\tTrường \r\n1\t\tTân  Mai\t\r\n\tCộng\t12\r\n\tMột đoạn văn. "
    kept = "STT\tTrường\n1\t\tTân Mai\n\tCộng\t12\nMột đoạn văn."
    assert normalise_cells(typed) == kept
    assert normalise_cells(kept) == kept


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (unicodedata.normalize("NFD", "Trường Tiểu học Đại Yên"), "Trường Tiểu học Đại Yên"),
        ("\u00d0ại Yên", "Đại Yên"),
        ("  THCS\u00a0Tân \t Mai\u200b ", "THCS Tân Mai"),
        ("dòng một \r\n  dòng hai\n", "dòng một\ndòng hai"),
        ("\ufeffBa Vì", "Ba Vì"),
        ("Ba V\u00adì", "Ba Vì"),
        ("Ti\u0065\u0302\u200b\u0301u", "Tiếu"),
        ("", ""),
    ],
)
def test_normalise(typed, stored):
    assert normalise(typed) == stored


@given(pasted_text | st.text())
def test_normalised_text_is_nfc_visible_and_stays_as_it_is(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("\u200b\u200c\u200d\u2060\ufeff\u00ad\u00d0\u00a0")
    assert "  " not in once


@given(vietnamese_text)
def test_composed_and_decomposed_text_are_one(text):
    apart = unicodedata.normalize("NFD", text)
    assert normalise(apart) == normalise(text)
    assert fold(apart) == fold(text)
    assert sort_key(apart) == sort_key(text)


# --- Search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Trường THCS Cổ Loa", "truong thcs co loa"),
        ("Đống Đa", "dong da"),
        ("\u00d0ống Đa", "dong da"),
        ("TH&THCS Đại-Yên (2)", "th thcs dai yen 2"),
        ("…", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(vietnamese_text)
def test_fold_is_plain_and_stays_as_it_is(text):
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text) == fold(text.upper())


@given(vietnamese_text, st.data())
def test_a_name_is_found_by_the_beginnings_of_its_words(name, data):
    words = fold(name).split()
    typed = " ".join(data.draw(st.permutations([word[: data.draw(st.integers(1, len(word)))] for word in words])))
    key = search_key(name, None, "01020501")
    assert all(term in key for term in search_terms(typed))


def test_a_word_is_not_found_by_its_middle():
    assert not all(term in search_key("THCS Thanh Oai") for term in search_terms("anh"))


# --- Order ----------------------------------------------------------------------------------------------------------


def test_districts_stand_in_dictionary_order():
    names = [
        "Ba Đình",
        "Ba Vì",
        "Bắc Từ Liêm",
        "Cầu Giấy",
        "Chương Mỹ",
        "Đan Phượng",
        "Đông Anh",
        "Đống Đa",
        "Gia Lâm",
        "Hà Đông",
        "Hai Bà Trưng",
        "Hoài Đức",
        "Hoàn Kiếm",
        "Hoàng Mai",
        "Long Biên",
        "Mê Linh",
        "Mỹ Đức",
        "Nam Từ Liêm",
        "Phú Xuyên",
        "Phúc Thọ",
        "Quốc Oai",
        "Sóc Sơn",
        "Sơn Tây",
        "Tây Hồ",
        "Thạch Thất",
        "Thanh Oai",
        "Thanh Trì",
        "Thanh Xuân",
        "Thường Tín",
        "Ứng Hòa",
    ]
    assert sorted(set(names), key=sort_key) == names


def test_letters_and_tones_stand_in_dictionary_order():
    letters = ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "o", "ô", "ơ", "p", "u", "ư", "v"]
    assert sorted(set(letters), key=sort_key) == letters
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(set(tones), key=sort_key) == tones


@given(st.lists(vietnamese_text, max_size=6))
def test_the_order_does_not_hang_on_the_spelling(names):
    apart = [unicodedata.normalize("NFD", name) for name in names]
    assert [normalise(name) for name in sorted(apart, key=sort_key)] == [
        normalise(name) for name in sorted(names, key=sort_key)
    ]


# --- Numbers and money ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.000"),
        (1234567, "1.234.567"),
        (-1500, "-1.500"),
        (1234.5, "1.234,5"),
        (None, "–"),
    ],
)
def test_number(value, text):
    assert number(value) == text


@given(st.integers(-(10**15), 10**15))
def test_a_number_reads_back(value):
    assert int(number(value).replace(".", "")) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0 đồng"),
        (999_999, "999.999 đồng"),
        (1_000_000, "1 triệu đồng"),
        (6_550_000, "6,6 triệu đồng"),
        (999_949_999, "999,9 triệu đồng"),
        (999_950_000, "1 tỷ đồng"),
        (3_200_000_000, "3,2 tỷ đồng"),
        (-2_500_000, "-2,5 triệu đồng"),
        (1_234_500_000_000, "1.234,5 tỷ đồng"),
    ],
)
def test_money(value, text):
    assert money(value) == text


@given(st.integers(0, 10**13))
def test_money_says_about_the_right_amount(value):
    amount, *unit, _dong = money(value).split()
    size = {"tỷ": 10**9, "triệu": 10**6}[unit[0]] if unit else 1
    shown = float(amount.replace(".", "").replace(",", ".")) * size
    assert abs(shown - value) <= size * 0.0501
    assert shown / size < 1000 or size == 10**9 or value < 10**6


# --- School years ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2022, 9, 1), 2022), (date(2023, 8, 31), 2022), (date(2023, 1, 1), 2022), (date(2023, 9, 1), 2023)],
)
def test_school_year_of(day, year):
    assert school_year.school_year_of(day) == year


def test_school_year_label_and_months():
    assert school_year.label(2022) == "2022-2023"
    months = school_year.months(2022)
    assert (len(months), months[0], months[-1]) == (12, date(2022, 9, 1), date(2023, 8, 1))
    assert months == sorted(months)


@given(days)
def test_every_day_lies_in_one_school_year(day):
    year = school_year.school_year_of(day)
    first, last = school_year.bounds(year)
    assert first <= day <= last
    assert school_year.bounds(year + 1)[0] == last + timedelta(days=1)
    assert day.replace(day=1) in school_year.months(year)


@given(days, days)
def test_between_names_every_year_touched(one, other):
    first, last = sorted((one, other))
    years = school_year.between(first, last)
    assert years[0] == school_year.school_year_of(first)
    assert years[-1] == school_year.school_year_of(last)
    assert years == list(range(years[0], years[-1] + 1))


def test_years_of_a_programme_are_all_it_touches(world):
    assert world.programme.school_years == [2022, 2023, 2024, 2025]
    world.programme.ends_on = date(2025, 8, 31)
    assert world.programme.school_years == [2022, 2023, 2024]


@pytest.mark.parametrize(("today", "year"), [("2023-10-01", 2023), ("2022-12-01", 2022), ("2026-11-24", None)])
def test_default_year_is_this_one_while_the_programme_runs(world, time_machine, today, year):
    time_machine.move_to(f"{today}T08:00:00+07:00", tick=False)
    assert world.programme.default_year == year
