"""Template tags of every page: icons, numbers, figures, the action buttons of a thing with a life."""

import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import format_html, json_script
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from twinning import school_year, vietnamese

register = template.Library()
register.filter("number", vietnamese.number)
register.filter("money", vietnamese.money)
register.filter("money_in_words", vietnamese.money_in_words)
register.filter("school_year", school_year.label)


@cache
def _svg(name):
    """The drawing of a Tabler icon from the npm package, without its own size and comments."""
    text = (settings.NODE_MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
    return mark_safe(re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)[1].strip())


@register.simple_tag
def icon(name, css=""):
    """An inline icon; decorative, so hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        css,
        _svg(name),
    )


TONES = {
    "draft": "secondary",
    "planned": "secondary",
    "pledged": "secondary",
    "claimed": "yellow",
    "drafting": "secondary",
    "waiting": "yellow",
    "held": "yellow",
    "delivered": "yellow",
    "submitted": "yellow",
    "confirmed": "green",
    "signed": "green",
    "received": "green",
    "shared": "green",
    "approved": "green",
    "done": "green",
    "issued": "blue",
    "nil": "blue",
    "exempt": "secondary",
    "replaced": "secondary",
    "returned": "red",
    "cancelled": "red",
    "merged": "secondary",
    "withdrawn": "secondary",
    "ended": "secondary",
    "expired": "secondary",
    "applied": "green",
    "undone": "secondary",
    "dropped": "secondary",
    # Of a round of awards and its nominations.
    "preparing": "secondary",
    "open": "blue",
    "reviewing": "yellow",
    "public": "yellow",
    "decided": "green",
    "district": "yellow",
    "department": "yellow",
    "council": "blue",
    "published": "blue",
    "awarded": "green",
    "given": "green",
    "revoked": "red",
    # Of a season of PDFs and its lines.
    "running": "yellow",
    "stopped": "secondary",
    "making": "blue",
    "failed": "red",
    "skipped": "secondary",
}
# The same word is a different stage in different lives.
TONES_BY_MODEL = {("agreement", "confirmed"): "blue", ("amendment", "confirmed"): "blue"}


@register.filter
def get(mapping, key):
    """The value of a key that is not known before."""
    return mapping[key]


@register.filter
def tone(thing):
    """The colour of the status of a thing with a life."""
    return TONES_BY_MODEL.get((thing._meta.model_name, thing.status), TONES[thing.status])


@register.filter
def figure_detail(value):
    """A number, a day or nothing, as a cell of a table."""
    if isinstance(value, int):
        return vietnamese.number(value)
    return vietnamese.day(value) if hasattr(value, "month") else value or ""


@register.inclusion_tag("components/status.html")
def status(thing):
    return {"thing": thing, "tone": tone(thing)}


@register.inclusion_tag("components/actions.html", takes_context=True)
def action_buttons(context, thing, with_edit=False):
    """Buttons of what the person may do now with `thing`, from its ACTIONS table: one of them is the main one, and what
    nobody should press by mistake comes last. `with_edit` puts the page's `edit_url` among them, as the main thing when
    the page says that acting is for later (`is_for_later`)."""
    edit_url = context.get("edit_url") if with_edit else None
    is_for_later = bool(edit_url and context.get("is_for_later"))
    hidden = getattr(thing, "HIDDEN_ACTIONS", ())
    forms = getattr(thing, "ACTIONS_WITH_FORMS", ())
    actions = [
        (name, action, bool(action.asks) or name in forms)
        for name, action in thing.actions_for(context["request"].user).items()
        if name not in hidden
    ]
    main = next((name for name, action, _asks in actions if action.tone == "primary"), None)
    return {
        "thing": thing,
        "url_name": f"{thing._meta.model_name}_action",
        "main": None if is_for_later else main,
        "is_for_later": is_for_later,
        "actions": sorted((row for row in actions if row[1].tone != "danger"), key=lambda row: row[0] != main),
        "dangers": [row for row in actions if row[1].tone == "danger"],
        "edit_url": edit_url,
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def figure_text(figure):
    return vietnamese.money(figure.value) if figure.key.endswith("_vnd") else vietnamese.number(figure.value)


@register.filter
def duration(time):
    """A timedelta → "3 phút 20 giây"."""
    return vietnamese.duration(time.total_seconds())


@register.filter
def file_size(size):
    """Bytes → "1,2 MB"."""
    if size >= 1024**2:
        return f"{size / 1024**2:.1f} MB".replace(".", ",")
    return f"{max(1, round(size / 1024))} kB"


@register.simple_tag
def trend_mark(trend):
    """▲ better, ▼ worse, = as before; nothing without a value to compare with. For a rank a lower number is better."""
    if trend is None:
        return ""
    css, sign, words = {
        1: ("up", "▲", _("tốt hơn lần trước")),
        -1: ("down", "▼", _("kém hơn lần trước")),
        0: ("muted", "=", _("như lần trước")),
    }[trend]
    return format_html(
        '<span class="{}" title="{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        css,
        words,
        sign,
        words,
    )


@register.simple_tag(takes_context=True)
def active(context, *prefixes):
    """ "active" when the page is below one of `prefixes`; "/" only matches itself."""
    path = context["request"].path
    return "active" if any(path == p if p == "/" else path.startswith(p) for p in prefixes) else ""


@register.simple_tag
def chart_data(chart, chart_id):
    """The specification of a chart as a JSON block that static/js/charts.js reads; data, not script."""
    return json_script(chart.spec, f"{chart_id}-spec")
