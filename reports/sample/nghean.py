"""Nghệ An: interim reviews of the second phase, the last one and the one under way, and the awards of the first."""

from datetime import date
from pathlib import Path

from activities.sample import nghean as activities
from reports.sample.awards import load_awards
from reports.sample.periods import load_periods
from reports.sample.sample import Sample
from twinning.sample.nghean import NGHE_AN

AWARDS = Path(__file__).with_name("nghean_awards.csv")
REVIEWED = [2025, 2026]  # school years; the first phase was over before there was a portal


def load_reports(province):
    first, second = province.phases
    load_periods(second, REVIEWED)
    load_awards(
        first,
        AWARDS,
        decision_number="1306/QĐ-SGDĐT",
        decided_on=date(2023, 8, 30),
        issuer="Giám đốc Sở Giáo dục và Đào tạo Nghệ An",
        source_note="Báo Nghệ An, 13/9/2023: khen 7 tập thể và 13 cá nhân; tên, thành tích, số và ngày là minh hoạ.",
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
