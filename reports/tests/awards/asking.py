"""What tests of awards send, ask and read."""

from datetime import date

from django.urls import reverse

from reports.models import AwardMeeting

TODAY = date(2025, 6, 20)
DECISION = {
    "number": "",
    "decided_on": "20/6/2025",
    "issuer": "Giám đốc Sở Giáo dục và Đào tạo Hà Nội",
    "signer_title": "KT. GIÁM ĐỐC",
    "signer_name": "Trần Văn Mẫu",
}
MEETING = {
    "council": "Hội đồng Thi đua, Khen thưởng Sở Giáo dục và Đào tạo Hà Nội",
    "number": "07/BB-HĐTĐKT",
    "held_on": "9/6/2025",
    "starts_at": "08:00",
    "ends_at": "10:30",
    "place": "Phòng họp số 1",
    "members": "9",
    "present": "8",
    "attendees": "Trần Văn Mẫu, Phó Giám đốc\nLê Thị Mẫu, Chánh Văn phòng",
    "absent": "Đỗ Văn Mẫu, đi công tác",
    "chair_name": "Trần Văn Mẫu",
    "chair_title": "Phó Giám đốc, Chủ tịch Hội đồng",
    "secretary_name": "Lê Thị Mẫu",
    "secretary_title": "Chánh Văn phòng",
    "course": "Các thành viên trao đổi, thống nhất.",
}


def action(thing, slug):
    return reverse(f"{thing._meta.model_name}_action", args=[thing.pk, slug])


def errors(response):
    form = response.context["form"]
    return str(form.errors) + str([str(message) for message in response.context.get("messages") or ()])


def status(thing):
    return type(thing).objects.get(pk=thing.pk).status


def said(response):
    return [str(message) for message in response.context["messages"]]


def meeting(award_round):
    return AwardMeeting.objects.create(
        round=award_round,
        **MEETING | {"held_on": date(2025, 6, 9), "starts_at": "08:00", "ends_at": "10:30", "members": 9, "present": 8},
    )
