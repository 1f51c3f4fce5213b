from twinning.models.agreement import Agreement, AgreementEvent, PilotSchool
from twinning.models.change import SchoolChange, SchoolChangeEvent
from twinning.models.document import AgreementDocument, PrivateFile
from twinning.models.figures import Indicator, IndicatorValue, SchoolYearFigures
from twinning.models.import_job import ImportJob
from twinning.models.job import Job
from twinning.models.membership import Membership
from twinning.models.programme import ContentArea, LegalBasis, Programme, Subject
from twinning.models.school import School, SchoolManagement, SchoolName, Teacher
from twinning.models.unit import Department, District, UnitSuccession

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementEvent",
    "ContentArea",
    "Department",
    "District",
    "ImportJob",
    "Indicator",
    "IndicatorValue",
    "Job",
    "LegalBasis",
    "Membership",
    "PilotSchool",
    "PrivateFile",
    "Programme",
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
