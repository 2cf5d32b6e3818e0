"""What made-up people do: answer or not, snooze, pause, stop, change their mind, leave.

Somebody looks at a card when it arrives and decides what they will do with it, and when; each
week something may come up by itself. Whatever they do is a turn, as a platform would tell it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from bot.rehearsal.cast import Player
from bot.rehearsal.chat import Seen
from dialogs.preferences import PAUSES
from dialogs.pulse import STANCES
from dialogs.turns import Filled, Joined, Left, Said, Tapped, Turn
from nudges.address import Address
from nudges.people import Hours

EARLY, LATE = time(7), time(22)
"""Nobody looks at their phone between these times, whatever their working hours are."""
GOES_ON = timedelta(minutes=5)
"""How soon somebody who is at it presses the next button."""
KEPT_CARDS = 12
CHANGES, COMMENTS, SKIPS, ON_A_ROLL = 0.06, 0.06, 0.04, 0.95
USEFUL, SNOOZES, WRONG, ASKS_WHY, WRITES = 0.35, 0.45, 0.5, 0.54, 0.62
"""What somebody does with a follow-up, each as the upper end of its share; else nothing."""
WEEKLY: tuple[tuple[str, float], ...] = (
    ("pause", 0.02),
    ("stop", 0.01),
    ("settings", 0.02),
    ("pulse", 0.03),
    ("help", 0.02),
    ("leave", 0.008),
)
"""What comes up by itself in a week, and how likely."""
COMES_BACK = timedelta(weeks=1), timedelta(weeks=4)
AWAY_DAYS = 3, 14


@dataclass(frozen=True, slots=True)
class Plan:
    """Something somebody is going to do: press a button on a card, fill in its form, or type.

    ``token`` names the card; if it has become another one by then, they leave it.
    """

    at: datetime
    ref: str = ""
    token: str = ""
    verb: str = ""
    choice: str = ""
    values: tuple[tuple[str, str], ...] = ()
    words: str = ""
    does: str = ""


@dataclass(eq=False)
class Actor:
    """One person in the play, with all they know of it.

    Attributes:
        player: what they are like.
        chance: their own dice.
        gone: they removed the bot.
        departed: they do not work here any more.
        stopped, paused_until, away_until, hours: what they asked of us, and think is in force.
        scores: what they answered, in order.
        changes: how often they answered something again.

    """

    player: Player
    chance: Random
    hours: Hours
    gone: bool = False
    departed: bool = False
    stopped: bool = False
    paused_until: datetime | None = None
    away_until: datetime | None = None
    scores: list[int | None] = field(default_factory=list[int | None])
    changes: int = 0
    _chat: dict[str, Seen] = field(default_factory=dict[str, Seen])
    _used: set[str] = field(default_factory=set[str])
    _answered_just_now: bool = False
    _wants_settings: bool = False

    @property
    def address(self) -> Address:
        """Return where they mostly are."""
        return self.player.person.addresses[0]

    def wants_quiet(self, now: datetime) -> bool:
        """Say whether they asked us not to begin anything now."""
        until = max((t for t in (self.paused_until, self.away_until) if t), default=now)
        return self.stopped or now < until

    def sees(self, ref: str, card: Seen, now: datetime) -> Plan | None:
        """Look at a card that came or changed; returns what they will do about it."""
        self._chat.pop(ref, None)
        self._chat[ref] = card
        if len(self._chat) > KEPT_CARDS:
            del self._chat[next(iter(self._chat))]
        plan = self._about(card, now)
        return replace(plan, ref=ref, token=card.token) if plan else None

    def _about(self, card: Seen, now: datetime) -> Plan | None:
        verbs = {verb for verb, _ in card.taps}
        soon = Plan(now + GOES_ON)
        if "pulse.answer" in verbs:
            return self._answers(card, now)
        if "pulse.comment" in verbs:
            return self._after_thanks(soon)
        if "follow_up.useful" in verbs:
            return self._followed_up(now)
        for verb in ("welcome.language", "welcome.matters", "welcome.later", "settings.pause"):
            if verb in verbs:
                return replace(soon, verb=verb, choice=self.chance.choice(card.choices(verb)))
        if "settings.open" in verbs and self._wants_settings:
            self._wants_settings = False
            return replace(soon, verb="settings.saved", values=tuple(self._settings(now)))
        return None

    def _answers(self, card: Seen, now: datetime) -> Plan | None:
        more = self.scores and self._answered_just_now
        if self.chance.random() > (ON_A_ROLL if more else self.player.answers):
            return None
        choices = card.choices("pulse.answer")
        if self.chance.random() < SKIPS:
            choice = "skip"
        elif choices[0] in STANCES:
            choice = self.chance.choice(tuple(STANCES))
        else:
            mood = self.player.mood + len(self.scores) / 40
            choice = str(min(5, max(1, round(self.chance.gauss(mood, 1)))))
        at = now + GOES_ON if more else self._later(now)
        return Plan(at, verb="pulse.answer", choice=choice)

    def _after_thanks(self, soon: Plan) -> Plan | None:
        what = self.chance.random()
        if what < CHANGES:
            return replace(soon, at=self._later(soon.at), verb="pulse.change")
        if what < CHANGES + COMMENTS:
            return replace(soon, verb="pulse.commented", values=(("comment", "It takes time."),))
        return None

    def _followed_up(self, now: datetime) -> Plan | None:
        what = self.chance.random()
        at = self._later(now)
        if what >= WRITES:
            return None
        if what >= ASKS_WHY:
            return Plan(at, words="Nobody showed me where that is.")
        shares = ((USEFUL, "useful"), (SNOOZES, "snooze"), (WRONG, "wrong"), (ASKS_WHY, "why"))
        return Plan(at, verb=f"follow_up.{next(name for upper, name in shares if what < upper)}")

    def _settings(self, now: datetime) -> Iterator[tuple[str, str]]:
        start = self.chance.choice((8, 9, 10))
        yield "language", self.player.person.language
        yield "start", str(start)
        yield "end", str(start + self.chance.choice((4, 8)))
        yield "days", ",".join(str(d) for d in self.hours.days)
        yield "pace", self.chance.choice(("normal", "fewer"))
        if self.chance.random() < 1 / 2:
            days = self.chance.randint(*AWAY_DAYS)
            yield "away", (self._local(now) + timedelta(days=days)).date().isoformat()

    def week(self, monday: datetime) -> Iterator[Plan]:
        """Decide what comes up by itself in the week that begins."""
        at = monday + timedelta(days=self.chance.uniform(0, 5))
        what, share = self.chance.random(), 0.0
        if self.stopped and what < 1 / 4:
            yield Plan(at, words="start")
            return
        for name, how_likely in WEEKLY:
            share += how_likely
            if what < share:
                yield Plan(at, does="leave") if name == "leave" else Plan(at, words=name)
                return

    def comes_back(self, now: datetime) -> Plan | None:
        """Decide whether somebody who left comes back."""
        first, last = COMES_BACK
        wait = self.chance.uniform(first / timedelta(days=1), last / timedelta(days=1))
        back = Plan(now + timedelta(days=wait), does="join")
        return back if self.chance.random() < 1 / 2 else None

    def does(self, plan: Plan, now: datetime) -> Turn | None:
        """Do what they planned, if that is still possible; returns what the platform tells us."""
        if plan.does:
            self.gone = plan.does == "leave"
            return Left(self.address) if self.gone else Joined(self.address)
        if self.gone:
            return None
        if plan.words:
            return self._types(plan.words)
        card = self._chat.get(plan.ref)
        if card is None or card.token != plan.token or plan.token in self._used:
            return None
        self._note(plan, now)
        if plan.values:
            return Filled(self.address, plan.verb, "", plan.token, dict(plan.values))
        return Tapped(self.address, plan.verb, plan.choice, plan.token)

    def _types(self, words: str) -> Turn:
        match words:
            case "stop":
                self.stopped = True
            case "start":
                self.stopped, self.paused_until, self.away_until = False, None, None
            case "pulse":
                self.changes += 1
            case "settings":
                self._wants_settings = True
            case _:
                pass
        spoken = self.player.person.addresses
        return Said(self.chance.choice(spoken), words)

    def _note(self, plan: Plan, now: datetime) -> None:
        """Remember what follows from it for what they may expect of us."""
        self._answered_just_now = plan.verb in {"pulse.answer", "pulse.change"}
        match plan.verb:
            case "pulse.answer":
                self._used.add(plan.token)
                score = plan.choice if plan.choice.isdecimal() else STANCES.get(plan.choice)
                self.scores.append(int(score) if score is not None else None)
            case "pulse.change":
                self.changes += 1
            case "settings.pause":
                self.paused_until = self._midnight(now, PAUSES[plan.choice])
            case "settings.saved":
                given = dict(plan.values)
                start, end = int(given["start"]), int(given["end"])
                self.hours = replace(self.hours, start=time(start), end=time(end))
                away = given.get("away")
                self.away_until = self._begins(date.fromisoformat(away)) if away else None
            case _:
                pass

    def _local(self, now: datetime) -> datetime:
        return now.astimezone(self.player.zone)

    def _midnight(self, now: datetime, days: int) -> datetime:
        return self._begins(self._local(now).date() + timedelta(days=days))

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.player.zone)

    def _later(self, now: datetime) -> datetime:
        """Return when they get round to it; not in their night."""
        at = now + timedelta(hours=self.chance.expovariate(1 / self.player.hours))
        local = self._local(at)
        if EARLY <= local.time() < LATE:
            return at
        day = local.date() + timedelta(days=local.time() >= LATE)
        wakes = datetime.combine(day, EARLY, self.player.zone)
        return wakes + timedelta(minutes=self.chance.uniform(0, 120))
