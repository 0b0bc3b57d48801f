"""What every figure of the page means: written down, with a version."""

from models.words import _

VERSION = "v2"


def definitions() -> dict[str, str]:
    """A figure's name, as `--rows` takes it, and what it counts."""
    return {
        "window": _(
            "The local day before, from 00:00 to 24:00 in the brand's time zone; several days"
            " where pages were missed."
        ),
        "needed": _(
            "Waits that ended in the window or last at its end. A wait is one person's in one"
            " conversation, from the first unanswered word to our answer; five posts answered by"
            " one reply are one. Posts that need no reply, were closed without one or deleted make"
            " none. needed = answered + elsewhere + by_hand + waiting."
        ),
        "answered": _("Waits that a reply of ours through Gensvar ended."),
        "elsewhere": _("Waits that a post of ours on the network itself ended."),
        "by_hand": _("Waits that a person showed to be answered, by a link."),
        "waiting": _("Waits that last at the end of the window, whatever happened later."),
        "half and one in ten": _(
            "The median and the ninth decile, by the nearest rank, of all waits of `needed`; one"
            " that lasts counts at its age, so silence cannot improve it. First by the customer's"
            " clock, nights and weekends included; then in staffed time."
        ),
        "in_time": _("Waits answered by their due moment."),
        "late": _("Waits answered after their due moment, or past it and still waiting."),
        "never": _("Waits of more than three days by the customer's clock."),
        "closed": _("Mentions closed without a reply, with a reason."),
        "concluding": _("Replies sent that say or do something."),
        "holding": _("Replies sent that answer but conclude nothing: “we will get back to you”."),
        "unconcluded": _("Holding replies whose full answer is late: 24 hours, or their own time."),
        "promises_made": _("What replies sent in the window promised."),
        "promises_kept": _("Promises done in time, by a reply or a note of what came of it."),
        "promises_broken": _("Promises whose moment passed in the window."),
        "promises_due": _(
            "Promises not done at the end of the window, and due before the next midnight."
        ),
        "promises_overdue": _("Broken promises that are still not done."),
        "topic:NAME": _(
            "Complaints of the window about a topic, told by words and likeness, corrected by"
            " staff."
        ),
        "usual": _(
            "The median of the same weekday in the four weeks before. Risen: at least 3, at least"
            " twice the usual, and less than one in a hundred by chance (Poisson)."
        ),
        "followers": _("Posts of the window by people who follow us, that wanted an answer."),
        "followers_answered": _("Those of them that got one."),
        "complaints_answered": _("Complaints answered in the last seven days, once a person."),
        "turned": _("Those whose author's last word since was glad, by the judge."),
        "weak:NAME": _(
            "Replies sent in spite of what the reply check said, by kind; never by person."
        ),
        "quotes": _(
            "The two surest complaints of the window: addressed to us, public, not urgent, one a"
            " person; names cut to the first."
        ),
        "insights": _("The three newest sentences of staff in the window."),
        "in time, 13 weeks": _(
            "By week: posts that wanted an answer and were due, and the share answered in time."
        ),
        "cost": _("What networks bill for reading and replying, by our own count, in UTC days."),
    }
