from twinning.models.agreement import Agreement, AgreementEvent, PilotSchool
from twinning.models.document import AgreementDocument, PrivateFile
from twinning.models.membership import Membership
from twinning.models.programme import ContentArea, LegalBasis, Programme, Subject
from twinning.models.school import School, Teacher
from twinning.models.unit import Department, District, UnitSuccession

__all__ = [
    "Agreement",
    "AgreementDocument",
    "AgreementEvent",
    "ContentArea",
    "Department",
    "District",
    "LegalBasis",
    "Membership",
    "PilotSchool",
    "PrivateFile",
    "Programme",
    "School",
    "Subject",
    "Teacher",
    "UnitSuccession",
]
