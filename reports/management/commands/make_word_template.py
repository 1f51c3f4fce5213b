"""Makes the Word templates of all papers again, after a change in reports/papers/word_templates/."""

from django.core.management.base import BaseCommand

from reports.papers.word import AGREEMENT, DECISION, MINUTES, REPORT
from reports.papers.word_templates.agreement import agreement_template
from reports.papers.word_templates.decision import decision_template
from reports.papers.word_templates.minutes import minutes_template
from reports.papers.word_templates.report import report_template

TEMPLATES = {
    AGREEMENT: agreement_template,
    MINUTES: minutes_template,
    DECISION: decision_template,
    REPORT: report_template,
}


class Command(BaseCommand):
    help = "Makes the files of templates/reports/word again, after their form was changed."

    def handle(self, *args, **options):
        for path, make in TEMPLATES.items():
            make().save(path)
            self.stdout.write(str(path))
