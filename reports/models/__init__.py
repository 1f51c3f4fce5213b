from reports.models.award import Award
from reports.models.file import ReportFile
from reports.models.period import ReportingCalendar, ReportingPeriod
from reports.models.register import OutgoingPaper
from reports.models.report import Report, ReportEvent
from reports.models.section import ReportSection, SectionComment, SectionQuote
from reports.models.supplement import Supplement

__all__ = [
    "Award",
    "OutgoingPaper",
    "Report",
    "ReportEvent",
    "ReportFile",
    "ReportSection",
    "ReportingCalendar",
    "ReportingPeriod",
    "SectionComment",
    "SectionQuote",
    "Supplement",
]
