"""Amounts as people type them and in words; receipts of a gift for both sides."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from activities.models import Support
from twinning.vietnamese import money_in_words

WORDS = {word: n for n, word in enumerate(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"])}
WORDS |= {"mốt": 1, "tư": 4, "lăm": 5}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "Không đồng"),
        (15_000, "Mười lăm nghìn đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (25, "Hai mươi lăm đồng"),
        (11, "Mười một đồng"),
        (105, "Một trăm linh năm đồng"),
        (110, "Một trăm mười đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (6_500_000, "Sáu triệu năm trăm nghìn đồng"),
        (3_200_000_000, "Ba tỷ hai trăm triệu đồng"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng"),
        (2_050_000_000_000, "Hai nghìn không trăm năm mươi tỷ đồng"),
    ],
)
def test_money_in_words(value, words):
    assert money_in_words(value) == words


def read_back(text):
    """The number these words say."""
    total = group = figure = 0
    for word in text.lower().removesuffix(" đồng").split():
        if word in WORDS:
            figure = WORDS[word]
            continue
        if word == "mười":
            group, figure = group + 10, 0
        elif word == "mươi":
            group, figure = group + figure * 10, 0
        elif word == "trăm":
            group, figure = group + figure * 100, 0
        elif word == "tỷ":
            total, group, figure = (total + group + figure) * 10**9, 0, 0
        elif word in ("nghìn", "triệu"):
            total, group, figure = total + (group + figure) * {"nghìn": 10**3, "triệu": 10**6}[word], 0, 0
    return total + group + figure


@given(st.integers(0, 10**15))
def test_the_words_say_the_number_and_no_other(value):
    assert read_back(money_in_words(value)) == value


def support_form(world, **changes):
    return {
        "kind": "cash",
        "title": "Hỗ trợ xây thư viện",
        "receiver_school": world.school_b.pk,
        "value_vnd": "5.000.000",
        "source": "own",
        "pledged_on": "20/10/2023",
        **changes,
    }


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3 tỷ 200 triệu", 3_200_000_000),
        ("3,2 tỷ đồng", 3_200_000_000),
        ("500 nghìn", 500_000),
        ("12.345.678", 12_345_678),
    ],
)
def test_amounts_as_people_type_them(world, hieu_truong_a, as_user, typed, value):
    answer = as_user(hieu_truong_a).post("/ho-tro/moi/", support_form(world, value_vnd=typed), follow=True)
    assert Support.objects.get().value_vnd == value
    assert money_in_words(value) in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("-5.000.000", "Số tiền không thể âm."),
        ("5.000.000,5", "Hãy ghi số tiền như"),
        ("0", "Số tiền phải lớn hơn 0."),
        ("9 triệu tỷ", "Hãy ghi số tiền như"),
        ("9.000.000.000.000.000", "Số tiền quá lớn."),
        ("nhiều", "Hãy ghi số tiền như"),
        ("3 tỷ 2", "Hãy ghi số tiền như"),
        ("2tr5", "Hãy ghi số tiền như"),
    ],
)
def test_what_is_no_amount_is_told_and_kept(world, hieu_truong_a, as_user, typed, message):
    answer = as_user(hieu_truong_a).post("/ho-tro/moi/", support_form(world, value_vnd=typed))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()
    assert not Support.objects.exists()


@pytest.mark.parametrize("who", ["hieu_truong_a", "hieu_truong_b", "can_bo"])
def test_both_sides_add_receipts(support, request, as_user, pdf, who):
    client = as_user(request.getfixturevalue(who))
    answer = client.post(
        reverse("support_documents", args=[support.pk]), {"files": [pdf("phieu-thu.pdf")]}, follow=True
    )
    assert "phieu-thu.pdf" in answer.content.decode()
    paper = support.documents.get()
    assert b"".join(client.get(paper.get_absolute_url())).startswith(b"%PDF")
    assert support.events.first().action == "upload"


def test_receipts_are_for_the_parties_and_the_units_above(
    support, hieu_truong_a, phong_chuong_my, nguoi_la, as_user, pdf
):
    as_user(hieu_truong_a).post(reverse("support_documents", args=[support.pk]), {"files": [pdf()]})
    paper = support.documents.get()
    assert b"".join(as_user(phong_chuong_my).get(paper.get_absolute_url())).startswith(b"%PDF")
    assert as_user(phong_chuong_my).get(reverse("support_documents", args=[support.pk])).status_code == 404
    assert as_user(nguoi_la).get(paper.get_absolute_url()).status_code == 404
