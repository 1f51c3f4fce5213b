"""What participants open with a phone, without an account: check-in and feedback. No script, no session, few bytes."""

import logging
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, OperationalError, transaction
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.views import View
from django.views.decorators.cache import never_cache

from activities import attempts, check_in_code
from activities.forms.check_in import CheckInForm, FeedbackForm
from activities.models import Activity, CheckIn, CheckInDesk, Feedback
from activities.models.check_in import NotIn, device_hash
from activities.models.feedback import require_feedback_open
from twinning.models import School
from twinning.rows import page_of
from twinning.search import best_first, matching

logger = logging.getLogger(__name__)

DEVICE_COOKIE = "thiet_bi"
MOST_OFFERED, MOST_FOUND = 12, 10
TRIES = 3


@method_decorator([login_not_required, never_cache], name="dispatch")
class PublicPage(View):
    """A page behind a code. What is wrong with the code is said with what to do; too many tries get 429."""

    def dispatch(self, request, *args, **kwargs):
        self.device = request.COOKIES.get(DEVICE_COOKIE, "")[:64] or secrets.token_urlsafe(16)
        try:
            response = self.answer(request, kwargs["code"])
        except check_in_code.Forged as refusal:
            within = attempts.is_within(attempts.FORGED_PER_ADDRESS, "forged", attempts.address_of(request))
            response = self.refuse(refusal) if within else self.too_many()
        except check_in_code.Refused as refusal:
            response = self.refuse(refusal)
        response.set_cookie(
            DEVICE_COOKIE,
            self.device,
            max_age=settings.CHECK_IN_DEVICE_DAYS * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def answer(self, request, code):
        self.open(code, typing=request.method == "POST")
        if request.method == "POST":
            allowed = attempts.is_within(attempts.SENDS_PER_DEVICE, "device", self.device) and attempts.is_within(
                attempts.SENDS_PER_ADDRESS, "address", attempts.address_of(request)
            )
            return self.post(request) if allowed else self.too_many()
        return self.get(request) if request.method in ("GET", "HEAD") else self.http_method_not_allowed(request)

    def refuse(self, refusal):
        return render(self.request, "activities/public/refused.html", {"refusal": refusal}, status=refusal.status)

    def too_many(self):
        return render(self.request, "activities/public/too_many.html", status=429)


class CheckInPage(PublicPage):
    """`/diem-danh/<code>/`: pick the school, write the name or the teacher's code, send. A school that is not offered
    is looked for with the other button, which stores nothing."""

    def open(self, code, *, typing):
        self.code = code
        self.activity = CheckInDesk.of_code(code, typing=typing).activity

    def get(self, request):
        return self.page(CheckInForm(programme=self.activity.programme))

    def post(self, request):
        typed = request.POST.get("tim", "").strip()
        form = CheckInForm(request.POST, programme=self.activity.programme)
        if "find" in request.POST and typed:
            # What was typed stays; nothing is wrong with it yet.
            kept = {name: request.POST.get(name, "") for name in ("school", "person", "part")}
            return self.page(CheckInForm(initial=kept, programme=self.activity.programme), typed=typed)
        if not form.is_valid():
            return self.page(form, status=422)
        who = {name: form.cleaned_data[name] for name in ("full_name", "code", "is_manager")}
        try:
            check_in, is_new = self.store(form.cleaned_data["school"], who)
        except NotIn as reason:
            form.add_error(None, str(reason))
            return self.page(form, status=422)
        except OperationalError:
            logger.exception("A check-in was not stored.")
            form.add_error(None, _t("Cổng đang rất đông nên chưa ghi được. Hãy chờ vài giây rồi bấm gửi lại."))
            return self.page(form, status=503)
        context = {
            "activity": self.activity,
            "check_in": check_in,
            "is_new": is_new,
            "person": who["full_name"] or who["code"],
            "code": self.code,
            "feedback_code": check_in_code.feedback_code(self.activity.pk),
        }
        return render(request, "activities/public/checked_in.html", context)

    def store(self, school, who):
        for attempt in range(TRIES):
            try:
                arrived = CheckIn.objects.arrive(self.activity, school, self.device, **who)
                break
            except OperationalError:  # the database was busy or settled a deadlock
                if attempt == TRIES - 1:
                    raise
        try:
            CheckIn.objects.count_in(self.activity.pk)
        except Exception:
            # It is stored: the next one, or the sweeper, takes it in.
            logger.exception("A check-in at activity %s waits to be counted.", self.activity.pk)
        return arrived

    def page(self, form, typed="", status=200):
        offered = self.offered()
        chosen = form["school"].value()
        found = self.found(typed) if typed else []
        shown = {school.pk: school for school in [*found, *offered]}
        if str(chosen or "").isdecimal() and int(chosen) not in shown:
            shown = {s.pk: s for s in form.fields["school"].queryset.filter(pk=chosen)} | shown
        context = {
            "activity": self.activity,
            "form": form,
            "schools": list(shown.values()),
            "chosen": str(chosen or (offered[0].pk if len(shown) == 1 and offered else "")),
            "typed": typed,
            "found": found,
            "names": self.activity.programme.records_names,
            "feedback_code": check_in_code.feedback_code(self.activity.pk),
        }
        return render(self.request, "activities/public/check_in.html", context, status=status)

    def offered(self):
        """The schools of the rows, then those of the agreement; some of many."""
        schools = School.objects.operating().select_related("district")
        taking_part = schools.filter(activity_rows__activity=self.activity)[:MOST_OFFERED]
        offered = {school.pk: school for school in taking_part}
        if (agreement := self.activity.agreement) and len(offered) < MOST_OFFERED:
            parties = [agreement.supporting_school_id, agreement.supported_school_id]
            parties += agreement.members.values_list("school_id", flat=True)
            missing = {pk for pk in parties if pk} - offered.keys()
            offered |= {school.pk: school for school in schools.filter(pk__in=missing)[:MOST_OFFERED]}
        return list(offered.values())[:MOST_OFFERED]

    def found(self, typed):
        schools = School.objects.filter(department=self.activity.programme.department_id).operating()
        return page_of(best_first(matching(schools, typed[:80]), typed[:80]).for_list(), slice(MOST_FOUND))


class FeedbackPage(PublicPage):
    """`/gop-y/<code>/`: three answers, once per device."""

    def open(self, code, *, typing):
        activities = Activity.objects.select_related("programme", "host_school", "host_district")
        self.activity = activities.filter(pk=check_in_code.activity_of_feedback(code)).first()
        if self.activity is None:
            raise check_in_code.Forged
        require_feedback_open(self.activity)
        self.hashed = device_hash(self.activity, self.device, "feedback")

    def get(self, request):
        return self.thanks(is_new=False) if self.is_given() else self.page(FeedbackForm())

    def post(self, request):
        form = FeedbackForm(request.POST, instance=Feedback(activity=self.activity, device_hash=self.hashed))
        if self.is_given():
            return self.thanks(is_new=False)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            return self.thanks(is_new=False)
        return self.thanks(is_new=True)

    def is_given(self):
        return Feedback.objects.filter(activity=self.activity, device_hash=self.hashed).exists()

    def page(self, form, status=200):
        context = {"activity": self.activity, "form": form}
        return render(self.request, "activities/public/feedback.html", context, status=status)

    def thanks(self, *, is_new):
        context = {"activity": self.activity, "is_new": is_new}
        return render(self.request, "activities/public/thanks.html", context)
