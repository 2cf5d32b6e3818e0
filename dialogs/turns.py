"""What comes in and what goes back: a turn by a person, and the step a dialog takes on it.

Turns are the adapters' only output inwards, the same for every platform. A dialog is a function
from a turn and its context to a step: plain data, so that it can be read, tested and repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeAlias

from dialogs.facts import Fact
from dialogs.finding import Ask, Finding
from dialogs.library import Library
from nudges.activities import UNKNOWN, Known
from nudges.address import Address
from nudges.adkar import Answer, Standing, stand
from nudges.authoring import NOTHING, Authoring
from nudges.broadcast import Broadcast, Drafted, WrittenBack
from nudges.champions import Champion
from nudges.colleague import Referral
from nudges.delivery import Delivery, Note, Priority
from nudges.digest import DigestNote
from nudges.health import HealthFacts
from nudges.merits import NO_MERITS, Merits
from nudges.oversight import Oversight
from nudges.people import Person
from nudges.programme import Programme, Segment
from nudges.progress import Tally
from nudges.question_report import QuestionReport
from nudges.questions import Question, Shown
from nudges.reception import Reception
from nudges.roles import Act, may
from nudges.rumours import NO_RUMOURS, Rumours
from nudges.silence import Silence
from nudges.stories import Told
from nudges.tips import Known as KnownTips
from nudges.training import Training
from nudges.use_linked import OwnUse, Switch
from nudges.voice_notes import NOTHING_HEARD, Heard

WRITTEN_BACK = timedelta(days=7)
"""How long words typed in the chat count as an answer to what came last."""


@dataclass(frozen=True, slots=True)
class Said:
    """Someone typed something; ``private`` tells a chat with the bot from a channel.

    ``attached`` says that there was a file with it, which is not taken.
    """

    address: Address
    text: str
    private: bool = True
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Pointed:
    """Someone pointed at somebody's message and asks where that is; the words are not theirs."""

    address: Address
    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """Someone pressed a button: which one (``verb``, ``choice``) on which message (``token``)."""

    address: Address
    verb: str
    choice: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """Someone sent a form; values by field name, several values joined by a comma."""

    address: Address
    verb: str
    choice: str = ""
    token: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Joined:
    """Someone added the bot, or opened a chat with it for the first time."""

    address: Address
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Someone removed the bot; it cannot write there any more."""

    address: Address


Turn: TypeAlias = Said | Pointed | Tapped | Filled | Joined | Left


@dataclass(frozen=True, slots=True)
class Message:
    """A message the person has from us: the delivery behind a tapped card or an open question.

    ``root`` is the delivery that posted the message which later ones replaced.
    """

    delivery: int
    root: int
    person: str
    note: Note
    priority: Priority = Priority.INTERACTIVE
    queued: datetime | None = None
    sent: datetime | None = None
    answered: datetime | None = None


@dataclass(frozen=True)
class Context:
    """All that a dialog may know about the person in front of it; loaded before it runs.

    ``message`` is the one they acted on; a page of theirs has none. ``genuine`` tells whether the
    token they acted with was made for them and its message is still known, and ``foreign`` that
    there is one and it was not: someone else's card, or no card of ours. ``open_pulse`` is the
    pulse they have not answered yet, and ``asking`` every card with a question that is still open,
    reminders included; ``seen`` are the follow-ups they had, oldest first, and ``promised`` is
    when others will come; ``last`` is the last message we started ourselves; ``greeted`` is when
    they were welcomed.
    ``duties`` is what is known of their activities, if they have a role with any; ``champion`` is
    what they offer as one, and ``champions`` are all who are or may become one. ``health`` is what
    a :class:`Checkup` found, ``found`` what a :class:`Whom` did, ``told`` what :class:`Mine` did,
    ``panel`` what an :class:`AskPanel` did, ``finding`` what an :class:`Ask` did, ``tips`` what a
    :class:`MyTips` did, and ``coming`` what a :class:`Coming` did; None if nothing was looked for
    yet. ``roster`` are all who have a part in the change; it is there for those alone who look
    after it, as ``champions`` is. ``stories``, ``broadcasts``, ``receptions``, ``drafts``,
    ``replies``, ``silences``, ``tallies``, ``trainings`` and ``questions`` are those that a message
    at hand names, and ``said`` is what the CRM said to this person when they asked one.
    ``use`` is what was measured of this person in the CRM, and ``switch`` how the privacy officer's
    switch stands, where a message at hand shows it or a :class:`MyUse` or :class:`HowSwitched`
    asked; ``below`` is what :class:`Below` found.
    ``digests`` are the last ones that they were sent, one a view; ``norms`` is what the team of
    each manager agreed whose digest is at hand, and ``leads`` says then whether anybody reports to
    this person; ``someone`` is what a :class:`Someone` found.
    ``merits`` are the recognitions, competitions and sprints that a message at hand names, and
    ``voices`` what people raised, as far as it shows that.
    ``rumours`` are those that wait for facts, and ``oversight`` what a privacy officer looks at,
    where a message at hand shows them. ``file`` is the address where they take all that is kept of
    them, as a file; empty where nobody can open one.
    ``authoring`` is what an author has at hand, where a message at hand shows it. ``believed`` is
    when they were last asked whether they believe a sender. ``key`` names this turn for ever.
    """

    key: str
    now: datetime
    person: Person
    programme: Programme
    library: Library
    answers: tuple[Answer, ...] = ()
    seen: tuple[str, ...] = ()
    promised: tuple[datetime, ...] = ()
    message: Message | None = None
    genuine: bool = True
    foreign: bool = False
    open_pulse: Message | None = None
    asking: tuple[Message, ...] = ()
    last: Message | None = None
    greeted: datetime | None = None
    found: tuple[Person, ...] | None = None
    roster: tuple[Person, ...] = ()
    duties: Known = UNKNOWN
    champion: Champion | None = None
    champions: tuple[Champion, ...] = ()
    health: HealthFacts | None = None
    told: tuple[Told, ...] | None = None
    stories: Mapping[int, Told] = field(default_factory=dict[int, Told])
    broadcasts: Mapping[int, Broadcast] = field(default_factory=dict[int, Broadcast])
    receptions: Mapping[int, Reception] = field(default_factory=dict[int, Reception])
    authoring: Authoring = NOTHING
    drafts: Mapping[str, Drafted] = field(default_factory=dict[str, Drafted])
    replies: Mapping[int, WrittenBack] = field(default_factory=dict[int, WrittenBack])
    panel: tuple[Person, ...] | None = None
    silences: Mapping[str, Silence] = field(default_factory=dict[str, Silence])
    believed: datetime | None = None
    tallies: Mapping[int, Tally] = field(default_factory=dict[int, Tally])
    finding: Finding | None = None
    questions: Mapping[str, Question] = field(default_factory=dict[str, Question])
    said: Mapping[str, Shown] = field(default_factory=dict[str, Shown])
    tips: KnownTips | None = None
    trainings: Mapping[int, Training] = field(default_factory=dict[int, Training])
    coming: tuple[int, ...] | None = None
    referrals: Mapping[str, Referral] = field(default_factory=dict[str, Referral])
    reports: Mapping[str, QuestionReport] = field(default_factory=dict[str, QuestionReport])
    with_me: tuple[Referral, ...] | None = None
    use: OwnUse | None = None
    switch: Switch | None = None
    kept: Mapping[str, int] | None = None
    below: bool | None = None
    digests: tuple[DigestNote, ...] = ()
    leads: bool = False
    norms: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    someone: bool | None = None
    merits: Merits = NO_MERITS
    voices: Heard = NOTHING_HEARD
    rumours: Rumours = NO_RUMOURS
    oversight: Oversight | None = None
    file: str = ""

    def may(self, act: Act) -> bool:
        """Say whether this person may do something."""
        return may(self.person.roles, act)

    def written_back(self, turn: "Turn", kind: type[Note]) -> bool:
        """Tell words in private that answer the last message, of this kind and not long ago."""
        last = self.last
        return (
            isinstance(turn, Said)
            and turn.private
            and bool(turn.text.strip())
            and last is not None
            and isinstance(last.note, kind)
            and last.sent is not None
            and self.now - last.sent < WRITTEN_BACK
        )

    @property
    def segment(self) -> Segment:
        """Return the segment this person belongs to."""
        return self.programme.segment(self.person.segment)

    @property
    def go_live(self) -> datetime | None:
        """Return when this person's segment goes live, in their zone."""
        return self.segment.live_from(self.person.zone)

    @cached_property
    def standing(self) -> Standing:
        """Work out where this person stands now."""
        return stand(self.answers, self.library.bank, self.now, self.go_live)


