"""What an administrator sets, from the environment; nothing else reads the environment."""

from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "WAYFINDER_"
SHORTEST_SECRET = 32
CLOUDS = {"slack_api": "https://slack.com/api/", "graph_api": "https://graph.microsoft.com/"}
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
    content: Annotated[
        Path | None, Field(description="Folder with your own content, layered over ours")
    ] = None


class Settings(Place):
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

    @field_validator(
        "vault_keys", "slack_signing_secrets", "slack_teams", "links_inside", mode="before"
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
        if value != cloud and urlsplit(value).hostname not in {"127.0.0.1", "localhost", "::1"}:
            message = f"has to be {cloud}, or on this machine for a try-out"
            raise ValueError(message)
        return value if value.endswith("/") else f"{value}/"

    @field_validator("secret")
    @classmethod
    def _real(cls, value: SecretStr) -> SecretStr:
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
