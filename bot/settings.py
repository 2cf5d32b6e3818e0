"""What an administrator sets, from the environment; nothing else reads the environment."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "WAYFINDER_"
SHORTEST_SECRET = 32
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
