"""A script's view of an installation: the API with a bearer token, and nothing but the standard library."""

import json
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any


class Client:
    def __init__(self, url: str, token: str) -> None:
        self._api = f"{url}/api/v1"
        self.token = token

    def get(self, path: str) -> Any:
        return self._send("GET", path, None, {})

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self._send("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})

    def configure(self, project: str, changes: Any) -> Any:
        """Change the settings of a project in the version that it has now."""
        path = f"/projects/{project}"
        headers = {"Content-Type": "application/json", "If-Match": str(self.get(path)["version"])}
        return self._send("PATCH", path, json.dumps(changes).encode(), headers)

    def delete(self, path: str) -> None:
        self._send("DELETE", path, None, {})

    def upload(self, project: str, *files: Path) -> list[dict[str, Any]]:
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{file.name}"\r\n\r\n'.encode()
            + file.read_bytes()
            + b"\r\n"
            for file in files
        ]
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        results: list[dict[str, Any]] = self._send("POST", f"/projects/{project}/images", body, headers)["results"]
        return results

    def events(self, project: str, after: int | str | None = None) -> Iterator[dict[str, Any]]:
        """Follow a project from the event `after` on: its events, or first of all the hello with the newest `seq`.
        Ends when the server ends it; raises when the line is cut."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({} if after is None else {"Last-Event-ID": str(after)})
        request = urllib.request.Request(f"{self._api}/projects/{project}/events", headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            seq = 0
            for line in response:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                seq = int(value.rpartition(".")[2]) if name == "id" else seq
                if name == "data":
                    yield {"seq": seq, **json.loads(value)}

    def log(self, project: str) -> list[dict[str, Any]]:
        """Everything that has happened in a project."""
        with closing(self.events(project)) as stream:
            newest = next(stream)["seq"]
        with closing(self.events(project, 0)) as stream:
            return [event for _, event in zip(range(newest), stream, strict=False)]

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        request = urllib.request.Request(f"{self._api}{path}", data=body, headers=headers, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return json.loads(response.read() or b"null")
