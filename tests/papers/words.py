"""What made parts of papers say that stands nowhere in the code: headings, links, sentences."""

from typing import Final

from nudges.people import Language
from nudges.roles import Role

PARTS: Final = {
    "The program": "",
    "Slack": "slack",
    "Teams": "teams",
    "Dynamics 365": "crm",
}
"""Each part of the settings, and how the names in it begin."""

MORE: Final = {
    "database": "[Install](install.md) says which to choose.",
    "keyring": "[Why it lies apart, and how to back it up](forgetting.md).",
    "content": "The same file name: yours wins.",
    "semantic": "`false` saves 60 MB.",
    "secret": "With another one the buttons that were sent and the seals of the audit log no "
    "longer hold.",
    "port": "Each process on one machine needs its own.",
    "slack_pace": "Slack allows several hundred a minute.",
    "slack_changes_pace": "Slack allows fifty a minute.",
    "teams_pace": "Teams allows 30 to 50 requests a second.",
    "floor": "It counts from the next period on ([what is told](digests.md)).",
    "first_admin": "[Who may do what](roles.md).",
    "links_inside": "The weekly report tries others on the open internet alone "
    "([the report](questions.md#mondays-report)).",
    "public_url": "People take all that is kept of them there, at `/mine/`.",
    "pictures": "[Pictures in cards](pictures.md).",
    "metrics_key": "[Figures for whoever watches](operations.md).",
    "traces": "[Traces](operations.md).",
    "vault_keys": "[How to change them](slack.md#2b-several-workspaces-by-installing).",
    "slack_app_id": "[Connect Slack](slack.md).",
    "teams_app_id": "[Connect Teams](teams.md).",
    "teams_secret_ends": "Written as `2027-05-31`; it says so three weeks before.",
    "crm_client_secret_ends": "Written as `2027-05-31`; it says so three weeks before.",
    "crm_url": "Connects [the CRM](crm.md).",
    "usage_secret": "[Measured use from another system](adoption.md).",
}
"""What the papers add to a setting, and where they say more."""

ROLES: Final = {
    Role.USER: "everybody",
    Role.MANAGER: "managers",
    Role.SPONSOR: "sponsors",
    Role.CHAMPION: "champions",
    Role.AUTHOR: "authors",
    Role.LIMITED_AUTHOR: "limited authors",
    Role.APPROVER: "approvers",
    Role.DEPUTY: "deputy approvers",
    Role.CRM_TEAM: "the CRM team",
    Role.PRIVACY_OFFICER: "privacy officers",
    Role.ADMIN: "administrators",
}

CRM: Final[dict[Language, str]] = {"en": "the CRM", "nl": "het CRM"}

HEADS: Final[dict[Language, tuple[str, str]]] = {
    "en": ("| you type | what comes of it |", "|---|---|"),
    "nl": ("| je typt | wat er gebeurt |", "|---|---|"),
}

OWN: Final[dict[str, dict[Language, str]]] = {
    "help": {
        "en": "What I can do, with a button for each.",
        "nl": "Wat ik kan, met een knop voor elk.",
    },
    "pulse": {
        "en": "I ask you one question now.",
        "nl": "Ik stel je nu één vraag.",
    },
    "change": {
        "en": "You answer the last question again.",
        "nl": "Je beantwoordt de laatste vraag opnieuw.",
    },
    "why_this": {
        "en": "Why you got my last message.",
        "nl": "Waarom je mijn laatste bericht kreeg.",
    },
    "why": {
        "en": "Why your organisation is doing this.",
        "nl": "Waarom je organisatie dit doet.",
    },
    "story": {
        "en": "Tell what went well, or take it back.",
        "nl": "Vertel wat er goed ging, of neem het terug.",
    },
    "feedback": {
        "en": "Say what is good or what bothers you, with or without your name.",
        "nl": "Zeg wat goed gaat of wat je stoort, met of zonder je naam.",
    },
    "raised": {
        "en": "Where each thing is that you raised.",
        "nl": "Hoe het staat met alles wat je meldde.",
    },
    "tip": {
        "en": "One small idea for your work.",
        "nl": "Eén klein idee voor je werk.",
    },
    "kept": {
        "en": "How much is kept of you, and all of it as a file.",
        "nl": "Hoeveel er van je bewaard is, en alles daarvan als bestand.",
    },
    "forget": {
        "en": "I erase all that is kept of you, once you say that you are sure.",
        "nl": "Ik wis alles wat er van je bewaard is, zodra je zegt dat je het zeker weet.",
    },
    "find": {
        "en": "Where something is in the CRM, what a record says, or which system a thing belongs "
        "in. You may also just ask.",
        "nl": "Waar iets staat in het CRM, wat er in een record staat, of in welk systeem iets "
        "hoort. Je mag het ook gewoon vragen.",
    },
    "rumour": {
        "en": "Pass on a rumour without your name; facts come back.",
        "nl": "Geef een gerucht door zonder je naam; er komen feiten terug.",
    },
    "hello": {
        "en": "I say hello back.",
        "nl": "Ik groet terug.",
    },
    "thanks": {
        "en": "You are welcome.",
        "nl": "Graag gedaan.",
    },
}
"""What comes of a command, where help says it in the same line as something else, or not at all."""

ALSO: Final[dict[str, dict[Language, str]]] = {
    "competition": {
        "en": "Join a competition, see your own points and the first three, or leave it.",
        "nl": "Doe mee aan een wedstrijd, zie je eigen punten en de eerste drie, of stap eruit.",
    },
    "sprint": {
        "en": "Your own share in a clean-up of records.",
        "nl": "Jouw eigen deel in een schoonmaak van records.",
    },
    "champion": {
        "en": "What a champion does, and how to become one.",
        "nl": "Wat een champion doet, en hoe je het wordt.",
    },
    "roles": {
        "en": "Which roles you have here.",
        "nl": "Welke rollen je hier hebt.",
    },
}
"""What everybody gets of a command that gives more to some roles."""
