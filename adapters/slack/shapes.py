"""The shapes of what Slack sends: of each payload, the few parts that matter to us.

Whatever else a payload holds is left out, so a new field at Slack breaks nothing. Ids are short
and plain; text loses what no database can hold.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from adapters.slack.text import clean


def _clean(found: object) -> object:
    return clean(found) if isinstance(found, str) else found


Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:\-]{1,100}$")]
Text: TypeAlias = Annotated[str, BeforeValidator(_clean)]
What: TypeAlias = Literal[
    "message",
    "mention",
    "home",
    "opened",
    "tap",
    "form",
    "command",
    "shortcut",
    "search",
    "removed",
]


class Part(BaseModel):
    """A part of a payload; what we do not know is left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Part):
    """Who acted; ``team_id`` is their own workspace, which in a shared channel may be another."""

    id: Id
    team_id: Id | None = None


class Named(Part):
    """Anything with an id."""

    id: Id


class Option(Part):
    """A chosen option."""

    value: Text


class Element(Part):
    """A field of a form, as it was sent."""

    value: Text | None = None
    selected_option: Option | None = None
    selected_options: list[Option] | None = None
    selected_date: Text | None = None

    def text(self) -> str:
        """Return what was filled in, several values joined by a comma."""
        if self.selected_options is not None:
            return ",".join(option.value for option in self.selected_options)
        if self.selected_option is not None:
            return self.selected_option.value
        return self.value or self.selected_date or ""


class Message(Part):
    """Something said in a direct message, or to the app in a channel."""

    user: Id
    channel: Id
    text: Text = ""
    channel_type: str = ""
    user_team: Id | None = None
    thread_ts: Id | None = None
    files: Any = None


class Opening(Part):
    """Someone opened the app."""

    user: Id
    tab: Text = "home"


class Revoked(Part):
    """Tokens that ended, by kind."""

    tokens: dict[str, list[str] | None] = {}


class Callback(Part):
    """The envelope of an event."""

    team_id: Id
    event_id: Id
    event: dict[str, Any]


class Action(Part):
    """A press."""

    action_id: Text = ""
    action_ts: Id | None = None
    value: Text = ""


class Container(Part):
    """Where a button stood."""

    type: Text = ""
    is_ephemeral: bool = False
    message_ts: Id | None = None


class Channel(Part):
    """Where a button stood; a home page is nowhere."""

    id: Id | Literal[""] | None = None


class Actions(Part):
    """Buttons pressed."""

    user: User
    team: Named
    actions: list[Action]
    trigger_id: Id
    container: Container = Container()
    channel: Channel | None = None
    view: dict[str, Any] | None = None
    response_url: Text = ""


class State(Part):
    """The fields of a form: block, element, value."""

    values: dict[Text, dict[str, Element]] = {}


class View(Part):
    """The window a form was in."""

    id: Id
    private_metadata: Text = ""
    state: State = State()


class Submission(Part):
    """A form sent."""

    user: User
    team: Named
    view: View


class Command(Part):
    """A slash command."""

    team_id: Id
    user_id: Id
    channel_id: Id
    trigger_id: Id
    text: Text = ""
    response_url: Text = ""


class Quoted(Part):
    """The message that a shortcut was used on; its place in the channel is its moment."""

    text: Text = ""
    ts: Id | None = None
    thread_ts: Id | None = None


class Search(Part):
    """The shortcut that stands nowhere."""

    user: User
    team: Named
    trigger_id: Id


class Shortcut(Part):
    """The message shortcut."""

    user: User
    team: Named
    trigger_id: Id
    callback_id: Text
    message: Quoted
    channel: Channel | None = None
    response_url: Text = ""


class Kept(Part):
    """What is stored of a request: all that ``read`` needs."""

    what: What
    team: str
    user: str
    channel: str = ""
    text: str = ""
    told: str = ""
    attached: bool = False
    values: dict[str, str] = Field(default_factory=dict[str, str])
