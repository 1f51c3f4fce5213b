from activities.models.activity import Activity, ActivityEvent
from activities.models.calendar import CalendarAddress
from activities.models.check_in import CheckIn, CheckInDesk
from activities.models.feedback import Feedback
from activities.models.kind import ActivityKind
from activities.models.material import ActivityDocument, Material, MaterialEvent, MaterialThanks
from activities.models.participation import ActivitySchool, Participation
from activities.models.sponsored import SponsoredPupil
from activities.models.support import Support, SupportEvent
from activities.models.support_document import SupportDocument

__all__ = [
    "Activity",
    "ActivityDocument",
    "ActivityEvent",
    "ActivityKind",
    "ActivitySchool",
    "CalendarAddress",
    "CheckIn",
    "CheckInDesk",
    "Feedback",
    "Material",
    "MaterialEvent",
    "MaterialThanks",
    "Participation",
    "SponsoredPupil",
    "Support",
    "SupportDocument",
    "SupportEvent",
]
