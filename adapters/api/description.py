"""The description of the interface (OpenAPI 3.1), made of the shapes that are checked.

OpenAPI 3.1 takes JSON Schema as it is, which pydantic writes; so what is described and what is
checked are the same, and there is nothing to keep alike by hand.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from adapters.api.events import EVENTS, posted
from adapters.api.shapes import (
    Asked,
    Measures,
    NothingAsked,
    Numbers,
    NumbersAsked,
    Problem,
    Shape,
    Weeks,
    schema_of,
)

BASE: Final = "/api/v1"
PROBLEM: Final = "application/problem+json"
PATHS: Final[Mapping[str, tuple[type[Asked], type[Shape], str]]] = {
    "/measures": (NothingAsked, Measures, "What each measure means"),
    "/weeks": (NothingAsked, Weeks, "The weeks of which there are numbers"),
    "/numbers": (NumbersAsked, Numbers, "Numbers about the organisation, by week and measure"),
}
"""What can be read: its filters, what comes back, and what it is."""
REFUSALS: Final[Mapping[int, str]] = {
    400: "A filter is not understood",
    401: "There is no key, or none that is good",
    404: "There is nothing at this address",
    405: "Only reading is possible",
    414: "The address is too long",
    429: "Too many questions; wait as long as Retry-After says",
    503: "Nothing can be read now; try again later",
}


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """Return the description."""
    schemas: dict[str, Any] = {}
    for shape in (Measures, Weeks, Numbers, Problem, *EVENTS.values()):
        own = schema_of(shape)
        schemas |= own.pop("$defs", {})
        schemas[shape.__name__] = own
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wayfinder: released numbers",
            "version": "1",
            "description": "Numbers about the whole organisation, as sponsors and the CRM team "
            "were told them. What was told to nobody is not here; nothing is about a person.",
        },
        "security": [{"key": []}],
        "paths": {f"{BASE}{path}": _path(path) for path in PATHS},
        "webhooks": {kind: posted(kind, _ref(shape)) for kind, shape in EVENTS.items()},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _path(path: str) -> dict[str, Any]:
    asked, told, says = PATHS[path]
    etag = {"ETag": {"description": "Give it back as If-None-Match.", "schema": {"type": "string"}}}
    answers: dict[str, Any] = {
        "200": {
            "description": says,
            "headers": etag,
            "content": {"application/json": {"schema": _ref(told)}},
        },
        "304": {"description": "Nothing is new", "headers": etag},
    }
    for status, what in REFUSALS.items():
        answers[str(status)] = {
            "description": what,
            "content": {PROBLEM: {"schema": _ref(Problem)}},
        }
    return {
        "get": {
            "operationId": path.removeprefix("/"),
            "summary": says,
            "parameters": _filters(asked),
            "responses": answers,
        }
    }


def _filters(asked: type[Asked]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.pop("description", ""),
            "schema": schema,
        }
        for name, schema in schema_of(asked).get("properties", {}).items()
    ]


def _ref(shape: type[Shape]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}
