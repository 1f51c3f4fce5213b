"""What tests of agreements type: the forms of the pairing and the posting of an action."""

from django.urls import reverse

from accounts.models import Notification
from twinning.models import Agreement

SIGNING = {
    "number": "05/BGN-THCS",
    "signed_on": "15/4/2023",
    "signed_at": "huyện Thanh Trì",
    "supporting_signatory": "Nguyễn Văn An",
    "supporting_position": "Hiệu trưởng",
    "supported_signatory": "Trần Thị Bình",
    "supported_position": "Hiệu trưởng",
}


def school_pair(world, **changes):
    """The form of a pair of the schools A and B; an option set to None is left out."""
    form = {
        "tier": "school",
        "supporting_school": world.school_a.pk,
        "supported_school": world.school_b.pk,
        "direction": "mutual",
        "starts_on": "15/4/2023",
        "ends_on": "31/5/2025",
        "content_areas": [world.area.pk],
        "objectives": "Cùng ôn thi vào lớp 10.",
        **changes,
    }
    return {name: value for name, value in form.items() if value is not None}


def act(client, agreement, name, *, follow=True, **given):
    """Post the action `name` and follow to the page that answers."""
    url = reverse("agreement_action", args=[agreement.pk, Agreement.ACTIONS[name].slug])
    return client.post(url, given, follow=follow)


def state_of(agreement):
    """Everything an action could have changed."""
    return (
        Agreement.objects.filter(pk=agreement.pk).values().get(),
        agreement.events.count(),
        agreement.history.count(),
        agreement.documents.count(),
        Notification.objects.count(),
    )