Mistake: TypeAlias = tuple[str, str] | tuple[str, str, Mapping[str, int | str]]
"""A field, the sentence that says what is wrong with it, and what fills that sentence."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something someone told us in their own words; ``about`` says what was asked."""

    person: str
    about: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Whom:
    """A question to the directory: who is meant by a name, an e-mail address or an id."""

    text: str


@dataclass(frozen=True, slots=True)
class Someone:
    """A question to the directory: whether anybody here has this name, or this first name."""

    name: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """A question for how healthy the programme is: everything its principles are judged by."""


@dataclass(frozen=True, slots=True)
class AskPanel:
    """A question for a few of those whom a rule means, some of each job."""

    rule: str


class Mine:
    """A question to the store: which stories this person told."""


class MyTips:
    """A question to the store: which tips this person had, and what they said of them."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A question to the store: which training sessions are to come for this person."""


class MyUse:
    """A question to the store: what was measured of this person, and how it was judged."""


class Kept:
    """A question to the store: how much is kept of this person."""


class HowSwitched:
    """A question to the store: how the privacy officer's switch stands."""


class Below:
    """A question to the store: is this person's own use below the first level, and may it count."""


@dataclass(frozen=True, slots=True)
class WithMe:
    """A question for the questions to colleagues that wait: for this person, or all of them."""

    every: bool = False


