"""What buttons carry where no message of ours is kept: a reply in passing, or in a window.

In a chat a button is known by the message it stands on. A reply that one person sees in a channel
is no such message, so its buttons say themselves which question they are about; who presses is
known by the platform.
"""

from dialogs.find_notes import ArticleNote, ChoicesNote
from nudges.delivery import Note

ALOUD, QUIETLY = "aloud", "quietly"


def carried(articles: tuple[str, ...], question: str, *, aloud: bool) -> str:
    """Write what a button is about: the article it means, those beside it, and the question."""
    return " ".join((",".join(articles), ALOUD if aloud else QUIETLY, question))


def first(choice: str) -> str:
    """Return the article that a button means."""
    return choice.partition(" ")[0].partition(",")[0]


def stood(verb: str, choice: str, *, live: bool) -> Note | None:
    """Return what the button must have stood on; None if it does not say."""
    articles, _, rest = choice.partition(" ")
    how, _, question = rest.partition(" ")
    some = tuple(one for one in articles.split(",") if one)
    if not some or not question or how not in {ALOUD, QUIETLY}:
        return None
    aloud = how == ALOUD
    match verb:
        case "find.was_it" | "find.not_it":
            return ArticleNote(some[0], question, some[1:], live, aloud=aloud)
        case "find.article" | "find.none":
            return ChoicesNote(question, some, live, aloud=aloud)
        case _:
            return None
