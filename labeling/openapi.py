"""What the generated description cannot see in the views: the problems that an operation may answer with."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from labeling.rest import TITLES

Json = dict[str, Any]

PROBLEM: Json = {
    "type": "object",
    "description": "An error (RFC 9457); some carry more fields, say `current`, what was changed by someone else.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "For programs."},
        "detail": {"type": "string", "description": "A sentence for people."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": ["string", "null"], "description": "JSON pointer into the request."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}
METHODS = {"get", "post", "put", "patch", "delete"}


class Schema(AutoSchema):
    """Describes the `query_serializer` of a view as the parameters of its GET."""

    def get_override_parameters(self) -> list[Any]:
        query = getattr(self.view, "query_serializer", None)
        return [query] if query and self.method == "GET" else []


def add_problems(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """drf-spectacular's postprocessing hook: the Problem component, and each operation's errors."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, item in result["paths"].items():
        for method in METHODS & item.keys():
            for status in sorted(problems(path, method, item[method])):
                item[method]["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    responses = result["components"].setdefault("responses", {})
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, title in TITLES.items():
        responses[f"Problem{status}"] = {"description": title, "content": content}
    return result


def problems(path: str, method: str, operation: Json) -> set[int]:
    """The error statuses of an operation.

    Any request may have a wrong token or a missing scope, be one of too many, or find the database away. The others
    follow from what the operation takes.
    """
    parameters = operation.get("parameters", [])
    body = operation.get("requestBody")
    found = {401, 403, 429, 503}
    if any(parameter["in"] == "path" for parameter in parameters):
        found |= {404, 409}
    if any(parameter["in"] != "path" for parameter in parameters) or body:
        found |= {400}
    if method != "get":
        found |= {400, 409}
    if body:
        found |= {413, 415, 507}
        if "{" in path:
            found |= {412}
    if any(parameter["name"] == "If-Match" for parameter in parameters):
        found |= {412, 428}
    return found
