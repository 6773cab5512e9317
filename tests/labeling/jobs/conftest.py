"""Ordering jobs, and a broker that keeps what is sent."""

from uuid import UUID, uuid4

import pytest

from labeling.jobs import services
from labeling.jobs.models import Job
from tests.labeling.jobs.acting import EMBED, A, Broker, Order


@pytest.fixture
def order() -> Order:
    def ordered(project: UUID = A, kind: Job.Kind = EMBED, priority: int = 0) -> Job:
        return services.enqueue(
            kind=kind, target=uuid4(), project=project, payload={"n": 1}, by=None, priority=priority
        )

    return ordered


@pytest.fixture
def broker() -> Broker:
    return Broker()
