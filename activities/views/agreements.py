"""The list of agreements, with what was done beside what each set out to do: it knows both, so it stands here."""

from activities.tables import AgreementProgressTable
from twinning.views.agreements import AgreementList


class AgreementProgressList(AgreementList):
    table_class = AgreementProgressTable

    def get_table_kwargs(self):
        form = self.filterset.form
        year = form.cleaned_data.get("nam") if form.is_bound and form.is_valid() else None
        return {**super().get_table_kwargs(), "year": int(year) if year else None}
