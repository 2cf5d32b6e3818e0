"""What an administrator sets, from the environment; nothing else reads the environment."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.secrecy import shared, unfit
from nudges.release import FLOOR

PREFIX = "WAYFINDER_"
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


Kind = TypeVar("Kind", bound=BaseSettings)


class SettingsError(ValueError):
    """The settings cannot be used; the message names each one and what to do."""


class Place(BaseSettings):
    """Where things are: all that a command needs which talks to nobody."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, frozen=True)

    database: Annotated[
        str,
        Field(
            repr=False,
            description="Where everything is kept: sqlite:///file.db or postgresql://…",
        ),
    ] = "sqlite:///wayfinder.db"
    keyring: Annotated[
        str,
        Field(
            repr=False,
            description="Where the keys of what people wrote are kept, apart from the database and "
            "its backups; a file or a database beside it if empty",
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
    metrics_key: Annotated[
        SecretStr | None,
        Field(
            description="Opens /metrics for Prometheus, as a bearer token; without it the metrics "
            "are for this machine alone"
        ),
    ] = None
    traces: Annotated[
        str,
        Field(
            description="Where traces go by OTLP over HTTP, such as "
            "http://collector:4318/v1/traces; no traces if empty"
        ),
    ] = ""

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
        Field(description="Your own hosts for links and webhooks, comma-separated"),
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
    teams_secret_ends: Annotated[
        date | None, Field(description="Last day of that secret, so that doctor warns in time")
    ] = None
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
    crm_client_secret_ends: Annotated[
        date | None, Field(description="Last day of that secret, so that doctor warns in time")
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

    @field_validator("teams_secret_ends", "crm_client_secret_ends", mode="before")
    @classmethod
    def _a_day(cls, value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", value):
            message = "has to be a day such as 2027-05-31"
            raise ValueError(message)
        return value or None

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

    @field_validator("traces")
    @classmethod
    def _a_collector(cls, value: str) -> str:
        try:
            here = urlsplit(value)
            host, _ = here.hostname, here.port
        except ValueError:
            host, here = None, urlsplit("")
        bare = value.isascii() and value.isprintable() and not set(value) & set(" \\?#@")
        if value and not (host and bare and here.scheme in {"http", "https"}):
            message = "has to be an address such as http://collector:4318/v1/traces"
            raise ValueError(message)
        return value

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

    @field_validator(
        "secret",
        "vault_keys",
        "slack_signing_secrets",
        "slack_bot_token",
        "slack_app_token",
        "slack_client_secret",
        "teams_secret",
        "crm_client_secret",
        "usage_secret",
        "metrics_key",
    )
    @classmethod
    def _real(cls, value: object, given: ValidationInfo) -> object:
        field = str(given.field_name)
        # A setting that is there and empty is one that is not set.
        if isinstance(value, SecretStr) and not value.get_secret_value() and field != "secret":
            return None
        for one in _texts(value):
            if problem := unfit(field, one):
                raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _each_its_own(self) -> Self:
        same_app = self.crm_client_id and self.crm_client_id == self.teams_app_id.lower()
        one = frozenset({"teams_secret", "crm_client_secret"})
        found = list(shared(self.kept_secret(), frozenset({one}) if same_app else frozenset()))
        if found:
            lines = [
                f"{_name(field)} is the same as {_name(other)}; make another one"
                if field != other
                else f"{_name(field)} names the same secret twice; leave one of them out"
                for field, other in found
            ]
            raise ValueError(".\n".join(lines))
        return self

    def kept_secret(self) -> dict[str, tuple[str, ...]]:
        """Return the secrets of each setting that has any, by the setting's name."""
        found = {name: _texts(getattr(self, name)) for name in type(self).model_fields}
        return {name: values for name, values in found.items() if values}


def secrets_of(settings: Settings) -> list[str]:
    """Return every secret of the settings in clear, for whoever has to hide them."""
    found = [value for values in settings.kept_secret().values() for value in values]
    places = (settings.database, settings.keyring)
    passwords = (unquote(urlsplit(place).password or "") for place in places)
    return [*found, *(one for one in passwords if one)]


def _texts(value: object) -> tuple[str, ...]:
    """Return the secrets that a setting holds, in clear."""
    parts: tuple[object, ...] = value if isinstance(value, tuple) else (value,)  # pyright: ignore[reportUnknownVariableType] - a tuple of anything
    return tuple(part.get_secret_value() for part in parts if isinstance(part, SecretStr))


def _name(field: str) -> str:
    return f"{PREFIX}{field.upper()}"


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
    words = message.removeprefix("Value error, ")
    if not where:  # about several of them, which it names
        return f"{words}."
    name = _name("_".join(str(part) for part in where))
    if kind == "missing":
        return not_set(str(where[0]))
    return f"{name} {words}."


def not_set(field: str) -> str:
    """Say that a setting is not there, and what it is."""
    description = Settings.model_fields[field].description or ""
    return f"{_name(field)} is not set: {description[:1].lower()}{description[1:]}."
