"""Hà Nội: interim reviews of three school years, four reports begun, some of one district handed in."""

from pathlib import Path

from activities.sample.hanoi import SEASON
from reports.sample.periods import begin, load_periods
from reports.sample.sample import Sample
from reports.sample.season import hand_in
from twinning.facts import texts
from twinning.sample.hanoi import HANOI

NARRATIVES = Path(__file__).with_name("hanoi_narratives.toml")
TOLD = 2023  # the school year of the narratives


def load_reports(province):
    (phase,) = province.phases
    load_periods(phase, SEASON.years)
    units = {
        "department": {"department": province.department},
        "thanh_tri": {"district": province.districts["020"]},
        "chuong_my": {"district": province.districts["277"]},
        "tan_mai": {"school": province.schools[0].named("THCS Tân Mai", province.districts["008"])},
    }
    for name, sentences in texts(NARRATIVES).items():
        begin(phase, TOLD, units[name], sentences)
    hand_in(phase, TOLD, province.districts["020"])


SAMPLE = Sample(
    home=HANOI,
    seasons=[SEASON],
    load_reports=load_reports,
    accounts=[
        ("so", "Sở GD&ĐT"),
        ("lanhdao", "lãnh đạo Sở"),
        ("phong.thanh-tri", "Phòng GD&ĐT huyện Thanh Trì"),
        ("truong.01008509", "hiệu trưởng THCS Tân Mai"),
        ("quantri", "quản trị"),
    ],
)
