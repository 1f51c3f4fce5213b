"""Pages of activities."""

from urllib.parse import urlencode

from django.forms import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities import counting
from activities.check_in_code import Refused
from activities.filters import ActivityFilter
from activities.forms.activity import ActivityForm, UnitFormSet, save_activity, set_host
from activities.forms.counts import CountsForm, HoldForm
from activities.forms.documents import DocumentsForm
from activities.forms.merge import MergeForm
from activities.merging import merge
from activities.models import Activity, ActivityDocument, ActivityKind, Participation
from activities.models.check_in import require_open
from activities.tables import ActivityTable
from twinning import access, working
from twinning.models import Agreement, Programme
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage, SmallFormPage

NO_PROGRAMME = _(
    "Sở chưa lập phong trào nào trên cổng nên chưa ghi được gì. Hãy hỏi Sở; khi Sở lập xong, trang này mở."
)


class ActivityList(ListPage):
    model = Activity
    queryset = Activity.objects.for_list()
    filterset_class = ActivityFilter
    table_class = ActivityTable
    title = _("Hoạt động")
    intro = _("Mỗi hoạt động ghi một lần; các đơn vị cùng tham gia xác nhận số người của mình.")
    empty_text = _("Chưa ghi hoạt động nào. Ghi hoạt động vừa tổ chức, hoặc lập kế hoạch ở trang của giao ước.")
    summary_template = "activities/list_summary.html"

    def get_table_kwargs(self):
        return {**super().get_table_kwargs(), "own_rows": self.filterset.own_rows}

    def create_link(self):
        if access.is_recorder(self.request.user):
            return reverse("activity_create"), _("Ghi hoạt động")
        return None

    def further_links(self):
        return [(reverse("activity_calendar"), _("Lịch"))]


class ActivityDetail(DetailPage):
    model = Activity
    queryset = (
        Activity.objects.for_list()
        .select_related("programme", "content_area", "merged_into", "verified_by")
        .prefetch_related("units__school", "units__district")
    )
    template_name = "activities/activity_detail.html"

    def get_context_data(self, **kwargs):
        activity, user = self.object, self.request.user
        rows = activity.units.select_related("school__district", "district", "confirmed_by")
        rows = list(rows.prefetch_related("participations__teacher"))
        can_edit = activity.is_open_to_edit() and access.records_activity(user, activity)
        own = activity.own_row(user)
        documents = list(activity.documents.visible_to(user).select_related("uploaded_by", "material"))
        may_share = access.shares_material(user, activity) and activity.is_open_to_materials
        if may_share:
            self.offer_to_share(documents)
        return super().get_context_data(
            rows=rows,
            own_row=own,
            people=Participation.objects.filter(row__activity=activity).people(),
            unconfirmed=self.unconfirmed(rows),
            turns_rule=counting.TURNS_RULE,
            photos=[d for d in documents if d.is_image and not d.is_shared],
            documents=[d for d in documents if not (d.is_image or d.is_shared)],
            materials=activity.materials.visible_to(user).shared().for_list(),
            may_share=may_share,
            events=activity.events.select_related("by"),
            edit_url=reverse("activity_edit", args=[activity.pk]) if can_edit else None,
            may_correct=self.may_correct(own),
            may_host_check_in=access.hosts_check_in(user, activity) and self.is_check_in_day(),
            waiting_check_ins=own.waiting_check_ins.count() if own and own.school_id else 0,
            feedback=activity.feedback.all().summary(),
            may_upload=access.takes_part_in_activity(user, activity) or can_edit,
            **kwargs,
        )

    def unconfirmed(self, rows):
        """Of the lượt of teachers those no unit has confirmed."""
        is_held = self.object.status == Activity.Status.HELD
        return counting.Share(
            sum(row.teacher_turns for row in rows if is_held and row.confirmed_at is None), self.object.teacher_turns
        )

    def offer_to_share(self, documents):
        """Give those of `documents` that the own unit sent in and nobody shares yet the way to share them."""
        own = self.object.documents.filter(access.sent_in_by_unit_of(self.request.user), material=None)
        own = set(own.values_list("pk", flat=True))
        for document in documents:
            if document.pk in own:
                query = urlencode({"hoat_dong": self.object.pk, "tep": document.pk})
                document.share_url = f"{reverse('material_create')}?{query}"

    def is_check_in_day(self):
        try:
            require_open(self.object)
        except Refused:
            return False
        return True

    def may_correct(self, own):
        held = self.object.status in Activity.Status.counted()
        return held and own is not None and own.confirmed_at is not None and access.is_recorder(self.request.user)


