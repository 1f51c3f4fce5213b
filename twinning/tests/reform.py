"""1 July 2025 in the world of conftest, made by hand: three districts end, five communes take over their schools."""

from datetime import date
from types import SimpleNamespace

from twinning.access import Role
from twinning.models import District, Membership, SchoolManagement, UnitSuccession

LAST = date(2025, 6, 30)
FIRST = date(2025, 7, 1)


def commune(world, code, name, kind="xa", first=FIRST):
    return District.objects.create(
        department=world.so,
        code=code,
        name=name,
        kind=kind,
        office_name=f"Ủy ban nhân dân {District.Kind(kind).label} {name}",
        symbol="UBND",
        valid_from=first,
    )


def move(school, unit, day=FIRST, last=LAST):
    """`unit` manages the school from `day` on."""
    school.managements.filter(valid_to=None).update(valid_to=last)
    SchoolManagement.objects.create(school=school, district=unit, valid_from=day)
    school.district = unit
    school.save()


def end(unit, *successors, last=LAST, day=FIRST):
    """The unit ends, with the seats in it."""
    District.objects.filter(pk=unit.pk).update(valid_to=last)
    unit.refresh_from_db()
    Membership.objects.filter(district=unit).update(valid_to=last)
    for successor in successors:
        UnitSuccession.objects.create(predecessor=unit, successor=successor, on=day, kind="replace")


def reform(world):
    """Thanh Trì and Chương Mỹ each become two communes, Ba Đình one ward. Returns the new units by name."""
    new = SimpleNamespace(
        dai_thanh=commune(world, "10001", "Đại Thanh"),
        xa_thanh_tri=commune(world, "10002", "Thanh Trì"),
        quang_bi=commune(world, "10003", "Quảng Bị"),
        phu_nghia=commune(world, "10004", "Phú Nghĩa"),
        phuong_ba_dinh=commune(world, "10005", "Ba Đình", "phuong"),
    )
    end(world.thanh_tri, new.dai_thanh, new.xa_thanh_tri)
    end(world.chuong_my, new.quang_bi, new.phu_nghia)
    end(world.ba_dinh, new.phuong_ba_dinh)
    move(world.school_a, new.dai_thanh)
    move(world.school_b, new.quang_bi)
    move(world.school_c, new.phuong_ba_dinh)
    move(world.school_d, new.phu_nghia)
    return new


def officer(person, unit):
    """A person in the office of a commune: officer(person, new.dai_thanh)."""
    return person(f"xa.{unit.code}", Role.DISTRICT, f"Cán bộ {unit}", district=unit)
