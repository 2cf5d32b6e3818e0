"""What an administrator sets, from the environment; nothing else reads the environment."""

import re
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from nudges.release import FLOOR

PREFIX = "WAYFINDER_"
SHORTEST_SECRET = 32
LONGEST_BASE = 200
"""Characters of the address that pictures are fetched at; Teams takes 2,000 for all of it."""
CLOUDS = {"slack_api": "https://slack.com/api/", "graph_api": "https://graph.microsoft.com/"}
CRM_CLOUDS = {
    ".dynamics.com": "https://login.microsoftonline.com/",
    ".microsoftdynamics.us": "https://login.microsoftonline.us/",
    ".appsplatform.us": "https://login.microsoftonline.us/",
    ".dynamics.cn": "https://login.partner.microsoftonline.cn/",
}
"""Where Dynamics 365 is, by the end of its address, and which Entra gives passes to it."""
GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PLACEHOLDERS = ("change", "secret", "example", "placeholder", "password", "xxxx", "todo")


Kind = TypeVar("Kind", bound=BaseSettings)


class SettingsError(ValueError):
    """The settings cannot be used; the message names each one and what to do."""


class Place(BaseSettings):
    """Where things are: all that a command needs which talks to nobody."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, frozen=True)

    database: Annotated[
        str, Field(description="Where everything is kept: sqlite:///file.db or postgresql://…")
    ] = "sqlite:///wayfinder.db"
    keyring: Annotated[
        str,
        Field(
            description="Where the keys of what people wrote are kept, apart from the database and "
            "its backups; a file or a database beside it if empty"
        ),
    ] = ""
    content: Annotated[
        Path | None, Field(description="Folder with your own content, layered over ours")
    ] = None
    semantic: Annotated[
        bool, Field(description="Search by what is meant, too, and not by letters alone")
    ] = True
    vectors: Annotated[
        Path | None,
        Field(
            description="Folder in which search keeps what articles mean; in your cache if empty"
        ),
    ] = None


class Limits(Place):
    """What a command needs that says of how few people a number may be."""

    floor: Annotated[
        int,
        Field(description="No number about a group is about fewer people; 5, or more than that"),
    ] = FLOOR

    @field_validator("floor")
    @classmethod
    def _only_raised(cls, value: int) -> int:
        if value < FLOOR:
            message = (
                f"can only be raised: set {FLOOR} or more, or leave it out. A number about fewer "
                "people would tell what one of them said"
            )
            raise ValueError(message)
        return value


class Settings(Limits):
    """The settings; each field is an environment variable with ``WAYFINDER_`` before its name."""

    secret: Annotated[
        SecretStr,
        Field(description="Binds buttons to people; at least 32 random characters, kept for good"),
    ]
    host: Annotated[str, Field(description="Address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="Port to listen on")] = 3978
    log_level: Annotated[
        str, Field(pattern="^(debug|info|warning|error)$", description="How much is logged")
    ] = "info"

    touches_a_day: Annotated[
        int, Field(ge=1, le=5, description="How often a day someone is written to unasked, at most")
    ] = 1
    touches_a_week: Annotated[
        int, Field(ge=1, le=15, description="How often in seven days, at most")
    ] = 3
    slack_pace: Annotated[
        float, Field(gt=0, le=1000, description="New messages a second in one Slack workspace")
    ] = 5.0
    slack_changes_pace: Annotated[
        float, Field(gt=0, le=1000, description="Changed messages a second in one Slack workspace")
    ] = 0.8
    teams_pace: Annotated[
        float, Field(gt=0, le=1000, description="New messages a second in Teams")
    ] = 25.0
    teams_changes_pace: Annotated[
        float, Field(gt=0, le=1000, description="Changed messages a second in Teams")
    ] = 15.0

    first_admin: Annotated[
        str,
        Field(description="Who may give roles at first: an id, an e-mail address, or slack/T…/U…"),
    ] = ""

    links_inside: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(description="Hosts of your own network whose links are tried, too, comma-separated"),
    ] = ()

    public_url: Annotated[
        str,
        Field(description="Your own address as the platforms see it, such as https://w.example"),
    ] = ""
    pictures: Annotated[
        str,
        Field(
            max_length=LONGEST_BASE,
            description="Your own address for Slack and Teams to fetch pictures; words if empty",
        ),
    ] = ""
    vault_keys: Annotated[
        tuple[SecretStr, ...],
        NoDecode,
        Field(description="Keys that seal tokens, base64, comma-separated; the first one seals"),
    ] = ()
    slack_app_id: Annotated[str, Field(description="The Slack app's id; connects Slack")] = ""
    slack_signing_secrets: Annotated[
        tuple[SecretStr, ...],
        NoDecode,
        Field(description="The Slack app's signing secret; two with a comma while you change it"),
    ] = ()
    slack_teams: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(description="Ids of the Slack workspaces that may have Wayfinder, comma-separated"),
    ] = ()
    slack_bot_token: Annotated[
        SecretStr | None,
        Field(description="Bot token (xoxb-) of the one workspace, instead of installing by OAuth"),
    ] = None
    slack_app_token: Annotated[
        SecretStr | None,
        Field(description="App-level token (xapp-) for Socket Mode, behind a firewall"),
    ] = None
    slack_client_id: Annotated[
        str, Field(description="The Slack app's client id, to install by OAuth")
    ] = ""
    slack_client_secret: Annotated[
        SecretStr | None, Field(description="The Slack app's client secret, to install by OAuth")
    ] = None
    slack_api: Annotated[
        str, Field(description="Where Slack's API is; another one only for a try-out on loopback")
    ] = CLOUDS["slack_api"]
    graph_api: Annotated[
        str,
        Field(description="Where Microsoft Graph is; another one only for a try-out on loopback"),
    ] = CLOUDS["graph_api"]
    teams_app_id: Annotated[
        str, Field(description="The bot's application id (a GUID); connects Teams")
    ] = ""
    teams_secret: Annotated[SecretStr | None, Field(description="The bot's client secret")] = None
    teams_tenant: Annotated[
        str, Field(description="Your Entra tenant (a GUID); bots are single-tenant")
    ] = ""
    teams_guests: Annotated[
        str, Field(description="Other tenants whose people may talk with the bot, comma-separated")
    ] = ""

    crm_url: Annotated[
        str,
        Field(description="Where your Dynamics 365 is, such as https://acme.crm4.dynamics.com"),
    ] = ""
    crm_app: Annotated[
        str, Field(description="Id (a GUID) of the app in Dynamics 365 that records open in")
    ] = ""
    crm_client_id: Annotated[
        str, Field(description="Application id (a GUID) that the CRM is asked as")
    ] = ""
    crm_client_secret: Annotated[
        SecretStr | None, Field(description="That application's client secret")
    ] = None
    crm_tenant: Annotated[
        str, Field(description="The Entra tenant (a GUID) of the CRM; the one of Teams if not set")
    ] = ""

    usage_secret: Annotated[
        tuple[SecretStr, ...],
        NoDecode,
        Field(
            description="Signs measured use that another system sends; two with a comma while "
            "you change it"
        ),
    ] = ()

    @field_validator(
        "vault_keys",
        "slack_signing_secrets",
        "slack_teams",
        "links_inside",
        "usage_secret",
        mode="before",
    )
    @classmethod
    def _several(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("slack_api", "graph_api")
    @classmethod
    def _ours(cls, value: str, field: ValidationInfo) -> str:
        cloud = CLOUDS[str(field.field_name)]
        if value != cloud and urlsplit(value).hostname not in LOOPBACK:
            message = f"has to be {cloud}, or on this machine for a try-out"
            raise ValueError(message)
        return value if value.endswith("/") else f"{value}/"

    @field_validator("pictures")
    @classmethod
    def _a_place(cls, value: str) -> str:
        try:
            here = urlsplit(value)
            host, _ = here.hostname or "", here.port
        except ValueError:
            host, here = "", urlsplit("")
        plain = value.isascii() and value.isprintable() and not set(value) & set(" \\?#@")
        safe = here.scheme == "https" or (here.scheme == "http" and host in LOOPBACK)
        if value and not (plain and safe and host):
            message = "has to be an address such as https://wayfinder.example"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("crm_url")
    @classmethod
    def _a_crm(cls, value: str) -> str:
        if not value:
            return value
        try:
            here = urlsplit(value)
            host, port = here.hostname or "", here.port
        except ValueError:
            host, port, here = "", None, urlsplit("")
        bare = here.path in {"", "/"} and not (here.query or here.fragment or here.username)
        cloud = (
            here.scheme == "https"
            and port is None
            and host.endswith(tuple(CRM_CLOUDS))
            and re.fullmatch(r"[a-z0-9][a-z0-9.-]*", host)
        )
        if not bare or not (cloud or (host in LOOPBACK and here.scheme in {"http", "https"})):
            ends = ", ".join(f"https://…{end}" for end in CRM_CLOUDS)
            message = f"has to be one of {ends}, or on this machine for a try-out"
            raise ValueError(message)
        return f"{here.scheme}://{here.netloc.lower()}"

    @field_validator("crm_app", "crm_client_id", "crm_tenant")
    @classmethod
    def _an_id(cls, value: str) -> str:
        if value and not GUID.fullmatch(value):
            message = "has to be an id such as 00000000-0000-0000-0000-000000000000"
            raise ValueError(message)
        return value.lower()

    @field_validator("secret")
    @classmethod
    def _real(cls, value: SecretStr) -> SecretStr:
        return _random(value)

    @field_validator("usage_secret")
    @classmethod
    def _real_ones(
        cls, value: tuple[SecretStr, ...], given: ValidationInfo
    ) -> tuple[SecretStr, ...]:
        for one in value:
            if _random(one) == given.data.get("secret"):
                message = "is the same as WAYFINDER_SECRET; make another one"
                raise ValueError(message)
        return value


def _random(value: SecretStr) -> SecretStr:
    """Return a secret that nobody guesses."""
    text = value.get_secret_value()
    if len(text) < SHORTEST_SECRET or len(set(text)) < SHORTEST_SECRET // 4:
        message = (
            f"has to be at least {SHORTEST_SECRET} random characters; make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
        raise ValueError(message)
    if any(word in text.lower() for word in PLACEHOLDERS):
        message = "is a placeholder; make a random one"
        raise ValueError(message)
    return value


def read_settings(kind: type[Kind], **given: Any) -> Kind:  # noqa: ANN401 - pydantic checks each
    """Read settings; ``given`` ones win over the environment, None gives way to it.

    Raises:
        SettingsError: one is missing or unusable.

    """
    try:
        return kind(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        lines = [_said(tuple(e["loc"]), e["type"], e["msg"]) for e in error.errors()]
        raise SettingsError("\n".join(lines)) from error


def _said(where: tuple[int | str, ...], kind: str, message: str) -> str:
    name = PREFIX + "_".join(str(part) for part in where).upper()
    if kind == "missing":
        return f"{name} is not set; {_description(str(where[0]))}."
    return f"{name} {message.removeprefix('Value error, ')}."


def _description(field: str) -> str:
    return (Settings.model_fields[field].description or "").lower()
