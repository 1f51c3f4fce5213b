from django.contrib import admin

from activities.models import ActivityKind


@admin.register(ActivityKind)
class ActivityKindAdmin(admin.ModelAdmin):
    list_display = ["name", "group", "programme", "position"]
    list_filter = ["programme", "group"]
    list_select_related = ["programme"]
