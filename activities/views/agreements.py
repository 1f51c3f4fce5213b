"""The list of agreements, with what was done beside what each set out to do: it knows both, so it stands here."""

from activities.tables import AgreementProgressTable
from twinning.views.agreements import AgreementList


class AgreementProgressList(AgreementList):
    table_class = AgreementProgressTable

    def get_table_kwargs(self):
        form = self.filterset.form
        year = form.cleaned_data.get("nam") if form.is_bound and form.is_valid() else None
        kwargs = super().get_table_kwargs()
        # The list of pairs that do nothing asks when they did last, and has no room for how far they are.
        exclude = (*kwargs["exclude"], *(["progress"] if kwargs.get("is_silent") else []))
        return {**kwargs, "exclude": exclude, "year": int(year) if year else None}
