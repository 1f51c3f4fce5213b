"""Hà Nội: interim reviews of three school years, four reports begun, some of one district handed in; invented awards of
one year, and a round for the whole phase that takes nominations."""

from datetime import date, time
from pathlib import Path

from activities.sample.hanoi import SEASON
from reports.sample.awards import load_round
from reports.sample.periods import begin, load_periods
from reports.sample.sample import Sample
from reports.sample.season import hand_in
from twinning.facts import texts
from twinning.sample.hanoi import HANOI

NARRATIVES = Path(__file__).with_name("hanoi_narratives.toml")
AWARDS = Path(__file__).with_name("hanoi_awards_2023.csv")
NOMINATIONS = Path(__file__).with_name("hanoi_nominations.csv")
TOLD = 2023  # the school year of the narratives
DIRECTOR = "Giám đốc Sở Giáo dục và Đào tạo Hà Nội"
CONDITIONS = """Có giao ước đã ký và hoạt động đều trong thời gian xét.
Số liệu ghi trên cổng đã được hai bên xác nhận.
Mỗi Phòng đề nghị không quá chỉ tiêu của đợt."""
EXCLUSIONS = "Tập thể, cá nhân đang trong thời gian xem xét kỷ luật hoặc có đơn thư đang được giải quyết."


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
    load_rounds(phase)


def load_rounds(phase):
    """Awards of a school year that are given, and nominations for the whole phase in every state before the council
    votes. All of it is invented."""
    load_round(
        phase,
        AWARDS,
        name="Khen thưởng sơ kết năm học 2023-2024",
        school_year=TOLD,
        opens_on=date(2024, 5, 6),
        due_on=date(2024, 5, 31),
        published_on=date(2024, 6, 12),
        status="decided",
        offers=[{"form": "giay_khen", "issuer": DIRECTOR, "collective_most": 30, "individual_most": 60}],
        meeting={
            "council": "Hội đồng Thi đua, Khen thưởng Sở Giáo dục và Đào tạo Hà Nội",
            "held_on": date(2024, 6, 10),
            "starts_at": time(8),
            "ends_at": time(11),
            "place": "Phòng họp của Sở",
            "course": "Thường trực báo cáo tổng hợp đề nghị của các đơn vị; hội đồng trao đổi, bỏ phiếu từng đề nghị",
        },
        decision={
            "number": "845/QĐ-SGDĐT",
            "decided_on": date(2024, 6, 28),
            "issuer": DIRECTOR,
            "signer_title": "KT. GIÁM ĐỐC",
            "signer_name": "Lê Thị Minh Hoạ",
            "source_note": "Dữ liệu minh hoạ.",
        },
    )
    load_round(
        phase,
        NOMINATIONS,
        name="Khen thưởng tổng kết giai đoạn 2022–2025",
        opens_on=date(2026, 11, 2),
        due_on=date(2026, 12, 31),
        status="open",
        conditions=CONDITIONS,
        exclusions=EXCLUSIONS,
        offers=[
            {
                "form": "giay_khen",
                "issuer": DIRECTOR,
                "collective_most": 60,
                "individual_most": 90,
                "collective_per_district": 3,
                "individual_per_district": 3,
            },
            {"form": "bang_khen", "issuer": "Chủ tịch UBND thành phố Hà Nội", "collective_most": 10},
        ],
    )


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
