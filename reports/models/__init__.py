from reports.models.file import ReportFile
from reports.models.period import ReportingPeriod
from reports.models.report import Report, ReportEvent, ReportSection

__all__ = ["Report", "ReportEvent", "ReportFile", "ReportSection", "ReportingPeriod"]
