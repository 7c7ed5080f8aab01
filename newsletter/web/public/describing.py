"""What machines ask: whether the service works, which lists there are, and how to call it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from newsletter import __version__
from newsletter.web.public.service import service_of
from newsletter.web.public.subscribing import offered


def health(request: Request) -> Response:
    """Say that the database answers, and has room for what readers say."""
    database = service_of(request).database
    with database.reading() as connection:
        connection.execute(text("SELECT 1"))
    database.check_room()
    return JSONResponse({"schema": 1, "status": "ok"})


def lists(request: Request) -> Response:
    """Return the lists that anybody may join."""
    found = [
        {"name": option.value, "title": option.title, "description": option.about}
        for option in offered(service_of(request))
    ]
    return JSONResponse({"schema": 1, "lists": found})


def description(request: Request) -> Response:
    """Return the OpenAPI description of what answers in JSON."""
    service = service_of(request)
    return JSONResponse(_DESCRIPTION | {"servers": [{"url": service.base or "/"}]})


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _answer(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


_SCHEMA = {"type": "integer", "enum": [1]}
_LINE = {"type": "string"}
_PAGE = {"content": {"text/html": {"schema": {"type": "string"}}}}
_BUSY = {"description": "The database cannot be reached", **_PAGE}
_TOKEN = {
    "name": "token",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
    "description": "As in the message's List-Unsubscribe",
}
# As mail programs send it; without a schema, because no body is refused.
_ONE_CLICK = {"schema": {}, "example": {"List-Unsubscribe": "One-Click"}}
_DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "The newsletter's service for readers",
        "version": __version__,
        "description": "What answers in JSON. The pages for people are not described here.",
    },
    "paths": {
        "/health": {
            "get": {
                "summary": "Whether the service works",
                "operationId": "health",
                "responses": {
                    "200": _answer("It works", _object(schema=_SCHEMA, status={"type": "string", "enum": ["ok"]})),
                    "503": _answer(
                        "It does not", _object(schema=_SCHEMA, status={"type": "string", "enum": ["failed"]})
                    ),
                },
            }
        },
        "/lists.json": {
            "get": {
                "summary": "The lists that anybody may join",
                "operationId": "lists",
                "responses": {
                    "200": _answer(
                        "The lists",
                        _object(
                            schema=_SCHEMA,
                            lists={"type": "array", "items": _object(name=_LINE, title=_LINE, description=_LINE)},
                        ),
                    )
                },
            }
        },
        "/u/{token}": {
            "get": {
                "summary": "The page with the button; it changes nothing",
                "operationId": "unsubscribe_page",
                "parameters": [_TOKEN],
                "responses": {
                    "200": {"description": "The page", **_PAGE},
                    "404": {"description": "No message has this token", **_PAGE},
                    "503": _BUSY,
                },
            },
            "post": {
                "summary": "Unsubscribe with one click (RFC 8058)",
                "description": "Whatever the body is; as often as it is called. Asked for HTML, it answers in HTML.",
                "operationId": "unsubscribe",
                "parameters": [_TOKEN],
                "requestBody": {
                    "required": False,
                    "content": {
                        "application/x-www-form-urlencoded": _ONE_CLICK,
                        "multipart/form-data": _ONE_CLICK,
                        "*/*": {"schema": {}},
                    },
                },
                "responses": {
                    "200": {
                        "description": "Unsubscribed, now or before",
                        "content": {
                            "application/json": {"schema": _object(schema=_SCHEMA, left={"type": "boolean"})},
                            **_PAGE["content"],
                        },
                    },
                    "404": {"description": "No message has this token", **_PAGE},
                    "503": _BUSY,
                },
            },
        },
    },
}
