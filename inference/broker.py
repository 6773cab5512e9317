"""What both Celery apps share: how to reach the broker, and that messages are JSON and their results nobody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from kombu.transport import TRANSPORT_ALIASES

SHARED: dict[str, Any] = {
    "task_serializer": "json",
    "result_serializer": "json",
    "accept_content": ["json"],
    "task_ignore_result": True,
    "task_acks_late": True,
    "worker_prefetch_multiplier": 1,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "task_publish_retry_policy": {"max_retries": 5, "interval_start": 0.1, "interval_step": 0.3, "interval_max": 1},
    "enable_utc": True,
    "timezone": "UTC",
}
# Redis hides a delivered message for this long and then hands it out again. Leased jobs are the truth, so it only has
# to be longer than any task: a shorter one would run the task twice.
REDIS_VISIBILITY_S = 3600


def celery_settings(url: str) -> dict[str, Any]:
    """Celery's settings for the broker at `url`: `redis://…` (or `rediss://…`, or any other that Celery knows), or
    `filesystem:///absolute/folder`, which is made when missing."""
    if url.startswith("filesystem://"):
        return SHARED | _folder_settings(Path(unquote(urlsplit(url).path)))
    if url.startswith(("redis://", "rediss://")):
        options = {"visibility_timeout": REDIS_VISIBILITY_S, "socket_keepalive": True, "health_check_interval": 25}
        return SHARED | {"broker_url": url, "broker_transport_options": options}
    return SHARED | {"broker_url": url}


def _folder_settings(folder: Path) -> dict[str, Any]:
    if not folder.is_absolute():
        raise ValueError("A filesystem broker is written filesystem:///absolute/folder.")
    messages, control = folder / "messages", folder / "control"
    for each in (messages, control):
        each.mkdir(parents=True, exist_ok=True)
    TRANSPORT_ALIASES["folder"] = "inference.folder_transport:Transport"
    options = {
        # One folder is everyone's inbox and outbox: the queue is in a message's name.
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.05,
    }
    return {"broker_url": "folder://localhost/", "broker_transport_options": options}