Look: TypeAlias = (
    Whom
    | Someone
    | Checkup
    | Mine
    | AskPanel
    | WithMe
    | Ask
    | MyTips
    | MyUse
    | HowSwitched
    | Kept
    | Below
    | Coming
)


@dataclass(frozen=True, slots=True)
class Step:
    """What a dialog wants: plain data that the program carries out in one transaction.

    Attributes:
        show: new messages, in order.
        instead: what the message they acted on becomes; without it that message stays open.
        on: that message, where it is not the one whose button was pressed.
        also: other messages that are done with it, and what each becomes.
        form: a form to open on the same request.
        public: what is said to everyone, at the place of the message that was pointed at.
        errors: what is wrong with a form just sent, as (field, catalogue key) and what fills the
            sentence; ``form`` is the same form, for a platform that has to draw it again.
        answers: answers to keep.
        remarks: words to keep.
        person: the person as they are from now on.
        queue: messages for later; one with the occasion of a waiting one takes its place.
        cancel: occasions of waiting messages that are not wanted any more.
        facts: whatever else is to be kept.
        look: what has to be looked up first; the dialog is asked again with what was found.

    """

    show: tuple[Note, ...] = ()
    instead: Note | None = None
    on: Message | None = None
    also: tuple[tuple[Message, Note], ...] = ()
    form: Note | None = None
    public: Note | None = None
    errors: tuple[Mistake, ...] = ()
    answers: tuple[Answer, ...] = ()
    remarks: tuple[Remark, ...] = ()
    person: Person | None = None
    queue: tuple[Delivery, ...] = ()
    cancel: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    look: Look | None = None
