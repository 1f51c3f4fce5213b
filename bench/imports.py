"""Importing 100.000 teachers from a workbook, against what reading it and storing its rows take alone.

python bench/imports.py [rows]
"""

import io
import sys
import tempfile

from harness import peak_megabytes, portal, report, seconds, versions

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
SCHOOLS = 2_000
MOST_TIMES, MOST_MEGABYTES = 4, 600
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lý")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Thu", "Ngọc", "Thanh", "Quang", "Xuân")
GIVEN = ("An", "Bình", "Dung", "Giang", "Hà", "Hoà", "Hùng", "Khánh", "Lan", "Mai", "Nam", "Phúc", "Sơn", "Thuỷ", "Tú")


def name(n):
    """A name for the n-th teacher; one of `FAMILY` × `MIDDLE` × `GIVEN`, spread."""
    return f"{FAMILY[n * 7 % len(FAMILY)]} {MIDDLE[n // 3 % len(MIDDLE)]} {GIVEN[n * 13 // 7 % len(GIVEN)]}"


def world():
    """A Department with its schools and somebody who imports for it: (department, user, schools)."""
    from datetime import date

    from accounts.models import User
    from twinning.access import Role
    from twinning.models import Department, District, Membership, Programme, School, Subject

    so = Department.objects.create(
        name="Sở Giáo dục và Đào tạo", short_name="Sở GD&ĐT", superior="UBND", place="Hà Nội", symbol="SGDĐT"
    )
    Programme.objects.create(
        department=so, name="Phong trào", starts_on=date(2022, 9, 1), ends_on=date(2027, 8, 31), phase="2022–2027"
    )
    Subject.objects.bulk_create(Subject(name=subject) for subject in SUBJECTS)
    districts = [
        District.objects.create(
            department=so, code=f"{n:03}", name=f"Huyện số {n}", kind="huyen", office_name=f"Phòng {n}"
        )
        for n in range(30)
    ]
    schools = []
    for n in range(SCHOOLS):
        schools.append(School(code=f"01{n:06}", name=f"THCS Số {n}", level="thcs", district=districts[n % 30]))
        schools[-1].set_keys()
    School.objects.bulk_create(schools, batch_size=2000)
    user = User.objects.create_user(username="so", email="so@example.vn", password=None, full_name="Chuyên viên")
    Membership.objects.create(user=user, role=Role.DEPARTMENT, department=so)
    return so, user, schools


SUBJECTS = "Toán", "Ngữ văn", "Tiếng Anh", "Vật lí", "Hoá học", "Sinh học", "Lịch sử", "Địa lí"


def workbook(schools):
    """The bytes of a workbook of ROWS teachers."""
    import xlsxwriter

    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet("Giáo viên")
        sheet.write_row(0, 0, ["DANH SÁCH GIÁO VIÊN"])
        sheet.write_row(
            2, 0, ["STT", "Mã trường", "Tên trường", "Đơn vị quản lý", "Họ và tên", "Mã giáo viên", "Môn dạy"]
        )
        for n in range(ROWS):
            school = schools[n * SCHOOLS // ROWS]
            cells = [n + 1, school.code, school.name, str(school.district), name(n), f"GV{n:07}", SUBJECTS[n % 8]]
            sheet.write_row(3 + n, 0, cells)
        book.close()
        file.seek(0)
        return file.read()


def main():
    with portal() as connection:
        import python_calamine
        from django.db import transaction

        from twinning.imports.check import check
        from twinning.imports.kind import kind_called
        from twinning.imports.reading import read_sheets
        from twinning.journal import Journal
        from twinning.models import Teacher

        so, user, schools = world()
        content = workbook(schools)
        idle = peak_megabytes()
        steps = {}

        def run():
            kind = kind_called("teachers")(user, so)
            sheets = []
            steps["read"] = seconds(lambda: sheets.extend(read_sheets(io.BytesIO(content), "giao-vien.xlsx")))
            plans = []
            steps["check"] = seconds(lambda: plans.append(check(kind, sheets)))
            journal = Journal()
            with transaction.atomic():
                steps["write"] = seconds(lambda: kind.write(plans[0].items, journal, lambda percent, step: None))
                steps["seal"] = seconds(journal.seal)
                steps["digest and journal"] = seconds(lambda: (plans[0].digest, journal.dump()))
            if plans[0].counts["create"] != ROWS:
                raise SystemExit(f"only {plans[0].counts} of {ROWS} rows")

        taken = seconds(run)
        peak = peak_megabytes()
        rows = list(Teacher.objects.all())
        Teacher.objects.all()._raw_delete("default")
        for row in rows:
            row.pk = None

        def store():
            with transaction.atomic():
                Teacher.objects.bulk_create(rows, batch_size=2000)

        def read_alone():
            python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

        alone, bare = seconds(read_alone), seconds(store)
        print(versions(connection))
        return report(
            [
                (f"import of {ROWS} teachers", taken, None, " s"),
                *((f"  {step}", spent, None, " s") for step, spent in steps.items()),
                ("python-calamine alone", alone, None, " s"),
                ("bare bulk_create", bare, None, " s"),
                ("import / (calamine + bulk_create)", taken / (alone + bare), MOST_TIMES, "×"),
                ("memory before", idle, None, " MB"),
                ("peak memory", peak, MOST_MEGABYTES, " MB"),
            ]
        )


if __name__ == "__main__":
    sys.exit(main())
