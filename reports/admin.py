"""Administration of reporting periods and awards, and a look into report files."""

from django.contrib import admin

from reports.models import Award, Report, ReportFile, ReportingPeriod


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(admin.ModelAdmin):
    list_display = ["__str__", "programme", "cut_off_on", "due_on"]


@admin.register(Award)
class AwardAdmin(admin.ModelAdmin):
    list_display = ["__str__", "kind", "form", "decision_number", "decided_on"]
    list_select_related = ["school", "district"]
    list_filter = ["programme", "kind", "form"]
    autocomplete_fields = ["school", "district"]
    raw_id_fields = ["nomination", "decision"]
    # A decision revokes an award, on the page of the award.
    readonly_fields = ["status", "revoked_on", "revoked_number", "revoked_signer", "revoked_reason"]


class ReadOnly(admin.ModelAdmin):
    """Status and files change only through the portal itself."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ["__str__", "status", "number", "issued_on"]
    list_select_related = ["period", "department", "district", "school"]
    list_filter = ["status", "period"]


@admin.register(ReportFile)
class ReportFileAdmin(ReadOnly):
    list_display = ["report", "version", "state", "attempts", "error", "finished_at"]
    list_select_related = ["report__period", "report__department", "report__district", "report__school"]
    list_filter = ["state"]
