"""No request waits without end for the database: it is told, in a sentence, when to come again."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from rest_framework.test import APIClient

from labeling.projects.models import Project
from labeling.settings import database
from tests.labeling.making import configure, problem

POSTGRES = connection.vendor == "postgresql"
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held_by_another(project: Project) -> Iterator[None]:
    """Somebody else locks the project and does not finish, with short timeouts for us."""
    other: Any
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '20ms'" if POSTGRES else "PRAGMA busy_timeout = 20")
    if POSTGRES:
        other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
        other.cursor().execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [str(project.id)])
    else:
        other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()
        connection.close()


@pytest.fixture
def as_manager(as_manager: APIClient) -> APIClient:
    """Answers of 503 are what these tests look at; the test client would raise their cause instead."""
    as_manager.raise_request_exception = False
    return as_manager


def test_who_waits_too_long_for_a_lock_is_told_to_come_again(as_manager: APIClient, project: Project) -> None:
    with held_by_another(project):
        answer = configure(as_manager, project, {"name": "Plants"})
    body = problem(answer, 503, "busy")
    assert "Nothing was saved" in body["detail"]
    assert answer["Retry-After"] == "1"
    assert configure(as_manager, project, {"name": "Plants"}).status_code == 200


@pytest.mark.skipif(not POSTGRES, reason="SQLite stops no statement")
def test_a_statement_that_takes_too_long_is_stopped(
    as_manager: APIClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any, **__: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr("labeling.images.services.access", slow)
    answer = configure(as_manager, project, {"name": "Plants"})
    connection.close()
    problem(answer, 503, "too_long")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.skipif(not POSTGRES, reason="of PostgreSQL")
def test_connections_begin_with_the_limits_of_the_settings() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("1min" if settings.LOCK_SECONDS == 60 else f"{settings.LOCK_SECONDS}s",)


def test_the_limits_leave_what_the_address_of_the_database_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db/labels?sslmode=verify-full&options=-c%20jit%3Doff")
    options = database()["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["options"].startswith("-c lock_timeout=")
    assert options["options"].endswith(" -c jit=off")


def test_migrations_run_without_a_limit_whatever_requests_have() -> None:
    environment = os.environ | {"MASKWRIGHT_STATEMENT_SECONDS": "30"}
    for command, seconds in (("migrate", "0"), ("check", "30")):
        code = (
            "import os, sys, runpy, django.core.management as m;"
            "m.execute_from_command_line = lambda argv: print(os.environ['MASKWRIGHT_STATEMENT_SECONDS']);"
            f"sys.argv = ['manage.py', {command!r}]; runpy.run_path('manage.py', run_name='__main__')"
        )
        answer = subprocess.run(
            [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
        )
        assert answer.stdout.strip() == seconds
