"""Sentences for a report from elsewhere: those of the time before as a start, those of the reports below as quotes that
name where they come from."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from reports.models import Report, ReportSection, SectionQuote
from reports.models.report_life import Status


@dataclass(frozen=True)
class Line:
    """One paragraph of a section of a report below. key: what the form sends back."""

    source: Report
    position: int
    text: str

    @property
    def key(self):
        return f"{self.source.pk}:{self.position}"

    @property
    def quoted(self):
        """As it is taken over: with its origin."""
        return f"{self.text} ({self.source.unit_name})"


def sections_below(report):
    """The written sections of the reports one quotes from: handed in, of the next level below; for the Department that
    is the districts, where they report."""
    below = Report.objects.below(report).standing().filter(status__in=Status.handed_in())
    if report.department_id and report.period.asks_districts:
        below = below.at_level("district")
    return ReportSection.objects.filter(report__in=below.order_by().values("pk")).exclude(body="")


def counts_below(report):
    """{key of a section: how many reports below wrote something there}."""
    return Counter(sections_below(report).values_list("key", flat=True))


def lines_below(report, key):
    """[Line] of section `key` of the reports below, in the order of the names of their units; without those that were
    quoted there already."""
    units = ("report__department", "report__district", "report__school")
    sections = sections_below(report).filter(key=key).select_related(*units)
    taken = set(report.quotes.filter(key=key).values_list("source", "text"))
    return [
        Line(section.report, position, text)
        for section in sections.order_by("report__district__sort_key", "report__school__sort_key", "report")
        for position, text in enumerate(filter(None, map(str.strip, section.body.split("\n"))))
        if (section.report_id, text) not in taken
    ]


@transaction.atomic
def quote(report, key, lines, by):
    """Add `lines` to the end of section `key`, each with its origin, and keep which they were."""
    section, _created = report.sections.get_or_create(key=key)
    section.body = "\n".join(filter(None, [section.body.rstrip(), *(line.quoted for line in lines)]))
    section.typed_by = by
    section.save()
    SectionQuote.objects.bulk_create(
        SectionQuote(report=report, key=key, source=line.source, text=line.text, by=by) for line in lines
    )


@transaction.atomic
def start_from_before(report, by):
    """Fill the sections that are empty with the sentences of the report of the time before. Returns how many."""
    earlier = Report.objects.before(report)
    texts = report.texts()
    filled = 0
    for key, body in earlier.texts().items() if earlier else ():
        if body and not texts.get(key):
            report.sections.update_or_create(key=key, defaults={"body": body, "typed_by": by})
            filled += 1
    return filled
