"""The files of long lists somebody asked for."""

from django.shortcuts import get_object_or_404, render
from django.views.generic import ListView

from twinning.models import ExportFile


class ExportFileList(ListView):
    template_name = "twinning/export_file_list.html"
    paginate_by = 30

    def get_queryset(self):
        return ExportFile.objects.visible_to(self.request.user)


def export_file_state(request, uuid):
    """One line on a file; the page asks every two seconds until it is finished."""
    file = get_object_or_404(ExportFile.objects.visible_to(request.user), pk=uuid)
    return render(request, "twinning/export_file_row.html", {"file": file})
