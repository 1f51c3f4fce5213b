"""Pages that belong to no single list: private files, the change of seat and of programme."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twinning import working
from twinning.exports import attachment, fence
from twinning.middleware import SESSION_KEY
from twinning.models import ExportFile, PrivateFile, Programme

INLINE_TYPES = ("application/pdf", "image/jpeg", "image/png", "image/webp")


@require_safe
def private_file(request, uuid, kinds=()):
    """Hand out a stored file to those who may read its owner; checked on every request."""
    for model in (*PrivateFile.__subclasses__(), ExportFile, *kinds):
        stored = model.objects.visible_to(request.user).filter(pk=uuid).exclude(file="").first()
        if stored:
            break
    else:
        raise Http404
    try:
        file = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return fence(attachment(file, stored.name, stored.content_type, inline=stored.content_type in INLINE_TYPES))


@require_POST
def take_seat(request, pk):
    """Work under another of one's own memberships from now on; on the page `next`, if it is one of ours."""
    membership = get_object_or_404(request.user.memberships.in_force().with_units(), pk=pk)
    request.session[SESSION_KEY] = membership.pk
    messages.success(request, _("Đang làm việc với vai trò: %s.") % membership)
    return redirect(_next_page(request))


@require_POST
def take_programme(request):
    """Work with another programme of one's Department from now on, and stay on the page one is on."""
    chosen = request.POST.get("programme", "")
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=chosen if chosen.isdecimal() else 0)
    request.session[working.SESSION_KEY] = programme.pk
    return redirect(_next_page(request))


def _next_page(request):
    """Where the form wants to lead (`next`), as long as it is a page of ours."""
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "dashboard"
