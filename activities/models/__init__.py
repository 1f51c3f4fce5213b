from activities.models.activity import Activity, ActivityDocument, ActivityEvent, ActivityKind
from activities.models.participation import ActivitySchool, Participation
from activities.models.support import Support, SupportEvent

__all__ = [
    "Activity",
    "ActivityDocument",
    "ActivityEvent",
    "ActivityKind",
    "ActivitySchool",
    "Participation",
    "Support",
    "SupportEvent",
]
