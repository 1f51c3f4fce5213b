from reports.models.award import Award, AwardEvent
from reports.models.award_decision import AwardDecision
from reports.models.award_meeting import AwardMeeting
from reports.models.award_offer import AwardCriterion, AwardOffer
from reports.models.award_round import AwardRound, AwardRoundEvent
from reports.models.batch import Batch, BatchEvent
from reports.models.batch_item import BatchItem
from reports.models.book import BatchBook
from reports.models.certificate import CertificateFile
from reports.models.file import ReportFile
from reports.models.issued import IssuedPaper
from reports.models.nomination import Nomination, NominationComment, NominationEvent
from reports.models.period import ReportingCalendar, ReportingPeriod
from reports.models.register import OutgoingPaper
from reports.models.report import Report, ReportEvent
from reports.models.section import ReportSection, SectionComment, SectionQuote
from reports.models.supplement import Supplement

__all__ = [
    "Award",
    "AwardCriterion",
    "AwardDecision",
    "AwardEvent",
    "AwardMeeting",
    "AwardOffer",
    "AwardRound",
    "AwardRoundEvent",
    "Batch",
    "BatchBook",
    "BatchEvent",
    "BatchItem",
    "CertificateFile",
    "IssuedPaper",
    "Nomination",
    "NominationComment",
    "NominationEvent",
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
