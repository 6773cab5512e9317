"""Every operation of the generated description, with requests that nobody would write: no crash, and no answer that
the description does not foresee. The requests are a manager's, and mostly hit things that are there."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from labeling.accounts.models import User
from labeling.accounts.services import create_token
from labeling.assignments.models import Assignment
from labeling.exchange.services import order_export
from labeling.images.models import Image
from labeling.projects import services as projects
from labeling.projects.models import Membership
from tests.labeling.making import annotate, assign, photo_bytes, submit, upload

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
# Schemathesis tries every combination of parameters that it can list as explicit examples, 47 for each operation. They
# test how requests are read, which no database changes, so they run once, on the engines of production.
PHASES = [Phase.explicit, Phase.generate] if connection.vendor == "postgresql" else [Phase.generate]
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As in Django's test client: the requests of a test are in its transaction, so they leave its connection open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def there(db: None) -> dict[str, UUID]:
    """One of everything, by the names that paths have for it; and a mask that waits for its verdict."""
    cache.clear()
    manager = User.objects.create_user("manager@example.org", name="Manager", may_create_projects=True, may_invite=True)
    other = User.objects.create_user("other@example.org", name="Other")
    project = projects.create_project(by=manager, name="Fuzzed", classes=[{"name": "cat"}, {"name": "unused"}])
    projects.add_member(by=manager, project=project.id, email=other.email, roles=["annotator"], name="")
    image: Image = upload(manager, project, "noise.png", photo_bytes(1))
    label_class = project.classes.get(name="cat")
    annotation = annotate(manager, image, label_class)
    annotate(manager, image, label_class)
    assign(manager, image, manager)
    submit(manager, image)
    _, secret = create_token(by=manager, name="kept")
    spare, _ = create_token(by=manager, name="spare")
    export = order_export(by=manager, project=project.id, format="coco", include="all")
    membership = Membership.objects.get(project=project, user=other)
    return {
        "project": project.id, "image": image.id, "annotation": annotation.id, "label_class": label_class.id,
        "member": membership.id, "assignment": Assignment.objects.get(image=image).id, "export": export.id,
        "token": spare.id, "secret": secret, "annotator": manager.id,
    }  # fmt: skip


# As generated, which `make check` compares with the code.
schema = schemathesis.openapi.from_path(Path(__file__).parents[2] / "docs" / "openapi.yml")
schema.app = get_wsgi_application()
load_all_checks()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_request_finds_a_crash_or_an_undescribed_answer(case: Any, there: dict[str, UUID]) -> None:
    for name, value in case.path_parameters.items():
        # Of four ids that are made up three become the one that is there.
        if name in there and crc32(str(value).encode()) % 4:
            case.path_parameters[name] = str(there[name])
    with transaction.atomic():
        cache.clear()
        case.call_and_validate(headers={"Authorization": f"Bearer {there['secret']}"}, checks=CHECKS)
        # What one request deletes the next one finds again.
        transaction.set_rollback(True)
