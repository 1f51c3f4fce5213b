"""The letter about what waits for a person: what it says, and what goes into one."""

from django.core import mail

from accounts import letters
from accounts.tasks import mail_notices
from accounts.tests.mail.notices import html_of, tell


def test_a_letter_says_what_who_acts_next_and_where(binh, settings):
    settings.SITE_URL = "https://giao-uoc.example.vn"
    tell(binh, "Phòng <Thanh Trì> gửi giao ước.", next_step="THCS A & THCS B xác nhận hoặc trả lại.")
    mail_notices()
    [letter] = mail.outbox
    assert letter.to == ["truong.01020501@example.vn"]
    assert letter.subject == "Phòng <Thanh Trì> gửi giao ước."
    assert "Kính gửi thầy/cô Hiệu trưởng A," in letter.body
    assert "• Phòng <Thanh Trì> gửi giao ước." in letter.body
    assert "Việc tiếp theo: THCS A & THCS B xác nhận hoặc trả lại." in letter.body
    assert "Mở: https://giao-uoc.example.vn/giao-uoc/7/\n" in letter.body
    assert "thôi nhận: https://giao-uoc.example.vn/tai-khoan/thu/" in letter.body
    html = html_of(letter)
    assert "<strong>Phòng &lt;Thanh Trì&gt; gửi giao ước.</strong>" in html
    assert "THCS A &amp; THCS B xác nhận hoặc trả lại." in html
    assert 'href="https://giao-uoc.example.vn/giao-uoc/7/"' in html
    assert 'href="https://giao-uoc.example.vn/tai-khoan/thu/"' in html
    assert 'href="/' not in html
    assert letter.extra_headers["List-Unsubscribe"] == "<https://giao-uoc.example.vn/tai-khoan/thu/>"
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_nothing_is_said_of_a_next_step_that_is_not_there(binh):
    tell(binh)
    mail_notices()
    assert "Việc tiếp theo" not in mail.outbox[0].body + html_of(mail.outbox[0])


def test_what_waits_together_goes_in_one_letter_one_line_a_page_the_newest(binh):
    tell(binh, "A gửi giao ước.", "/giao-uoc/7/", next_step="B xác nhận.")
    tell(binh, "C ghi hoạt động.", "/hoat-dong/1/")
    tell(binh, "A rút giao ước.", "/giao-uoc/7/")
    mail_notices()
    [letter] = mail.outbox
    assert letter.subject == "2 việc mới: A rút giao ước."
    assert letter.body.count("• ") == letter.body.count("Mở:") == 2
    assert letter.body.index("A rút giao ước.") < letter.body.index("C ghi hoạt động.")
    assert "A gửi giao ước." not in letter.body
    assert "B xác nhận." not in letter.body
    mail_notices()
    assert len(mail.outbox) == 1


def test_news_of_a_page_after_its_letter_is_a_new_letter(binh):
    for text in ("A gửi giao ước.", "A rút giao ước."):
        tell(binh, text)
        mail_notices()
    assert [letter.subject for letter in mail.outbox] == ["A gửi giao ước.", "A rút giao ước."]
    assert "A gửi" not in mail.outbox[1].body


def test_a_letter_of_very_many_things_says_how_many_are_left_out(binh, monkeypatch):
    monkeypatch.setattr(letters, "THINGS_A_LETTER", 2)
    for n in range(5):
        tell(binh, f"Việc {n}.", f"/giao-uoc/{n}/")
    mail_notices()
    assert "Còn 3 việc nữa" in mail.outbox[0].body
    assert "Còn 3 việc nữa" in html_of(mail.outbox[0])
    assert mail.outbox[0].body.count("• ") == 2


def test_a_long_name_or_one_over_two_lines_stops_nothing(binh):
    tell(binh, "Hội\nnghị " + "dài " * 200, next_step="Ai " * 300)
    notice = binh.notifications.get()
    assert len(notice.text) == len(notice.next_step) == 500
    mail_notices()
    assert mail.outbox[0].subject.startswith("Hội nghị dài dài")
    assert len(mail.outbox[0].subject) == 120
