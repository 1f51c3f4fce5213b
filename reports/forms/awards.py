"""Forms of awards: a round with its forms and criteria, nominations, the council's minutes, decisions, certificates."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.awards.decision import gives_numbers
from reports.awards.evidence import EVIDENCE, SUBJECTS, criteria_of
from reports.models import (
    Award,
    AwardCriterion,
    AwardMeeting,
    AwardOffer,
    AwardRound,
    CertificateFile,
    Nomination,
    NominationComment,
)
from reports.models.award_round import MOST_FULL, MOST_POINTS
from twinning import access, school_year
from twinning.forms.base import PortalForm, SchoolPicker, SeenMixin, UnchangedMixin
from twinning.forms.numbers import WholeNumberField
from twinning.life import Refused
from twinning.models import District, Programme, School
from twinning.vietnamese import number, same_key

MOST_AWARDS = 9999


class AwardRoundForm(PortalForm, SeenMixin):
    school_year = forms.TypedChoiceField(label=_("Thời gian"), coerce=int, empty_value=None, required=False, choices=[])

    class Meta:
        model = AwardRound
        fields = [
            "name",
            "school_year",
            "opens_on",
            "due_on",
            "conditions",
            "exclusions",
            "comment_days",
            "pass_percent",
        ]
        field_classes = {"comment_days": WholeNumberField, "pass_percent": WholeNumberField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.programme = Programme.objects.current_for(self.user)
        programme = self.instance.programme
        years = [(year, _t("năm học %s") % school_year.label(year)) for year in reversed(programme.school_years)]
        self.fields["school_year"].choices = [("", _t("cả giai đoạn %s") % programme.phase), *years]
        if not self.instance.pk:
            today = timezone.localdate()
            self.initial.setdefault("opens_on", today)
            self.initial.setdefault("school_year", programme.default_year)

    def _get_validation_exclusions(self):
        # The programme is ours, not typed; the rule "one name once" needs it.
        return super()._get_validation_exclusions() - {"programme"}

    def save(self, commit=True):
        is_new = self.instance.pk is None
        award_round = super().save(commit)
        if is_new:
            award_round.offers.create(form=Award.Form.MERIT, issuer=usual_issuer(award_round, Award.Form.MERIT))
        return award_round


def usual_issuer(award_round, form):
    """Whose authority a form is: giấy khen, thư khen of the Director, bằng khen of the Chairman (domain facts §6)."""
    department = award_round.department
    if form == Award.Form.COMMENDATION:
        return f"Chủ tịch {department.superior}"
    return f"Giám đốc {department.name}"


class OffersForm(PortalForm, UnchangedMixin):
    """Each form of award: given in this round or not, by whom, how many in all, for one office, for a level."""

    KINDS = {
        "collective_most": _("Tập thể, cả đợt"),
        "individual_most": _("Cá nhân, cả đợt"),
        "collective_per_district": _("Tập thể, mỗi đơn vị"),
        "individual_per_district": _("Cá nhân, mỗi đơn vị"),
    }

    def __init__(self, *args, award_round, **kwargs):
        self.award_round = award_round
        self.stored = {offer.form: offer for offer in award_round.offers.all()}
        chosen = award_round.programme.school_levels
        self.levels = [level for level in School.Level if not chosen or level in chosen]
        super().__init__(*args, **kwargs)
        for form in Award.Form:
            offer = self.stored.get(form)
            self._add(
                f"{form}_given",
                forms.BooleanField(label=_("Xét trong đợt này"), required=False, initial=offer is not None),
            )
            issuer = offer.issuer if offer else usual_issuer(award_round, form)
            self._add(
                f"{form}_issuer",
                forms.CharField(label=_("Cấp quyết định"), max_length=150, required=False, initial=issuer),
            )
            for name, label in self.KINDS.items():
                self._add_number(f"{form}_{name}", label, getattr(offer, name, None))
            for level in self.levels:
                self._add_number(f"{form}_level_{level}", level.label, offer and offer.level_most.get(level))

    def _add(self, name, field):
        self.fields[name] = field

    def _add_number(self, name, label, initial):
        box = WholeNumberField(label=label, required=False, min_value=0, max_value=MOST_AWARDS, initial=initial)
        self._add(name, box)

    @property
    def rows(self):
        """[{label, given, issuer, boxes, levels}] for the page."""
        return [
            {
                "label": form.label,
                "given": self[f"{form}_given"],
                "issuer": self[f"{form}_issuer"],
                "boxes": [self[f"{form}_{name}"] for name in self.KINDS],
                "levels": [self[f"{form}_level_{level}"] for level in self.levels],
            }
            for form in Award.Form
        ]

    def stored_state(self):
        rows = self.award_round.offers.order_by("form").values_list("form", "issuer", *self.KINDS, "level_most")
        return repr(list(rows))

    def clean(self):
        cleaned = super().clean()
        try:
            self.award_round.require_open()
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        for form in Award.Form:
            offer = self.stored.get(form)
            if cleaned.get(f"{form}_given"):
                if not cleaned.get(f"{form}_issuer"):
                    self.add_error(f"{form}_issuer", _t("Hãy ghi ai quyết định, ví dụ Giám đốc Sở."))
            elif offer and (n := offer.nominations.count()):
                self.add_error(f"{form}_given", _t("Đã có %s đề nghị hình thức này nên không bỏ được.") % number(n))
        if not any(cleaned.get(f"{form}_given") for form in Award.Form):
            self.add_error(None, _t("Hãy chọn ít nhất một hình thức khen."))
        return cleaned

    def save(self):
        """Store what was typed. Returns what the history says."""
        told = []
        for form in Award.Form:
            offer = self.stored.get(form)
            if not self.cleaned_data[f"{form}_given"]:
                if offer:
                    offer.delete()
                    told.append(_t("bỏ %s") % form.label)
                continue
            offer = offer or AwardOffer(round=self.award_round, form=form)
            before = [getattr(offer, name) for name in ("issuer", *self.KINDS, "level_most")]
            offer.issuer = self.cleaned_data[f"{form}_issuer"]
            for name in self.KINDS:
                setattr(offer, name, self.cleaned_data[f"{form}_{name}"])
            levels = {level.value: self.cleaned_data[f"{form}_level_{level}"] for level in self.levels}
            offer.level_most = {level: most for level, most in levels.items() if most is not None}
            if offer.pk is None or before != [getattr(offer, name) for name in ("issuer", *self.KINDS, "level_most")]:
                offer.save()
                told.append(self._in_words(offer))
        return "\n".join(told)

    def _in_words(self, offer):
        numbers = [
            f"{label}: {number(value)}"
            for name, label in self.KINDS.items()
            if (value := getattr(offer, name)) is not None
        ]
        numbers += [f"{School.Level(level).label}: {number(most)}" for level, most in offer.level_most.items()]
        return f"{offer} ({offer.issuer}): {'; '.join(numbers) or _t('không giới hạn')}"


class CriteriaForm(PortalForm, UnchangedMixin):
    """How many points each number gives, and from which number on in full; 0 points: it is not counted."""

    def __init__(self, *args, award_round, **kwargs):
        self.award_round = award_round
        super().__init__(*args, **kwargs)
        for subject, known in EVIDENCE.items():
            stored = criteria_of(award_round, subject)
            for key, evidence in known.items():
                points, full = stored.get(key, (0, None))
                prefix = f"{subject}_{key}"
                self.fields[f"{prefix}_points"] = WholeNumberField(
                    label=_("Điểm tối đa"), min_value=0, max_value=MOST_POINTS, initial=points
                )
                self.fields[f"{prefix}_full"] = WholeNumberField(
                    label=_("Đạt từ (đồng)") if evidence.is_money else _("Đạt từ"),
                    min_value=1,
                    max_value=MOST_FULL,
                    required=False,
                    initial=full,
                    help_text=_("Bỏ trống: số cao nhất"),
                )

    @property
    def groups(self):
        """[{label, rows [{evidence, points, full}]}] for the page."""
        return [
            {
                "label": SUBJECTS[subject],
                "rows": [
                    {
                        "evidence": evidence,
                        "points": self[f"{subject}_{key}_points"],
                        "full": self[f"{subject}_{key}_full"],
                    }
                    for key, evidence in known.items()
                ],
            }
            for subject, known in EVIDENCE.items()
        ]

    def stored_state(self):
        rows = self.award_round.criteria.order_by("subject", "key")
        return repr(list(rows.values_list("subject", "key", "points", "full")))

    def clean(self):
        cleaned = super().clean()
        for subject, known in EVIDENCE.items():
            points = [cleaned.get(f"{subject}_{key}_points") for key in known]
            if None not in points and sum(points) != MOST_POINTS:
                self.add_error(
                    None,
                    _t("%(who)s: các điểm tối đa cộng lại là %(sum)s, cần đúng %(all)s.")
                    % {"who": SUBJECTS[subject], "sum": sum(points), "all": MOST_POINTS},
                )
        return cleaned

    def save(self):
        """Store every criterion as it is typed. Returns what the history says."""
        told = []
        for subject, known in EVIDENCE.items():
            before = criteria_of(self.award_round, subject)
            for key, evidence in known.items():
                points = self.cleaned_data[f"{subject}_{key}_points"]
                full = self.cleaned_data[f"{subject}_{key}_full"]
                AwardCriterion.objects.update_or_create(
                    round=self.award_round, subject=subject, key=key, defaults={"points": points, "full": full}
                )
                if before.get(key, (0, None)) != (points, full):
                    told.append(f"{SUBJECTS[subject]}, {evidence.label}: {before.get(key, (0,))[0]} → {points}")
        return "\n".join(told)


class NominationForm(PortalForm, SeenMixin):
    """The unit itself or one of its people; the Department says first which unit. What is typed is the unit's word; the
    figures beside it come from the rows."""

    of_school = forms.ModelChoiceField(
        label=_("Trường"),
        queryset=School.objects.none(),
        required=False,
        widget=SchoolPicker,
        help_text=_("Trường được đề nghị, hoặc trường của người được đề nghị."),
    )
    of_office = forms.ModelChoiceField(
        label=_("Hoặc Phòng, xã, phường"),
        queryset=District.objects.none(),
        required=False,
        empty_label=_("Chọn khi đề nghị đơn vị quản lý hoặc người của đơn vị ấy"),
    )

    class Meta:
        model = Nomination
        fields = ["offer", "kind", "full_name", "position", "citation", "achievement"]
        widgets = {"kind": forms.RadioSelect, "achievement": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "full_name": _("Chỉ khi đề nghị cá nhân: cán bộ, giáo viên, nhân viên. Không ghi tên học sinh."),
            "achievement": _("Việc đã làm, kết quả, số liệu; có thể lấy các số bên cạnh."),
        }

    def __init__(self, *args, award_round=None, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.round = award_round
            self._set_unit()
            self.initial.setdefault("kind", Award.Kind.COLLECTIVE)
        self.fields["kind"].choices = Award.Kind.choices  # chips need no empty choice
        offers = self.instance.round.offers.all()
        self.fields["offer"].queryset = offers
        self.fields["offer"].empty_label = None
        if len(offers) == 1:
            self.initial.setdefault("offer", offers[0].pk)
        self.fields["achievement"].widget.attrs["rows"] = 10
        if self.instance.pk or not self.instance.is_by_department:
            del self.fields["of_school"], self.fields["of_office"]

    def _set_unit(self):
        seat = access.seat(self.user)
        if access.nominates(self.user):
            self.instance.school = seat.school
            self.instance.district = seat.school.district if seat.school_id else seat.district
        else:
            self.instance.is_by_department = True
            own = {"department": self.instance.round.department}
            self.fields["of_school"].queryset = School.objects.operating().filter(**own)
            in_force = District.objects.valid_on(timezone.localdate()).filter(**own)
            self.fields["of_office"].queryset = in_force.in_force_first()
            asked = self.initial.get("of_school"), self.initial.get("of_office")
            school, office = (
                field.queryset.filter(pk=pk).first() if str(pk).isdecimal() else None
                for field, pk in zip((self.fields["of_school"], self.fields["of_office"]), asked, strict=True)
            )
            self._put(school, office)  # so that the page can show their figures

    @property
    def chooses_unit(self):
        return "of_school" in self.fields

    def _get_validation_exclusions(self):
        # Who it is of is not typed; the rule "one nomination once" needs it.
        rules = {"school", "district", "name_key", "status"} if self.instance.district_id else set()
        return super()._get_validation_exclusions() - rules

    def clean(self):
        cleaned = super().clean()
        if not self.instance.round.is_taking:
            raise forms.ValidationError(
                _t("Đợt này không còn nhận đề nghị. Những gì vừa gõ vẫn còn dưới đây để thầy/cô chép lại.")
            )
        if self.chooses_unit:
            self._take_unit(cleaned.get("of_school"), cleaned.get("of_office"))
        if cleaned.get("kind") == Award.Kind.INDIVIDUAL:
            for name, missing in (
                ("full_name", _t("Hãy ghi họ và tên người được đề nghị.")),
                ("position", _t("Hãy ghi chức vụ, ví dụ: Giáo viên Toán.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        else:
            cleaned["full_name"] = cleaned["position"] = ""
        # Before the rule "one nomination once" is asked, which reads it.
        self.instance.name_key = same_key(cleaned["full_name"]) if cleaned.get("full_name") else ""
        return cleaned

    def _take_unit(self, school, office):
        if bool(school) == bool(office) and not {"of_school", "of_office"} & set(self.errors):
            text = (
                _t("Chỉ chọn một: trường, hoặc Phòng, xã, phường.") if school else _t("Hãy chọn đơn vị được đề nghị.")
            )
            self.add_error("of_school", text)
        self._put(school, office)

    def _put(self, school, office):
        self.instance.school = school
        self.instance.district = school.district if school else office


class ShortlistForm(PortalForm, forms.Form):
    """Which of the nominations before the Department go to the council."""

    chosen = forms.MultipleChoiceField(
        label=_("Đề nghị"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chưa chọn đề nghị nào. Hãy đánh dấu những đề nghị trình hội đồng.")},
    )

    def __init__(self, *args, nominations, **kwargs):
        super().__init__(*args, **kwargs)
        self.nominations = {str(nomination.pk): nomination for nomination in nominations}
        self.fields["chosen"].choices = [(pk, str(nomination)) for pk, nomination in self.nominations.items()]

    def picked(self):
        return [self.nominations[pk] for pk in self.cleaned_data["chosen"]]


class MeetingForm(PortalForm, UnchangedMixin, forms.ModelForm):
    """The minutes, and below them the votes for each nomination at the council."""

    class Meta:
        model = AwardMeeting
        fields = [
            "council",
            "number",
            "held_on",
            "starts_at",
            "ends_at",
            "place",
            "members",
            "present",
            "attendees",
            "absent",
            "chair_name",
            "chair_title",
            "secretary_name",
            "secretary_title",
            "course",
        ]
        field_classes = {"members": WholeNumberField, "present": WholeNumberField}

    def __init__(self, *args, award_round, nominations, **kwargs):
        self.award_round, self.nominations = award_round, nominations
        kwargs["instance"] = AwardMeeting.objects.filter(round=award_round).first() or AwardMeeting(round=award_round)
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial |= {
                "council": _t("Hội đồng Thi đua, Khen thưởng %s") % award_round.department.name,
                "held_on": timezone.localdate(),
                "place": award_round.department.name,
            }
        for nomination in nominations:
            for name, label in (("for", _("đồng ý")), ("against", _("không đồng ý"))):
                self.fields[f"{name}_{nomination.pk}"] = WholeNumberField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=999,
                    initial=getattr(nomination, f"votes_{name}"),
                )
        self.fit_boxes()

    def stored_state(self):
        written = self.instance.updated_at.isoformat() if self.instance.pk else ""
        return repr((written, [(n.pk, n.votes_for, n.votes_against) for n in self.nominations]))

    @property
    def votes(self):
        """[(nomination, boxes)] for the page."""
        return [(n, [self[f"for_{n.pk}"], self[f"against_{n.pk}"]]) for n in self.nominations]

    @property
    def facts(self):
        """The boxes of the minutes themselves."""
        return [self[name] for name in self.Meta.fields]

    def clean(self):
        cleaned = super().clean()
        if not self.award_round.is_open_to_edit():
            raise forms.ValidationError(
                _t("Đợt xét khen đang “%s” nên biên bản không sửa được nữa.") % self.award_round.get_status_display()
            )
        present = cleaned.get("present")
        for nomination in self.nominations:
            names = f"for_{nomination.pk}", f"against_{nomination.pk}"
            given = [cleaned.get(name) for name in names]
            if given[0] is None and given[1] is not None and names[0] not in self.errors:
                self.add_error(names[0], _t("Hãy ghi số phiếu đồng ý."))
            elif present is not None and sum(n or 0 for n in given) > present:
                self.add_error(
                    names[0],
                    _t("Cộng hai loại là %(n)s phiếu, nhiều hơn %(present)s thành viên dự họp.")
                    % {"n": number(sum(n or 0 for n in given)), "present": number(present)},
                )
        return cleaned

    def save(self, commit=True):
        meeting = super().save(commit)
        for nomination in self.nominations:
            given = self.cleaned_data[f"for_{nomination.pk}"], self.cleaned_data[f"against_{nomination.pk}"]
            if given[0] is not None and given[1] is None:
                given = given[0], meeting.present - given[0]
            if given != (nomination.votes_for, nomination.votes_against):
                nomination.votes_for, nomination.votes_against = given
                nomination.save(update_fields=["votes_for", "votes_against", "updated_at"])
        return meeting


class DecisionForm(PortalForm, forms.Form):
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    decided_on = forms.DateField(label=_("Ngày quyết định"))
    issuer = forms.CharField(label=_("Cấp quyết định"), max_length=150)
    signer_title = forms.CharField(
        label=_("Chức vụ người ký"), max_length=120, help_text=_("Ví dụ: KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")
    )
    signer_name = forms.CharField(label=_("Họ tên người ký"), max_length=120)

    def __init__(self, *args, offer, **kwargs):
        super().__init__(*args, **kwargs)
        gives = gives_numbers(offer)
        self.fields["number"].required = not gives
        self.fields["number"].help_text = (
            _("Bỏ trống: cổng cấp số tiếp theo của Sở.") if gives else _("Số của quyết định do cấp trên ban hành.")
        )
        self.initial |= {
            "decided_on": timezone.localdate(),
            "issuer": offer.issuer,
            "signer_title": "GIÁM ĐỐC" if gives else "CHỦ TỊCH",
        }


class CommentForm(PortalForm, forms.ModelForm):
    class Meta:
        model = NominationComment
        fields = ["nomination", "body"]

    def __init__(self, *args, nominations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nomination"].queryset = nominations
        self.fields["nomination"].label_from_instance = lambda n: ", ".join(
            filter(None, [n.recipient_line, n.belongs_to, str(n.offer)])
        )
        self.fields["nomination"].empty_label = _("Chọn tập thể, cá nhân…")


class CertificateForm(PortalForm, forms.ModelForm):
    class Meta:
        model = CertificateFile
        fields = ["decision", "layout", "paper", "shift_right", "shift_down"]

    def __init__(self, *args, decisions, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        field.queryset, field.empty_label = decisions, None
        field.label_from_instance = lambda decision: (
            _t("%(form)s, quyết định %(number)s")
            % {
                "form": decision.offer,
                "number": decision.number,
            }
        )
        for name in ("shift_right", "shift_down"):
            self.fields[name].help_text = _("Số âm để dời ngược lại. In thử một tờ rồi chỉnh.")
