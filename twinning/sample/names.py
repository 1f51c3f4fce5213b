"""Invented people. Names are combined from common syllables; none of a real official is among them, since the given
names of those whom our sources speak of are left out."""

from twinning.sample.chance import Chance
from twinning.vietnamese import fold

FAMILY = {
    "Nguyễn": 30, "Trần": 11, "Lê": 10, "Phạm": 8, "Hoàng": 6, "Đỗ": 5, "Vũ": 5, "Bùi": 4, "Đặng": 4, "Ngô": 3,
    "Dương": 3, "Đinh": 2, "Phan": 2, "Lương": 2, "Trịnh": 2, "Đào": 2, "Tạ": 1, "Chu": 1, "Kiều": 1, "Khuất": 1,
}  # fmt: skip
WOMEN = (
    ["Thị", "Thị Thu", "Thị Minh", "Thị Kim", "Thị Bích", "Thị Ngọc", "Thị Hồng", "Thuý", "Phương", "Thu", "Diệu"],
    ["Hương", "Lan", "Hoa", "Nga", "Hạnh", "Hiền", "Yến", "Nhung", "Trang", "Linh", "Liên", "Loan", "Tuyết", "Vân"]
    + ["Mai", "Dung", "Hằng", "Huyền", "Ngân", "Quỳnh", "Thơm", "Xuân", "Chi", "Nguyệt", "Duyên", "Tâm"],
)
MEN = (
    ["Văn", "Đức", "Quang", "Minh", "Hữu", "Xuân", "Ngọc", "Mạnh", "Công", "Đình", "Trọng"],
    ["Dũng", "Tuấn", "Long", "Sơn", "Bình", "Trung", "Kiên", "Đạt", "Tùng", "Khánh", "Phúc", "Toàn", "Việt", "Huy"]
    + ["Nam", "Tiến", "Quân", "Lâm", "Giang", "An", "Thắng", "Hiệp"],
)
# Signatories are plainly examples.
SIGNATORIES = (["Văn", "Thị", "Đức", "Thị Hồng", "Quang", "Thị Thu"], ["Mẫu", "Minh Hoạ", "Ví Dụ", "Giả Định"])


def staff(school):
    """An endless supply of different names for the teachers of `school` (two in three are women)."""
    chance = Chance("staff", school.code)
    given = set()
    while True:
        middle, last = WOMEN if chance.happens(0.72) else MEN
        name = f"{chance.weighted(FAMILY)} {chance.pick(middle)} {chance.pick(last)}"
        if fold(name) not in given:
            given.add(fold(name))
            yield name


def signatory(chance):
    middle, last = SIGNATORIES
    return f"{chance.weighted(FAMILY)} {chance.pick(middle)} {chance.pick(last)}"
