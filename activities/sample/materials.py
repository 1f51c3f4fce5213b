"""Materials that schools of the sample share: invented short texts and links, each marked as invented."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import Activity, ActivityDocument, Material, MaterialEvent, MaterialThanks
from twinning.access import Readers
from twinning.models import School, SchoolYearFigures
from twinning.sample.chance import Chance
from twinning.sample.days import moment, working_day_from
from twinning.sample.lives import date_by_events
from twinning.sample.province import name_of
from twinning.vietnamese import fold

Kind, Licence = Material.Kind, Material.Licence
LONGEST = 120  # letters of the name of an activity that a material is called after
MOST_OF_A_SCHOOL = 2
FIRST = "THCS Tân Mai"  # the school one is asked to try the portal out as
CALLED = {
    Kind.LESSON_PLAN: "Kế hoạch bài dạy: {}",
    Kind.SLIDES: "Bài trình chiếu: {}",
    Kind.EXAM: "Đề ôn tập kèm hướng dẫn chấm: {}",
    Kind.PAPER: "Tham luận và biên bản góp ý: {}",
    Kind.RECORDING: "Bản ghi hình: {}",
    Kind.OTHER: "Phiếu dự giờ, rút kinh nghiệm: {}",
}
LESSON = {Kind.LESSON_PLAN: 5, Kind.SLIDES: 2, Kind.RECORDING: 2, Kind.OTHER: 2}
TALK = {Kind.PAPER: 3, Kind.SLIDES: 3, Kind.RECORDING: 1}
KINDS = {  # kind of activity → kinds of material
    "minh_hoa": LESSON,
    "du_gio": LESSON,
    "chuyen_de": {Kind.LESSON_PLAN: 3, Kind.SLIDES: 3, Kind.PAPER: 2, Kind.RECORDING: 1},
    "sinh_hoat": {Kind.LESSON_PLAN: 2, Kind.PAPER: 2, Kind.SLIDES: 1},
    "hoi_thao": TALK,
    "toa_dam": TALK,
    "chuyen_doi_so": {Kind.SLIDES: 3, Kind.RECORDING: 2},
    "on_thi": {Kind.EXAM: 5, Kind.SLIDES: 2},
}
READERS = {Readers.PROGRAMME: 6, Readers.DISTRICTS: 2, Readers.PAIR: 2}
LICENCES = {Licence.INTERNAL: 5, Licence.BY_NC: 2, Licence.BY: 1, Licence.BY_SA: 1}
USES = [
    "Dùng được ngay cho một tiết; phần khởi động nên rút ngắn với lớp đông.",
    "Đã chỉnh theo góp ý của đồng nghiệp hai trường sau buổi dự giờ.",
    "Phần câu hỏi chia ba mức, có gợi ý cho lớp có nhiều học sinh cần hỗ trợ thêm.",
    "Nên in phiếu học tập trước; phần thảo luận nhóm cần khoảng mười lăm phút.",
    "Kèm kinh nghiệm tổ chức: bố trí phòng, phân công, việc cần tránh.",
    "Dùng cho sinh hoạt tổ chuyên môn; có danh sách việc thử ở trường mình.",
]
TEXT = """{title}

TÀI LIỆU MẪU, NỘI DUNG BỊA ĐẶT để dùng thử Cổng giao ước; không phải tài liệu thật của trường nào.

{use}

Rút ra từ hoạt động: {activity}
Đơn vị chia sẻ: {school}
"""


def load_materials(phase, season):
    """Share `season.materials` of them, each of another activity of the first copy of the schools."""
    if not season.materials:
        return
    chance = Chance("material")
    made = [_material(activity, phase, season, chance) for activity in _activities(phase, season, chance)]
    schools = phase.schools[0].all()
    for material, by, at in made:
        material.save()
        MaterialEvent.objects.create(
            subject=material, action="create", to_status=material.status, by=by, unit=name_of(material.school), at=at
        )
        if not material.link:
            _keep_text(material, by, at)
        thanking = [s for s in chance.some(schools, chance.pick([0, 0, 1, 2, 3, 5, 9, 14])) if s != material.school]
        MaterialThanks.objects.bulk_create(
            MaterialThanks(material=material, by=phase.user_of(school), unit=name_of(school)) for school in thanking
        )
    date_by_events(Material.objects.filter(activity__programme=phase.programme))


def _activities(phase, season, chance):
    """Held by schools of the first copy on something one can hand on, at most two of a school."""
    copy = {school.pk for school in phase.schools[0].all()}
    names = [season.manners[key].name for key in KINDS]
    held = Activity.objects.counted().filter(programme=phase.programme, kind__name__in=names).order_by("pk")
    held = held.select_related("kind", "subject", "agreement", "host_school__district", "programme__department")
    held = [a for a in held if a.host_school_id in copy and len(a.title) <= LONGEST]
    of_school = {}
    for activity in chance.some(held, len(held)):
        of_school.setdefault(activity.host_school, []).append(activity)
    first = next((school for school in of_school if school.name == FIRST), None)
    ordered = ([first] if first else []) + [school for school in of_school if school != first]
    found = [activity for school in ordered for activity in of_school[school][:MOST_OF_A_SCHOOL]]
    return found[: season.materials]


def _material(activity, phase, season, chance):
    """(Material, who shared it, when), not stored."""
    key = next(key for key in KINDS if season.manners[key].name == activity.kind.name)
    kind = chance.weighted(KINDS[key])
    levels = SchoolYearFigures.LEVELS_OF[School.Level(activity.host_school.level)]
    about = activity.title
    if kind == Kind.EXAM and activity.subject:
        about = f"{activity.subject} lớp {activity.grade}" if activity.grade else str(activity.subject)
    title = CALLED[kind].format(about)
    material = Material(
        activity=activity,
        kind=kind,
        title=title,
        description=f"(Dữ liệu mẫu) {chance.pick(USES)}",
        level=levels[0] if len(levels) == 1 else "",
        subject=activity.subject,
        readers=chance.weighted(READERS),
        licence=chance.weighted(LICENCES),
        school=activity.host_school,
        district=activity.host_school.district,
    )
    if kind == Kind.RECORDING:
        material.link = f"https://video.example.vn/ghi-hinh-mau/{fold(activity.title).replace(' ', '-')[:60]}"
    on = min(activity.held_on + timedelta(chance.number(1, 9)), season.last_day)
    return material, phase.user_of(activity.host_school), moment(working_day_from(on), chance.number(8, 16))


def _keep_text(material, by, at):
    school = material.school
    text = TEXT.format(title=material.title, use=material.description, activity=material.activity, school=school)
    upload = SimpleUploadedFile(f"{fold(material.title).replace(' ', '-')[:60]}-mau.txt", text.encode())
    upload.checked_type = "text/plain"
    file = material.keep_file(upload, by)
    ActivityDocument.objects.filter(pk=file.pk).update(uploaded_at=at)
