"""Pages about the people of a unit: inviting one, sending the letter again, ending a role."""

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.invitations import NotSent
from twinning import access, invitations, vietnamese
from twinning.forms.people import InvitationForm, MembershipEndForm
from twinning.life import Refused
from twinning.models import District, Membership, School
from twinning.pages import SmallFormPage

TOO_MANY = _("Đã gửi quá nhiều thư mời trong thời gian ngắn. Hãy chờ mười phút rồi thử lại.")


class InvitationPage(SmallFormPage):
    """Subclasses name the kind of unit."""

    form_class = InvitationForm
    heading = _("Mời người dùng cổng")
    intro = _(
        "Người được mời nhận một thư có liên kết để tự đặt mật khẩu, và làm việc được với vai trò này ngay sau đó."
    )
    button = _("Gửi thư mời")
    unit_name = ""

    def roles(self):
        return access.roles_to_give(self.request.user, **{self.unit_name: self.object})

    def may(self, user):
        return bool(self.roles())

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "roles": self.roles()}

    def form_valid(self, form):
        if not consume(self.request, action="invite", key=form.cleaned_data["email"]):
            form.add_error(None, TOO_MANY)
            return self.form_invalid(form)
        self.membership = None
        response = super().form_valid(form)
        if self.membership:
            mail(self.request, self.membership)
        return response

    def save(self, form):
        unit = {self.unit_name: self.object}
        try:
            self.membership = invitations.invite(self.request.user, **form.cleaned_data, **unit)
        except Refused as refusal:
            raise Refused(f"{form.cleaned_data['full_name']}: {refusal}") from refusal


class SchoolInvitation(InvitationPage):
    model = School
    queryset = School.objects.select_related("district")
    unit_name = "school"


class DistrictInvitation(InvitationPage):
    model = District
    unit_name = "district"


def mail(request, membership):
    """Send the letter, and say the same whether the address had an account before or not."""
    to = {"name": membership.shown_name, "address": membership.user.email}
    try:
        invitations.send_letter(membership, request.user)
    except NotSent:
        text = _t(
            "Đã ghi vai trò cho %(name)s nhưng chưa gửi được thư tới %(address)s: máy chủ thư không nhận. "
            "Ít phút nữa hãy bấm “Gửi lại thư mời”."
        )
        messages.error(request, text % to)
    else:
        messages.success(request, _t("Đã gửi thư mời %(name)s tới %(address)s.") % to)


def _kept(request, pk):
    """The seat, when the person may look after it; else a 404."""
    seats = Membership.objects.current().with_units().select_related("user")
    membership = get_object_or_404(seats, pk=pk)
    may = access.keeps_membership(request.user, membership)
    return get_object_or_404(seats, pk=pk if may else 0)


@require_POST
def resend_letter(request, pk):
    membership = _kept(request, pk)
    if not membership.is_pending:
        messages.info(request, _t("Người này đã đăng nhập rồi, không cần thư mời nữa."))
    elif not membership.user.email:
        messages.error(request, _t("Tài khoản này không có thư điện tử. Hãy mời người bằng địa chỉ thư của họ."))
    elif not consume(request, action="invite", key=membership.user.email.lower()):
        messages.error(request, TOO_MANY)
    else:
        mail(request, membership)
    return redirect(membership)


class MembershipEnd(SmallFormPage):
    model = Membership
    form_class = MembershipEndForm
    heading = _("Kết thúc vai trò")
    button = _("Kết thúc vai trò")

    def get_object(self, queryset=None):
        return _kept(self.request, self.kwargs["pk"])

    def may(self, user):
        return True

    @property
    def intro(self):
        membership, today = self.object, timezone.localdate()
        if membership.is_pending:
            text = _t(
                "%(name)s chưa nhận lời mời. Vai trò “%(seat)s” hết ngay; "
                "liên kết trong thư không còn mở được gì của đơn vị."
            )
        else:
            text = _t(
                "%(name)s còn làm việc với vai trò “%(seat)s” đến hết hôm nay (%(day)s), rồi thôi. "
                "Những gì đã ghi vẫn giữ nguyên."
            )
        return text % {
            "name": membership.shown_name,
            "seat": membership,
            "day": vietnamese.day(today),
        }

    def save(self, form):
        name = self.object.shown_name
        invitations.end(self.object, self.request.user)
        self.done = _t("Đã kết thúc vai trò của %s.") % name


def warn_of_missing_side(request, thing):
    """After an agreement or an amendment was sent or returned: say so when nobody is there to go on with it."""
    text = {
        thing.Status.WAITING: _t("%s chưa có ai dùng cổng. Sở đã được báo để mời người, rồi họ xác nhận."),
        thing.Status.RETURNED: _t("%s chưa có ai dùng cổng. Sở đã được báo để mời người, rồi họ sửa và gửi lại."),
    }.get(thing.status)
    if text and (missing := invitations.missing_side(thing, request.user)):
        messages.warning(request, text % missing["party"])
