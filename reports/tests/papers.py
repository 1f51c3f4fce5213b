"""A paper to set without a database: the content of a district's report, with whatever a test changes."""

from reports import charts
from reports.annexes import activities_by_kind
from reports.content import SCHEMA
from twinning import school_year

NAME = "Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm"
CHAPTERS = [
    "Đặc điểm tình hình",
    "Công tác chỉ đạo, triển khai",
    "Kết quả thực hiện",
    "Đánh giá chung",
    "Phương hướng, nhiệm vụ năm học 2024-2025",
    "Đề xuất, kiến nghị",
]
PROSE = "Các trường đã ký kết tích cực, luân phiên đăng cai, chuẩn bị chu đáo và áp dụng ngay điều học được. " * 3


def paper_content(**changes):
    """Plain data of schema 1: six chapters, one chart, a long annex and an empty one."""
    chart = charts.monthly(
        [(month, {"professional": 12, "exam": n}) for n, month in enumerate(school_year.months(2023))]
    )
    content = {
        "schema": SCHEMA,
        "programme": {"id": 1, "name": NAME, "phase": "2022–2025"},
        "period": {"school_year": 2023, "title": "sơ kết năm học 2023-2024", "cut_off_on": "2024-05-31"},
        "superior": "UBND HUYỆN THANH TRÌ",
        "issuer": "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
        "issuer_name": "Phòng Giáo dục và Đào tạo huyện Thanh Trì",
        "symbol": "BC-PGDĐT",
        "place": "Thanh Trì",
        "draft_year": 2024,
        "title": "BÁO CÁO",
        "abstract": f"Sơ kết năm học 2023-2024 thực hiện phong trào “{NAME}”",
        "bases": [
            "Căn cứ Kế hoạch số 4340/KH-SGDĐT ngày 12 tháng 12 năm 2022 của Sở Giáo dục và Đào tạo Hà Nội;",
            "Căn cứ các giao ước đã ký kết giữa các đơn vị (Phụ lục I).",
        ],
        "addressee": "Sở Giáo dục và Đào tạo Hà Nội",
        "opening": "Phòng Giáo dục và Đào tạo huyện Thanh Trì báo cáo như sau:",
        "chapters": [chapter(n, heading) for n, heading in enumerate(CHAPTERS)],
        "closing": "Trên đây là báo cáo sơ kết năm học 2023-2024 của Phòng Giáo dục và Đào tạo huyện Thanh Trì./.",
        "recipients": ["Như trên", "UBND huyện Thanh Trì (để báo cáo)", "Lưu: VT"],
        "signatory": "TRƯỞNG PHÒNG",
        "charts": [
            {"key": "monthly", "title": chart.title, "spec": chart.spec, "header": chart.header, "rows": chart.rows}
        ],
        "annexes": [annex("I", rows=170), annex("II", rows=0)],
        "is_draft": True,
        "number": None,
        "issued_on": None,
        "signer_title": "",
        "signer_name": "",
    }
    return {**content, **changes}


def issued_content(**changes):
    """The same, issued."""
    issue = {
        "is_draft": False,
        "number": 5,
        "issued_on": "2024-06-05",
        "signer_title": "KT. TRƯỞNG PHÒNG",
        "signer_name": "Nguyễn Thị Ánh Tuyết",
    }
    return paper_content(**{**issue, **changes})


def chapter(position, heading):
    number = ["I", "II", "III", "IV", "V", "VI"][position]
    return {
        "number": number,
        "heading": heading,
        "sections": [
            section("1", "Quy mô", "Huyện Thanh Trì có 1.234 trường, 51.065 lượt giáo viên."),
            section("2", "Thuận lợi", PROSE, charts=["monthly"] if number == "III" else []),
        ],
    }


def section(number, heading, *texts, kind="written", charts=()):
    paragraphs = [{"kind": kind, "text": text} for text in texts]
    return {
        "number": number,
        "heading": heading,
        "key": "",
        "paragraphs": paragraphs,
        "tables": [],
        "charts": list(charts),
    }


def annex(number, rows):
    """An annex in the form of "Hoạt động theo loại" with that many rows and a total."""

    class Facts:
        is_department = True
        kinds = [
            {
                "name": f"Hội thảo {i}",
                "activities": 1,
                "manager_turns": 0,
                "teacher_turns": 1234,
                "pupil_turns": 0,
                "in_person": 1,
                "online": 0,
            }
            for i in range(1, rows + 1)
        ]

    return {**activities_by_kind(Facts), "number": number}
