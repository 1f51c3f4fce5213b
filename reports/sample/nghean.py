"""Nghệ An: interim reviews of the second phase, the last one and the one under way; the awards of the first phase (7
collectives and 13 persons, as the press told), and a list of nominations of the second that is public."""

from datetime import date, time
from pathlib import Path

from activities.sample import nghean as activities
from reports.sample.awards import load_round
from reports.sample.periods import load_periods
from reports.sample.sample import Sample
from twinning.sample.nghean import NGHE_AN

AWARDS = Path(__file__).with_name("nghean_awards.csv")
NOMINATIONS = Path(__file__).with_name("nghean_nominations.csv")
DIRECTOR = "Giám đốc Sở Giáo dục và Đào tạo Nghệ An"
COUNCIL = {
    "council": "Hội đồng Thi đua, Khen thưởng Sở Giáo dục và Đào tạo Nghệ An",
    "starts_at": time(8),
    "ends_at": time(10, 30),
    "place": "Phòng họp của Sở",
    "course": "Hội đồng nghe báo cáo tổng hợp đề nghị của các đơn vị; các thành viên trao đổi, bỏ phiếu từng đề nghị",
}
REVIEWED = [2025, 2026]  # school years; the first phase was over before there was a portal


def load_reports(province):
    first, second = province.phases
    load_periods(second, REVIEWED)
    load_round(
        first,
        AWARDS,
        name="Khen thưởng tổng kết giai đoạn 2019–2023",
        opens_on=date(2023, 7, 1),
        due_on=date(2023, 7, 31),
        published_on=date(2023, 8, 10),
        status="decided",
        offers=[{"form": "giay_khen", "issuer": DIRECTOR, "collective_most": 7, "individual_most": 13}],
        meeting=COUNCIL | {"held_on": date(2023, 8, 8), "number": "12/BB-HĐTĐKT"},
        decision={
            "number": "1306/QĐ-SGDĐT",
            "decided_on": date(2023, 8, 30),
            "issuer": DIRECTOR,
            "signer_title": "KT. GIÁM ĐỐC",
            "signer_name": "Trần Văn Mẫu",
            "source_note": (
                "Báo Nghệ An, 13/9/2023: khen 7 tập thể và 13 cá nhân; tên, thành tích, số và ngày là minh hoạ."
            ),
        },
    )
    load_round(
        second,
        NOMINATIONS,
        name="Khen thưởng sơ kết năm học 2025-2026",
        school_year=2025,
        opens_on=date(2026, 9, 15),
        due_on=date(2026, 10, 31),
        published_on=date(2026, 11, 16),
        comment_days=30,
        status="public",
        conditions="Có giao ước đang có hiệu lực trong năm học.\nHoạt động đều ở cả hai học kỳ.",
        offers=[{"form": "giay_khen", "issuer": DIRECTOR, "collective_most": 10, "individual_most": 20}],
        meeting=COUNCIL | {"held_on": date(2026, 11, 12)},
    )


SAMPLE = Sample(
    home=NGHE_AN,
    seasons=[activities.FIRST, activities.SECOND],
    load_reports=load_reports,
    accounts=[
        ("so.nghe-an", "Sở GD&ĐT Nghệ An"),
        ("lanhdao.nghe-an", "lãnh đạo Sở"),
        ("phong.vinh.nghe-an", "Phòng GD&ĐT thành phố Vinh (mỗi Phòng một tài khoản)"),
        ("phong.ky-son.nghe-an", "Phòng GD&ĐT huyện Kỳ Sơn"),
        ("truong.40412901", "hiệu trưởng THPT Vinh 1 (mỗi trường một tài khoản)"),
        ("quantri", "quản trị"),
    ],
)
