"""Administration of units, programmes and memberships. Agreements are kept in the portal, with their history."""

from django.contrib import admin

from twinning.models import ContentArea, Department, District, LegalBasis, Membership, Programme, School, Subject


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ["short_name", "superior", "place", "symbol", "is_sample"]


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "zone", "code", "department", "valid_from", "valid_to"]
    list_filter = ["department", "kind", "zone"]
    list_select_related = ["department"]
    search_fields = ["name", "search_key", "code"]


@admin.register(School)
class SchoolAdmin(admin.ModelAdmin):
    list_display = ["name", "level", "district", "code"]
    list_filter = ["level", "department"]
    list_select_related = ["district"]
    search_fields = ["name", "search_key", "code"]
    autocomplete_fields = ["district"]

    def get_readonly_fields(self, request, obj=None):
        """A school changes hands, merges or closes by an act of the portal, which keeps the past."""
        return ["district", "merged_into", "valid_to"] if obj else []


class LegalBasisInline(admin.TabularInline):
    model = LegalBasis
    extra = 0


class ContentAreaInline(admin.TabularInline):
    model = ContentArea
    extra = 0


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ["name", "department", "phase", "starts_on", "ends_on"]
    inlines = [LegalBasisInline, ContentAreaInline]


@admin.register(Subject)
class SubjectAdmin(admin.ModelAdmin):
    list_display = ["name", "position"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "department", "district", "school", "valid_from", "valid_to"]
    list_filter = ["role"]
    list_select_related = ["user", "department", "district", "school"]
    search_fields = ["user__username", "user__full_name", "school__search_key", "district__search_key"]
    autocomplete_fields = ["user", "district", "school"]
