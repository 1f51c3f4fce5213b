"""The kinds of activity of a programme, with what the sample needs to know to invent one of each."""

from dataclasses import dataclass

from activities.models import ActivityKind
from twinning.models import School
from twinning.vietnamese import fold

Group = ActivityKind.Group
MN, TH, THCS = School.Level.PRESCHOOL, School.Level.PRIMARY, School.Level.LOWER_SEC
THPT = School.Level.UPPER_SEC


@dataclass(frozen=True)
class Manner:
    """How a kind goes: its weight among the activities of district pairs and of school pairs, the levels it suits, the
    teachers a host and a guest school send (from – to), the pupils of the host and the position of its content area."""

    name: str
    group: str
    district_weight: int
    school_weight: int
    levels: tuple
    host_teachers: tuple
    guest_teachers: tuple
    pupils: tuple = (0, 0)
    area: int = 1
    is_online_at_times: bool = False
    guests_bring_pupils: bool = False
    is_of_managers: bool = False


ALL = (MN, TH, THCS)
MANNERS = {
    "chuyen_de": Manner("Chuyên đề", Group.PROFESSIONAL, 24, 22, ALL, (16, 34), (5, 13), (25, 42)),
    "hoi_thao": Manner("Hội thảo", Group.PROFESSIONAL, 12, 0, ALL, (10, 24), (4, 10), area=0, is_online_at_times=True),
    "toa_dam": Manner("Toạ đàm", Group.PROFESSIONAL, 6, 7, ALL, (10, 24), (4, 12), area=6),
    "du_gio": Manner("Dự giờ, rút kinh nghiệm", Group.PROFESSIONAL, 4, 20, ALL, (8, 18), (4, 10), (28, 44)),
    "minh_hoa": Manner("Tiết dạy minh hoạ", Group.PROFESSIONAL, 7, 13, ALL, (10, 24), (4, 11), (28, 44)),
    "sinh_hoat": Manner(
        "Sinh hoạt chuyên môn cụm trường",
        Group.PROFESSIONAL,
        9,
        14,
        ALL,
        (9, 22),
        (5, 12),
        is_online_at_times=True,
    ),
    "cot_can": Manner("Bồi dưỡng giáo viên cốt cán", Group.PROFESSIONAL, 8, 0, ALL, (6, 14), (3, 7), area=2),
    "chuyen_doi_so": Manner(
        "Tập huấn chuyển đổi số", Group.PROFESSIONAL, 7, 4, ALL, (12, 28), (5, 12), area=7, is_online_at_times=True
    ),
    "on_thi": Manner("Hội nghị ôn thi vào lớp 10", Group.EXAM, 6, 5, (THCS,), (6, 12), (3, 7), area=3),
    "tham_quan": Manner(
        "Tham quan, trao đổi kinh nghiệm quản lý",
        Group.MANAGEMENT,
        7,
        5,
        ALL,
        (4, 12),
        (0, 3),
        area=5,
        is_of_managers=True,
    ),
    "hoi_nghi": Manner("Hội nghị triển khai, sơ kết", Group.MANAGEMENT, 0, 0, ALL, (0, 0), (0, 0), area=5),
    "to_cong_tac": Manner(
        "Họp tổ công tác", Group.MANAGEMENT, 4, 0, ALL, (0, 2), (0, 1), area=5, is_online_at_times=True
    ),
    "giao_luu_hs": Manner(
        "Giao lưu học sinh",
        Group.EXCHANGE,
        4,
        6,
        ALL,
        (8, 20),
        (3, 9),
        pupils=(40, 160),
        area=10,
        guests_bring_pupils=True,
    ),
    "the_thao": Manner("Giao lưu văn nghệ, thể thao", Group.EXCHANGE, 2, 2, ALL, (12, 30), (6, 16), area=10),
    "cong_doan": Manner("Sinh hoạt công đoàn", Group.UNION, 2, 2, ALL, (14, 32), (6, 16), area=10),
}


def load_kinds(programme, manners):
    """Key of `manners` → ActivityKind."""
    kinds = {
        key: ActivityKind(
            programme=programme, name=manner.name, name_key=fold(manner.name), group=manner.group, position=n
        )
        for n, (key, manner) in enumerate(manners.items(), 1)
    }
    ActivityKind.objects.bulk_create(kinds.values())
    return kinds
