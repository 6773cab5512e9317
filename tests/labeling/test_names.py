"""Names show every character that they have."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from labeling.images.models import Image
from labeling.projects.models import LabelClass, Project
from labeling.projects.roles import Role
from tests.labeling.making import API, configure, photo_bytes, problem

HIDDEN = ["gnp\u202eexe", "a\u2066b", "a\u200bb", "a\tb", "a\x1b[31mb", "\ufeffa", "a\u2028b", "a\u00adb"]
VISIBLE = ["نمی‌خواهم", "👩‍🌾", "Żółć", "猫", "a b"]


@pytest.mark.parametrize("name", HIDDEN)
def test_a_typed_name_with_a_hidden_character_is_refused(
    as_manager: APIClient, project: Project, cat: LabelClass, name: str
) -> None:
    attribute = {"id": "a", "name": "A", "kind": "choice", "choices": ["x"]}
    inside = f"x{name}x"
    requests: list[tuple[str, str, dict[str, Any], str]] = [
        ("patch", "me", {"name": inside}, "/name"),
        ("post", "tokens", {"name": inside}, "/name"),
        ("post", "projects", {"name": inside}, "/name"),
        ("patch", f"projects/{project.id}", {"name": inside}, "/name"),
        ("patch", f"projects/{project.id}", {"reject_reasons": [inside]}, "/reject_reasons/0"),
        ("post", f"projects/{project.id}/classes", {"name": inside}, "/name"),
        ("patch", f"classes/{cat.id}", {"name": inside}, "/name"),
        ("patch", f"classes/{cat.id}", {"attributes": [{**attribute, "name": inside}]}, "/attributes/0/name"),
        ("patch", f"classes/{cat.id}", {"attributes": [{**attribute, "choices": [inside]}]}, "/attributes/0/choices/0"),
        ("post", f"projects/{project.id}/members",
         {"email": "n@example.org", "name": inside, "roles": [Role.VIEWER]}, "/name"),
        ("post", f"projects/{project.id}/exports", {"name": inside}, "/name"),
    ]  # fmt: skip
    for method, path, body, pointer in requests:
        error = problem(
            getattr(as_manager, method)(f"{API}/{path}", body, headers={"If-Match": "1"}), 400, "hidden_character"
        )
        assert error["errors"][0]["pointer"] == pointer
        assert "cannot be seen" in error["detail"]


@pytest.mark.parametrize("name", VISIBLE)
def test_names_of_every_script_are_names(as_manager: APIClient, project: Project, name: str) -> None:
    assert configure(as_manager, project, {"name": name}).json()["name"] == name


def test_the_command_that_makes_operators_refuses_hidden_characters_too(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "made-by-the-operator")
    with pytest.raises(CommandError, match="cannot be seen"):
        call_command("createsuperuser", interactive=False, email="o@example.org", name="O\u202e")


def test_a_file_name_loses_what_cannot_be_seen(as_manager: APIClient, project: Project) -> None:
    (result,) = _upload(as_manager, project, "\u202egnp\u200b.exe.png")
    assert result["outcome"] == "created"
    assert Image.objects.get().name == "gnp.exe.png"


@pytest.mark.parametrize("name", ["..", ".", "/", "a/..", "..\\..", "\u202e"])
def test_a_file_without_a_name_is_refused_by_itself(as_manager: APIClient, project: Project, name: str) -> None:
    first, second, third = _upload(as_manager, project, "a.png", name, "c.png")
    assert (first["outcome"], third["outcome"]) == ("created", "created")
    assert (second["outcome"], second["code"]) == ("refused", "invalid_name")
    assert "Rename it" in second["detail"]


def _upload(client: APIClient, project: Project, *names: str) -> list[dict[str, Any]]:
    """Upload a file under each name, as a script writes it: the test client would clean the names."""
    parts = [
        b'--X\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n\r\n%b\r\n'
        % (name.replace("\\", "\\\\").encode(), photo_bytes(seed))
        for seed, name in enumerate(names)
    ]
    body, media_type = b"".join(parts) + b"--X--\r\n", "multipart/form-data; boundary=X"
    response = client.post(f"{API}/projects/{project.id}/images", body, content_type=media_type)
    assert response.status_code == 201, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def test_texts_lose_what_cannot_be_seen_and_keep_their_lines(
    as_manager: APIClient, as_reviewer: APIClient, project: Project, image: Image
) -> None:
    seen, sent = (
        "Two lines,\n\tand a joiner: \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "a\u202e\u200bb\ufeff\x1b",
    )
    body = {"description": f"{seen}{sent}", "guidelines": f"{sent}{seen}"}
    changed = configure(as_manager, project, body).json()
    assert (changed["description"], changed["guidelines"]) == (f"{seen}ab", f"ab{seen}")
    comment = {"id": str(uuid4()), "text": f"{seen}{sent}"}
    assert as_reviewer.post(f"{API}/images/{image.id}/comments", comment).json()["text"] == f"{seen}ab"
    problem(
        as_reviewer.post(f"{API}/images/{image.id}/comments", {"id": str(uuid4()), "text": "\u200b\ufeff"}),
        400,
        "blank",
    )
