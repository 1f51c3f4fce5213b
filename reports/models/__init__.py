from reports.models.award import Award
from reports.models.file import ReportFile
from reports.models.period import ReportingPeriod
from reports.models.report import Report, ReportEvent, ReportSection

__all__ = ["Award", "Report", "ReportEvent", "ReportFile", "ReportSection", "ReportingPeriod"]