class ActivityCreate(CreatePage):
    model = Activity
    form_class = ActivityForm
    template_name = "activities/activity_form.html"
    may_create = access.is_recorder
    heading = _("Ghi hoạt động")

    def dispatch(self, request, *args, **kwargs):
        if agreement := self.named_agreement():
            working.work_with(request.user, agreement.programme_id)
        self.programme = Programme.objects.current_for(request.user)
        return super().dispatch(request, *args, **kwargs)

    def closed(self):
        if self.programme is None:
            return NO_PROGRAMME
        if not ActivityKind.objects.offered(self.programme).exists():
            return _t("Phong trào chưa có loại hoạt động nào. Hãy nhờ Sở thêm ở trang “Phong trào → Loại hoạt động”.")
        return ""

    def named_agreement(self):
        """The one the address asks for (`giao_uoc`), of whichever programme."""
        named = self.request.GET.get("giao_uoc", "")
        return Agreement.objects.visible_to(self.request.user).filter(pk=named if named.isdecimal() else 0).first()

    def get_initial(self):
        agreement = self.named_agreement()
        return {"agreement": agreement.pk} if agreement else {}

    def unit_forms(self, form):
        if self.request.method == "POST":
            return UnitFormSet(self.request.POST, prefix="units", user=self.request.user, programme=self.programme)
        own = form.own_unit
        initial = [{"unit": f"{'school' if hasattr(own, 'level') else 'district'}:{own.pk}"}] if own else []
        return UnitFormSet(prefix="units", user=self.request.user, programme=self.programme, initial=initial)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.setdefault("units", self.unit_forms(context["form"]))
        context["own_unit"] = context["form"].own_unit
        return context

    def post(self, request, *args, **kwargs):
        self.object = None
        form = self.get_form()
        units = self.unit_forms(form)
        valid = form.is_valid() & units.is_valid()
        if valid:
            try:
                typed = form.cleaned_data
                self.rows = units.rows(typed.get("agreement"), form.own_unit, typed["day"])
                return self.form_valid(form)
            except ValidationError as error:
                form.add_error(None, error)
        return self.render_to_response(self.get_context_data(form=form, units=units), status=422)

    def form_invalid(self, form):
        units = self.unit_forms(form)
        units.is_valid()
        return self.render_to_response(self.get_context_data(form=form, units=units), status=422)

    def save(self, form):
        self.object = save_activity(form, self.rows, self.request.user)

    def saved_message(self):
        if self.object.status == Activity.Status.PLANNED:
            return _t("Đã lưu vào kế hoạch. Sau ngày tổ chức, cổng sẽ nhắc ghi kết quả.")
        if self.object.status == Activity.Status.CONFIRMED:
            return _t("Đã lưu. Chỉ có đơn vị mình tham gia nên không cần ai xác nhận.")
        return _t("Đã lưu và báo đơn vị bạn xác nhận số liệu.")


class ActivityEdit(EditPage):
    model = Activity
    form_class = ActivityForm
    template_name = "activities/activity_form.html"

    def get_queryset(self):
        return super().get_queryset().for_list().select_related("programme")

    def get_object(self, queryset=None):
        activity = super().get_object(queryset)
        if not access.records_activity(self.request.user, activity):
            raise Http404
        return activity

    def save(self, form):
        if "hosted_by" in form.changed_data:
            set_host(form, list(form.instance.units.select_related("school", "district")))
        super().save(form)
        self.object.place_units()
        for upload in form.cleaned_data["files"]:
            ActivityDocument.keep(upload, self.request.user, activity=self.object)


class ActivityAction(ActionPage):
    model = Activity
    queryset = Activity.objects.for_list().select_related("programme").prefetch_related("units")

    def get_form(self, form_class=None):
        kwargs = self.get_form_kwargs()
        own = {"row": self.object.own_row(self.request.user), "records_names": self.object.programme.records_names}
        if self.name == "confirm":
            return CountsForm(**kwargs, **own)
        if self.name == "merge":
            return MergeForm(**kwargs, activity=self.object)
        if self.name == "hold":
            return HoldForm(**kwargs, **own, activity=self.object)
        return super().get_form(form_class)

    def save(self, form):
        user = self.request.user
        if self.name == "confirm":
            self.object.confirm_own_row(user, form.counts, form.named_teachers, form.seen)
        elif self.name == "hold":
            typed = form.cleaned_data
            self.object.hold(user, typed["held_on"], typed["results"], form.counts, form.named_teachers, form.seen)
        elif self.name == "merge":
            merge(self.object, form.cleaned_data["into"], user)
        else:
            super().save(form)

    def next_page(self):
        return self.object.merged_into or self.object


class ActivityCorrect(SmallFormPage):
    """Change the head-counts of one's own unit after they were confirmed."""

    model = Activity
    queryset = Activity.objects.counted().select_related("programme").prefetch_related("units")
    form_class = CountsForm
    heading = _("Sửa số liệu của đơn vị")
    done = _("Đã sửa số liệu của đơn vị mình.")

    def may(self, user):
        return access.takes_part_in_activity(user, self.object)

    def get_form_kwargs(self):
        row = self.object.own_row(self.request.user)
        return {**super().get_form_kwargs(), "row": row, "records_names": self.object.programme.records_names}

    def save(self, form):
        self.object.correct_own_row(self.request.user, form.counts, form.named_teachers, form.seen)


class ActivityDocuments(SmallFormPage):
    """Attach photos and minutes to an activity one's unit takes part in."""

    model = Activity
    queryset = Activity.objects.select_related("programme").prefetch_related("units")
    form_class = DocumentsForm
    heading = _("Thêm ảnh, biên bản")
    done = _("Đã lưu.")

    def may(self, user):
        return access.takes_part_in_activity(user, self.object) or access.records_activity(user, self.object)

    def save(self, form):
        uploads = form.cleaned_data["files"]
        for upload in uploads:
            ActivityDocument.keep(upload, self.request.user, activity=self.object)
        self.object.record_event("upload", self.request.user, note=", ".join(upload.name for upload in uploads))
