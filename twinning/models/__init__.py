from twinning.models.agreement import Agreement, AgreementEvent
from twinning.models.amendment import Amendment, AmendmentEvent
from twinning.models.ceremony import Ceremony
from twinning.models.change import SchoolChange, SchoolChangeEvent
from twinning.models.comment import FieldComment
from twinning.models.document import AgreementDocument, PrivateFile
from twinning.models.export_file import ExportFile
from twinning.models.figures import Indicator, IndicatorValue, SchoolYearFigures
from twinning.models.import_job import ImportJob
from twinning.models.job import Job
from twinning.models.membership import Membership
from twinning.models.numbering import NumberSeries
from twinning.models.party import AgreementMember, Signatory, TaskForceMember
from twinning.models.pilot import PilotQuota, PilotSchool
from twinning.models.programme import ContentArea, LegalBasis, Programme, Subject
from twinning.models.renewal import Renewal, RenewalEvent
from twinning.models.reorganisation import Placement, Reorganisation, ReorganisationEvent
from twinning.models.school import School, SchoolManagement, SchoolName, Teacher
from twinning.models.target import Target
from twinning.models.unit import Department, District, UnitSuccession

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementEvent",
    "AgreementMember",
    "Amendment",
    "AmendmentEvent",
    "Ceremony",
    "ContentArea",
    "Department",
    "District",
    "ExportFile",
    "FieldComment",
    "ImportJob",
    "Indicator",
    "IndicatorValue",
    "Job",
    "LegalBasis",
    "Membership",
    "NumberSeries",
    "PilotQuota",
    "PilotSchool",
    "Placement",
    "PrivateFile",
    "Programme",
    "Renewal",
    "RenewalEvent",
    "Reorganisation",
    "ReorganisationEvent",
    "School",
    "SchoolChange",
    "SchoolChangeEvent",
    "SchoolManagement",
    "SchoolName",
    "SchoolYearFigures",
    "Signatory",
    "Subject",
    "Target",
    "TaskForceMember",
    "Teacher",
    "UnitSuccession",
]
