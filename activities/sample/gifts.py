"""What units give each other in the sample: words, quantities and prices."""

from dataclasses import dataclass

from activities.models import Support
from activities.sample.kinds import MN, TH, THCS

Kind, Source = Support.Kind, Support.Source
OWN, COMMUNITY = (Source.OWN,), (Source.COMMUNITY,)
BY_INVOICE = "Theo hoá đơn mua sắm."
BY_MARKET = "Theo giá thị trường tại thời điểm trao."
SECOND_HAND = "Đồ đã qua sử dụng, hai bên thống nhất ước bằng 40% giá mua mới."


@dataclass(frozen=True)
class Gift:
    """`quantity` (from – to) of `unit` at `price` đồng each; `per_pupil`: so many pupils are helped as units given."""

    weight: int
    kind: str
    title: str
    quantity: tuple
    unit: str
    price: int
    estimate: str = ""
    levels: tuple = (MN, TH, THCS)
    sources: tuple = (Source.OWN, Source.COMMUNITY)
    per_pupil: bool = False


GIFTS = [
    Gift(5, Kind.CASH, "Hỗ trợ kinh phí sửa chữa khu vệ sinh", (3, 7), "", 8_000_000, sources=COMMUNITY),
    Gift(5, Kind.CASH, "Hỗ trợ kinh phí lát sân chơi, trồng cây xanh", (2, 6), "", 8_000_000, sources=COMMUNITY),
    Gift(5, Kind.CASH, "Hỗ trợ kinh phí mua sách thư viện", (2, 8), "", 5_000_000),
    Gift(3, Kind.CASH, "Công đoàn hỗ trợ giáo viên có hoàn cảnh khó khăn", (4, 12), "", 2_000_000, sources=OWN),
    Gift(6, Kind.DEVICES, "Tặng máy tính để bàn cho phòng Tin học", (5, 15), "bộ", 3_600_000, SECOND_HAND, (TH, THCS)),
    Gift(5, Kind.DEVICES, "Tặng máy chiếu và màn chiếu", (1, 4), "bộ", 11_500_000, BY_INVOICE, (TH, THCS)),
    Gift(6, Kind.DEVICES, "Tặng ti vi thông minh cho lớp học", (2, 6), "chiếc", 9_800_000, BY_INVOICE),
    Gift(7, Kind.BOOKS, "Tặng sách và truyện thiếu nhi", (200, 600), "cuốn", 42_000, BY_MARKET),
    Gift(6, Kind.IN_KIND, "Tặng bộ đồ chơi ngoài trời", (1, 3), "bộ", 18_500_000, BY_INVOICE, (MN,)),
    Gift(5, Kind.BOOKS, "Tặng học liệu, đồ dùng góc chơi", (10, 30), "bộ", 650_000, BY_INVOICE, (MN,)),
    Gift(4, Kind.IN_KIND, "Tặng bàn ghế học sinh", (20, 60), "bộ", 480_000, SECOND_HAND, (TH, THCS)),
    Gift(4, Kind.IN_KIND, "Tặng máy lọc nước uống", (1, 4), "chiếc", 7_200_000, BY_INVOICE),
    Gift(4, Kind.IN_KIND, "Tặng quạt trần, quạt treo tường", (10, 30), "chiếc", 620_000, BY_MARKET),
    Gift(3, Kind.DEVICES, "Tặng thiết bị thí nghiệm Khoa học tự nhiên", (2, 6), "bộ", 6_400_000, BY_INVOICE, (THCS,)),
    Gift(14, Kind.SCHOLARSHIP, "Trao học bổng cho học sinh vượt khó", (10, 40), "suất", 500_000, levels=(TH, THCS),
         per_pupil=True),
    Gift(5, Kind.IN_KIND, "Tặng quà trẻ em có hoàn cảnh khó khăn", (10, 40), "suất", 300_000, BY_INVOICE, (MN,),
         per_pupil=True),
    Gift(4, Kind.IN_KIND, "Tặng xe đạp cho học sinh nhà xa trường", (5, 15), "xe", 1_900_000, BY_INVOICE, (TH, THCS),
         COMMUNITY, per_pupil=True),
    Gift(4, Kind.FREE_CLASS, "Mở lớp ôn tập miễn phí cho học sinh lớp 9", (16, 48), "buổi", 350_000,
         "Theo mức chi một buổi dạy của trường.", (THCS,), OWN),
    Gift(3, Kind.FREE_CLASS, "Mở câu lạc bộ tiếng Anh miễn phí", (12, 36), "buổi", 400_000,
         "Theo mức chi một buổi dạy của trường.", (TH, THCS), OWN),
    Gift(8, Kind.SPONSORSHIP, "Nhận đỡ đầu học sinh mồ côi, hoàn cảnh khó khăn", (3, 10), "học sinh", 3_600_000,
         levels=(TH, THCS), per_pupil=True),
]  # fmt: skip
