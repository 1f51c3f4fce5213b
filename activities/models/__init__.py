from activities.models.activity import Activity, ActivityDocument, ActivityEvent, ActivityKind
from activities.models.calendar import CalendarAddress
from activities.models.check_in import CheckIn, CheckInDesk
from activities.models.feedback import Feedback
from activities.models.participation import ActivitySchool, Participation
from activities.models.support import Support, SupportDocument, SupportEvent

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
    "Participation",
    "Support",
    "SupportDocument",
    "SupportEvent",
]
