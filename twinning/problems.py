"""What may be wrong with an agreement: some named problems, each with the rows that have it and what to do about it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.lens import Units
from twinning.models import Agreement, AgreementDocument, AgreementEvent, Amendment, Membership, Programme
from twinning.models.amendment import AmendmentEvent
from twinning.vietnamese import fold

Side, Status = Agreement.Side, Agreement.Status
UNANSWERED = timedelta(days=7)
UNSIGNED = timedelta(days=30)
ANY = "tat-ca"


@dataclass(frozen=True)
class Problem:
    """slug: in addresses; title: the problem, as said of agreements; advice: what to do, and who; rule: makes the Q of
    the agreements that have it today."""

    slug: str
    title: str
    advice: str
    rule: Callable[[], Q]


def having(slug):
    """Q: the agreements that have the problem `slug`; ANY: at least one."""
    if slug != ANY:
        return BY_SLUG[slug].rule()
    every = Q(pk__in=[])
    for problem in PROBLEMS:
        every |= problem.rule()
    return every


def count(agreements):
    """{slug: how many of `agreements` (a queryset) have the problem}, ANY among them; as many queries however many
    rows."""
    rules = {problem.slug: problem.rule() for problem in PROBLEMS}
    every = Q(pk__in=[])
    for rule in rules.values():
        every |= rule
    counts = {slug.replace("-", "_"): Count("pk", filter=rule) for slug, rule in {**rules, ANY: every}.items()}
    found = agreements.order_by().aggregate(**counts)
    return {slug: found[slug.replace("-", "_")] for slug in (*rules, ANY)}


def since(events=AgreementEvent):
    """Expression: since when a row has its status; its last change where no step to it is known."""
    steps = events.objects.filter(subject=OuterRef("pk"), to_status=OuterRef("status"))
    steps = steps.exclude(action__in=events.subject.field.related_model.OTHER_EVENTS)
    return Coalesce(Subquery(steps.order_by("-at", "-pk").values("at")[:1]), F("updated_at"))


def _standing(status, longer_than):
    """Q: in the status for longer than that."""
    rows = Agreement.objects.alias(since=since()).filter(status=status, since__lt=timezone.now() - longer_than)
    return Q(pk__in=rows.order_by().values("pk"))


def over_but_signed():
    return Q(status=Status.SIGNED, ends_on__lt=timezone.localdate())


def over_before_signing():
    return Q(status__in=Status.unsigned(), ends_on__lt=timezone.localdate())


def without_scan():
    scans = AgreementDocument.objects.filter(agreement=OuterRef("pk"), kind=AgreementDocument.Kind.SIGNED)
    return Q(status__in=Status.once_signed()) & ~Exists(scans)


def without_number():
    return Q(status__in=Status.once_signed(), number="")


def same_number():
    """As `Agreement.same_number` says of one: one unit gave two papers of a year one number, however it was typed."""
    issuer = ("registered_side", *(f"{side}_{unit}" for side in Side.values for unit in ("school", "district")))
    numbered = Agreement.objects.exclude(number="").filter(signed_on__isnull=False).order_by()
    alike = defaultdict(list)
    for pk, number, day, side, *units in numbered.values_list("pk", "number", "signed_on", *issuer):
        school, district = units[:2] if side == Side.SUPPORTING else units[2:]
        alike[school or 0, 0 if school else district, day.year, fold(number)].append(pk)
    return Q(pk__in=[pk for pks in alike.values() if len(pks) > 1 for pk in pks])


def long_unsigned():
    return _standing(Status.CONFIRMED, UNSIGNED)


def long_unanswered():
    return _standing(Status.WAITING, UNANSWERED)


def nobody_to_answer():
    """Agreements that wait for a side, or have an amendment that does, where nobody can answer."""
    waiting = _without_answerers(Agreement.objects.filter(status=Status.WAITING))
    return Q(pk__in=waiting.values("pk")) | Q(pk__in=amendments_without_answerers().values("agreement"))


def amendments_without_answerers():
    """Amendments that wait for a side where nobody can answer."""
    return _without_answerers(Amendment.objects.waiting(), "agreement__")


def _without_answerers(rows, agreement=""):
    """As `answering_people` says of one of `rows`: neither the school nor the unit it is under today has anybody.
    `agreement`: path from a row to its agreement."""
    units, acting = Units(), Membership.objects.acting()
    rows = rows.alias(
        school=Case(*(When(registered_side=_other(side), then=F(f"{agreement}{side}_school")) for side in Side.values)),
        office=Case(
            *(
                When(
                    registered_side=_other(side),
                    then=units.unit(f"{agreement}{side}_school", f"{agreement}{side}_district"),
                )
                for side in Side.values
            )
        ),
    )
    rows = rows.exclude(Exists(acting.filter(school=OuterRef("school"))))
    return rows.exclude(Exists(acting.filter(district=OuterRef("office")))).order_by()


def _other(side):
    return Side.SUPPORTED if side == Side.SUPPORTING else Side.SUPPORTING


def party_gone():
    """A school that was merged or closed, an office that ended; open agreements that are not over yet."""
    today = timezone.localdate()
    gone = Q()
    for side in Side.values:
        gone |= Q(**{f"{side}_school__merged_into__isnull": False}) | Q(**{f"{side}_school__valid_to__lt": today})
        gone |= Q(**{f"{side}_school": None, f"{side}_district__valid_to__lt": today})
    return Q(status__in=Status.open(), ends_on__gte=today) & gone


def level_not_covered():
    rule = Q(pk__in=[])
    for programme, levels in Programme.objects.exclude(school_levels=[]).values_list("pk", "school_levels"):
        of_level = Q()
        for side in Side.values:
            of_level |= Q(**{f"{side}_school__isnull": False}) & ~Q(**{f"{side}_school__level__in": levels})
        rule |= Q(programme=programme, status__in=Status.open()) & of_level
    return rule


def amendment_stands():
    unsigned = Amendment.objects.alias(since=since(AmendmentEvent)).filter(
        status=Amendment.Status.CONFIRMED, since__lt=timezone.now() - UNSIGNED
    )
    return Q(pk__in=amendments_long_unanswered().order_by().values("agreement")) | Q(
        pk__in=unsigned.order_by().values("agreement")
    )


def amendments_long_unanswered():
    """Amendments of agreements in effect that were sent more than a week ago and not answered."""
    return Amendment.objects.waiting().alias(since=since(AmendmentEvent)).filter(since__lt=timezone.now() - UNANSWERED)


NOBODY = Problem(
    "chua-co-nguoi",
    _("Bên trả lời chưa có ai dùng cổng"),
    _("Sở, hoặc Phòng, xã, phường quản lý mời người của đơn vị đó; chưa có người thì không ai xác nhận được."),
    nobody_to_answer,
)
PROBLEMS = (
    NOBODY,
    Problem(
        "cho-tra-loi",
        _("Gửi đã quá 7 ngày, bên kia chưa trả lời"),
        _("Cổng nhắc mỗi tuần một lần. Gọi cho đơn vị chưa trả lời; gửi nhầm thì bên đăng ký rút giao ước."),
        long_unanswered,
    ),
    Problem(
        "cho-ky",
        _("Hai bên đã thống nhất quá 30 ngày, chưa ký"),
        _("Hai bên hẹn ngày ký. Đã ký trên giấy thì ghi nhận ngày ký và tải bản scan lên."),
        long_unsigned,
    ),
    Problem(
        "phu-luc",
        _("Phụ lục chờ đã lâu"),
        _("Quá 7 ngày chưa trả lời hoặc quá 30 ngày chưa ký. Mở phụ lục: trả lời, ký, hoặc rút nếu thôi điều chỉnh."),
        amendment_stands,
    ),
    Problem(
        "don-vi-ket-thuc",
        _("Một bên đã kết thúc, sáp nhập hoặc đóng cửa"),
        _("Thanh lý giao ước (hoặc rút, nếu chưa ký), rồi lập giao ước mới với đơn vị kế thừa nếu còn phối hợp."),
        party_gone,
    ),
    Problem(
        "ngoai-cap",
        _("Trường thuộc cấp học không kết nghĩa trong phong trào"),
        _("Sửa cấp học của trường nếu ghi sai; nếu đúng thì rút hoặc thanh lý giao ước."),
        level_not_covered,
    ),
    Problem(
        "qua-han",
        _("Còn ghi “đã ký” dù đã qua ngày cuối"),
        _("Cổng tự chuyển thành hết hạn mỗi đêm. Còn dòng ở đây sang ngày sau: báo cán bộ kỹ thuật."),
        over_but_signed,
    ),
    Problem(
        "qua-han-chua-ky",
        _("Chưa ký mà đã qua ngày cuối"),
        _("Đã ký trên giấy thì ghi “Đã ký ngoài hệ thống”; không ký nữa thì rút để cặp này đăng ký lại được."),
        over_before_signing,
    ),
    Problem(
        "trung-so",
        _("Trùng số của cùng một đơn vị trong năm"),
        _("Xem bản giấy, rồi bấm “Đính chính” ở giao ước ghi sai số."),
        same_number,
    ),
    Problem(
        "thieu-so",
        _("Đã ký nhưng chưa có số"),
        _("Một bên bấm “Đính chính” và ghi số trên bản giấy."),
        without_number,
    ),
    Problem(
        "thieu-ban-ky",
        _("Đã ký nhưng chưa có bản scan"),
        _("Một bên tải bản ký lên ở mục Tài liệu, loại “bản ký (scan)”."),
        without_scan,
    ),
)
BY_SLUG = {problem.slug: problem for problem in PROBLEMS}
