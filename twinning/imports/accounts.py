"""Import of accounts: a person, and the seat the person takes. No password travels: people ask for one by e-mail."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from twinning.access import Role
from twinning.imports import cells
from twinning.imports.cells import CellError, RowError
from twinning.imports.kind import Column, Kind
from twinning.imports.school_columns import SCHOOL_COLUMNS, of_school
from twinning.imports.teachers import NAME_COLUMN
from twinning.models import Membership
from twinning.vietnamese import fold, same_key

OFFERED = [Role.DEPARTMENT, Role.LEADER, Role.DISTRICT, Role.PRINCIPAL, Role.CLERK, Role.READER]
ROLE_WORDS = {
    "department": "so;chuyen vien so;can bo so",
    "leader": "lanh dao so;giam doc;pho giam doc",
    "district": "phong;can bo phong;chuyen vien phong;truong phong;pho truong phong;can bo xa;can bo phuong;ubnd xa;"
    "ubnd phuong",
    "principal": "hieu truong;pho hieu truong;giam doc trung tam;ht;pht;p ht;p hieu truong",
    "clerk": "can bo nhap lieu;nhap lieu;van thu;thu ky",
    "reader": "chi xem;xem",
}
SCHOOL_ROLES = (Role.PRINCIPAL, Role.CLERK)
DEPARTMENT_ROLES = (Role.DEPARTMENT, Role.LEADER)


def email(cell, reading):
    value = cells.text(cell, reading)
    if value is None:
        return None
    value = value.lower().removeprefix("mailto:")
    try:
        validate_email(value)
    except ValidationError as error:
        raise CellError(_t("“%s” không phải địa chỉ thư điện tử.") % value) from error
    return value


OFFICER = "officer"
OFFICER_WORDS = {"chuyen vien", "can bo", "cong chuc"}
_read_role = cells.choice([(role.value, role.label) for role in OFFERED], **ROLE_WORDS)


def role(cell, reading):
    """A role, or OFFICER: whose officer it is, the unit says."""
    return OFFICER if isinstance(cell, str) and fold(cell) in OFFICER_WORDS else _read_role(cell, reading)


role.labels = _read_role.labels


def phone(cell, reading):
    """A number of a telephone as digits, with the zero in front that Excel drops."""
    value = cells.code(cell, reading)
    digits = value and "".join(letter for letter in value if letter not in ".-()")
    return f"0{digits}" if digits and re.fullmatch(r"[2-9]\d{8,9}", digits) else digits


class Accounts(Kind):
    slug, command, icon = "tai-khoan", "accounts", "user-plus"
    title = _("Tài khoản")
    intro = _("Người dùng và vai trò tại đơn vị. Người mới tự đặt mật khẩu bằng “Quên mật khẩu” qua thư điện tử.")
    columns = (
        Column(
            "full_name",
            _("Họ và tên"),
            cells.person(120),
            (
                "Họ tên",
                "Người dùng",
                "Họ và tên cán bộ",
                "Họ và tên cán bộ phụ trách",
                "Họ và tên cán bộ đầu mối",
                "Cán bộ đầu mối",
                "Cán bộ phụ trách",
                "Họ và tên hiệu trưởng",
            ),
            True,
            example="Nguyễn Văn An",
            halves=NAME_COLUMN.halves,
        ),
        Column(
            "email",
            _("Thư điện tử"),
            email,
            ("Email", "E-mail", "Địa chỉ email", "Hộp thư", "Địa chỉ thư điện tử", "Thư điện tử công vụ", "Gmail"),
            example="an.nv@example.vn",
        ),
        Column(
            "username",
            _("Tên đăng nhập"),
            cells.code,
            ("Tài khoản", "Username"),
            note=_("Bỏ trống thì dùng thư điện tử."),
        ),
        Column("phone", _("Điện thoại"), phone, ("Số điện thoại", "SĐT", "Di động")),
        Column(
            "role",
            _("Vai trò"),
            role,
            ("Chức vụ", "Quyền"),
            True,
            example="Hiệu trưởng",
        ),
        *SCHOOL_COLUMNS,
        Column("valid_from", _("Từ ngày"), cells.day, ("Hiệu lực từ",)),
        Column("valid_to", _("Đến hết ngày"), cells.day, ("Hiệu lực đến",)),
        Column("decision_number", _("Quyết định số"), cells.limited(60), ("Số quyết định",)),
    )

    def load(self, rows):
        users = list(User.objects.all())
        self.by_email = {user.email.lower(): user for user in users if user.email}
        self.by_username = {user.username.lower(): user for user in users}
        self.seats = {}
        for seat in Membership.objects.in_force().select_related("user"):
            self.seats[seat.user_id, seat.role, seat.department_id, seat.district_id, seat.school_id] = seat
        self.seen = {}

    def plan(self, row):
        if row.values["role"] == OFFICER:
            row.values["role"] = self._role_of_officer(row)
        user, unit = self._user(row), self._unit(row)
        key = (row.get("email") or row.get("username"), row.values["role"], *sorted(unit.items()))
        if key in self.seen:
            raise RowError("email", _t("Trùng với dòng %d của tệp.") % self.seen[key])
        self.seen[key] = row.number
        ids = tuple(unit.get(f"{kind}_id") for kind in ("department", "district", "school"))
        seat = self.seats.get((user.pk, row.values["role"], *ids)) if user.pk else None
        label = f"{row.values['full_name']} · {Role(row.values['role']).label} · {self._unit_name}"
        terms = {name: row.get(name) for name in ("valid_from", "valid_to", "decision_number")}
        if terms["valid_from"] and terms["valid_to"] and terms["valid_to"] < terms["valid_from"]:
            raise RowError("valid_to", _t("Ngày kết thúc phải sau ngày bắt đầu."))
        if seat is None:
            given = {name: value for name, value in terms.items() if value is not None}
            row.create((user, Membership(role=row.values["role"], **unit, **given)), label)
            if user.pk is None:
                row.notes += (_t("người mới, đặt mật khẩu bằng “Quên mật khẩu”"),)
            return
        row.compare(seat, seat, terms, label)
        person = {"full_name": row.values["full_name"], "phone": row.get("phone")}
        if any(value and getattr(user, name) != value for name, value in person.items()):
            self._change_person(row, user, person, label)

    def _change_person(self, row, user, person, label):
        seat_item, seat_changes = row.item, row.changes
        row.compare(user, user, person, label)
        row.item, row.changes = ("both", row.item, seat_item), seat_changes + row.changes

    def write(self, items, journal, progress):
        new = {}
        pairs = [item for action, item in items if action == "create"]
        for user, _seat in pairs:
            if user.pk is None:
                new.setdefault(user.username, user)
        journal.create(new.values())
        for user, seat in pairs:
            seat.user = new.get(user.username, user)
        journal.create(seat for _user, seat in pairs)
        for _action, item in ((action, item) for action, item in items if action == "change"):
            for one in item[1:] if item[0] == "both" else (item,):
                if one:
                    journal.change_many([one])

    def present(self):
        seats = Membership.objects.in_force().with_units().select_related("user")
        for seat in seats:
            if seat.home_department_id == self.department.pk and seat.role in OFFERED:
                unit = {"district": str(seat.district)} if seat.district_id else {}
                yield (of_school(seat.school) if seat.school_id else unit) | {
                    "full_name": seat.user.full_name,
                    "email": seat.user.email,
                    "username": seat.user.username,
                    "phone": seat.user.phone,
                    "role": seat.get_role_display(),
                    "valid_from": seat.valid_from,
                    "valid_to": seat.valid_to,
                    "decision_number": seat.decision_number,
                }

    def _user(self, row):
        """The stored person of this e-mail or user name, or a new one."""
        address, username = row.get("email"), (row.get("username") or "").lower()
        if not (address or username):
            raise RowError("email", _t("Cần thư điện tử hoặc tên đăng nhập."))
        user = self.by_email.get(address) or self.by_username.get(username or address)
        if user is not None:
            if address and user.email and user.email.lower() != address:
                raise RowError(
                    "email",
                    _t("Tên đăng nhập “%(name)s” đã dùng thư %(email)s.")
                    % {
                        "name": user.username,
                        "email": user.email,
                    },
                )
            if user.pk and fold(user.full_name) != fold(row.values["full_name"]):
                row.notes += (_t("tài khoản đang ghi tên “%s”") % user.full_name,)
            if user.is_superuser:
                raise RowError("email", _t("Tài khoản quản trị không sửa bằng tệp."))
            return user
        user = User.without_password(
            username=username or address, email=address, full_name=row.values["full_name"], phone=row.get("phone") or ""
        )
        user.clean_fields(exclude=["password"])
        self.by_username[user.username] = user
        if address:
            self.by_email[address] = user
        return user

    def _role_of_officer(self, row):
        text = row.get("district") or row.get("school")
        if text and not row.get("code") and same_key(text).split()[0] == "sgd":
            return Role.DEPARTMENT
        if text and not row.get("code") and self.finder.is_office(text):
            return Role.DISTRICT
        raise RowError("role", _t("Không rõ vai trò ở đơn vị này. Hãy ghi một trong: %s.") % ", ".join(role.labels))

    def _unit(self, row):
        role = row.values["role"]
        named = row.get("code") or row.get("school")
        if role in DEPARTMENT_ROLES or (role == Role.READER and not named and not row.get("district")):
            self._unit_name = self.department
            return {"department_id": self.department.pk}
        if role in SCHOOL_ROLES or (role == Role.READER and named):
            self._unit_name = school = self.school(row)
            return {"school_id": school.pk}
        text = row.get("district") or row.get("school")
        if text is None:
            raise RowError("district", _t("Thiếu đơn vị của cán bộ."))
        self._unit_name = district = self.finder.district(text)
        return {"district_id": district.pk}
