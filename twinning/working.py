"""Which programme a person works with: the one in the address, else the one chosen for the session (a strip on every
page, where there are several), else the newest that has begun (`Programme.objects.current_for`)."""

SESSION_KEY = "programme"
# In an address it stands before what was chosen, so that a link shows everybody the same rows.
QUERY = "phong_trao"
EVERY = "tat-ca"


def take_programme(request):
    """Let `request.user` work with the programme that the request asks for, until it ends."""
    asked = request.GET.get(QUERY, "")
    work_with(request.user, int(asked) if asked.isdecimal() else request.session.get(SESSION_KEY))


def work_with(user, pk):
    """Let `user` work with the programme of this id until the request ends."""
    user._programme = pk


def chosen_by(user):
    """Its id, or None. It may be gone, or of another Department: whoever asks looks among what `user` may see."""
    return getattr(user, "_programme", None)
