"""Rows of workbooks as tests write them: activities, named teachers, gifts."""

HEAD = ["STT", "Tên hoạt động", "Ngày", "Loại hoạt động", "Đơn vị", "Quận huyện", "Chủ trì", "CBQL", "GV", "HS"]
TITLE = "Chuyên đề Ngữ văn 9"


def event(*units, title=TITLE, day="20/10/2023", kind="Chuyên đề"):
    """Rows of one activity: units as (name, unit, host, managers, teachers, pupils)."""
    return [[n, title, day, kind, *unit] for n, unit in enumerate(units, start=1)]


A, B = ("THCS Tả Thanh Oai", "Thanh Trì"), ("THCS Đại Yên", "Chương Mỹ")

NAMED = ["Tên hoạt động", "Ngày tổ chức", "Mã trường", "Họ và tên", "Mã GV", "Vai trò"]


def named(activity, *people):
    return [NAMED, *([activity.title, activity.held_on, "01277501", *person] for person in people)]


GIFTS = [
    "Bên trao",
    "Bên nhận",
    "Hình thức",
    "Nội dung hỗ trợ",
    "Số tiền",
    "Ngày cam kết",
    "Ngày trao",
    "Cách ước giá trị",
]


def gift(*changes):
    row = [
        "THCS Tả Thanh Oai",
        "THCS Đại Yên",
        "Tiền mặt",
        "Ủng hộ xây phòng học",
        "3 tỷ 200 triệu",
        "1/10/2023",
        "",
        "",
    ]
    for place, value in changes:
        row[place] = value
    return row
