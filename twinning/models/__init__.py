from twinning.models.agreement import Agreement, AgreementEvent, PilotSchool
from twinning.models.change import SchoolChange, SchoolChangeEvent
from twinning.models.document import AgreementDocument, PrivateFile
from twinning.models.export_file import ExportFile
from twinning.models.figures import Indicator, IndicatorValue, SchoolYearFigures
from twinning.models.import_job import ImportJob
from twinning.models.job import Job
from twinning.models.membership import Membership
from twinning.models.programme import ContentArea, LegalBasis, Programme, Subject
from twinning.models.reorganisation import Placement, Reorganisation, ReorganisationEvent
from twinning.models.school import School, SchoolManagement, SchoolName, Teacher
from twinning.models.unit import Department, District, UnitSuccession

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementEvent",
    "ContentArea",
    "Department",
    "District",
    "ExportFile",
    "ImportJob",
    "Indicator",
    "IndicatorValue",
    "Job",
    "LegalBasis",
    "Membership",
    "PilotSchool",
    "Placement",
    "PrivateFile",
    "Programme",
    "Reorganisation",
    "ReorganisationEvent",
    "School",
    "SchoolChange",
    "SchoolChangeEvent",
    "SchoolManagement",
    "SchoolName",
    "SchoolYearFigures",
    "Subject",
    "Teacher",
    "UnitSuccession",
]
