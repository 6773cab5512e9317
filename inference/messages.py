"""The queue's messages, JSON between the web side and the workers.

The web side sends `inference.embed` and `inference.propose` to the queue `inference`; workers send
`labeling.jobs.report` and `labeling.jobs.alive` to the queue `labeling`. Each is a task's keyword arguments.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from inference.propose_contract import ProposalSettings
from inference.regions import Region

EMBED_TASK = "inference.embed"
PROPOSE_TASK = "inference.propose"
REPORT_TASK = "labeling.jobs.report"
ALIVE_TASK = "labeling.jobs.alive"
INFERENCE_QUEUE = "inference"
LABELING_QUEUE = "labeling"


@dataclass(frozen=True)
class EmbedTask:
    """The message of `inference.embed`: embed the image stored under `key`, whose bytes have this SHA-256, or a
    region of it."""

    job: str
    attempt: int
    project: str | None
    key: str
    sha256: str
    model: str
    region: Region | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.job,
            "attempt": self.attempt,
            "project": self.project,
            "image": {"key": self.key, "sha256": self.sha256},
            "model": self.model,
            "region": self.region and self.region.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> EmbedTask:
        image, region = data["image"], data.get("region")
        return cls(
            data["job"],
            data["attempt"],
            data["project"],
            image["key"],
            image["sha256"],
            data["model"],
            None if region is None else Region(*region),
        )


@dataclass(frozen=True)
class ProposeTask:
    """The message of `inference.propose`: propose masks for the image stored under `key`, whose bytes have this
    SHA-256."""

    job: str
    attempt: int
    project: str | None
    key: str
    sha256: str
    model: str
    settings: ProposalSettings

    def to_json(self) -> dict[str, Any]:
        return {**self.embedding.to_json(), "settings": asdict(self.settings)}

    @property
    def embedding(self) -> EmbedTask:
        """What has to be done first."""
        return EmbedTask(self.job, self.attempt, self.project, self.key, self.sha256, self.model)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ProposeTask:
        image, settings = data["image"], ProposalSettings(**data["settings"])
        return cls(
            data["job"], data["attempt"], data["project"], image["key"], image["sha256"], data["model"], settings
        )


@dataclass(frozen=True)
class Made:
    """What `done` reports of anything that is made of an image: where it lies, its stored bytes' SHA-256 and count,
    the model, how many seconds it took, and whether it was there already."""

    key: str
    sha256: str
    bytes: int
    model_name: str
    model_sha256: str
    seconds: float
    cached: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "model": {"name": self.model_name, "sha256": self.model_sha256},
            "seconds": self.seconds,
            "cached": self.cached,
        }


@dataclass(frozen=True)
class Embedded(Made):
    """An embedding; width and height, in pixels, of what was embedded."""

    width: int
    height: int

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "width": self.width, "height": self.height}


@dataclass(frozen=True)
class Proposed(Made):
    """Proposals, and how many there are."""

    count: int

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "count": self.count}


@dataclass(frozen=True)
class Failure:
    """Why a job failed: a machine's word, a sentence, and whether trying again can help."""

    code: str
    message: str
    retry: bool

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "retry": self.retry}


Event = Literal["started", "heartbeat", "done", "failed"]


@dataclass(frozen=True)
class Report:
    """The message of `labeling.jobs.report`: what became of a job's attempt on a worker."""

    event: Event
    job: str
    attempt: int
    worker: str
    result: Made | None = None
    error: Failure | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "event": self.event,
            "job": self.job,
            "attempt": self.attempt,
            "worker": self.worker,
            "result": self.result.to_json() if self.result else None,
            "error": self.error.to_json() if self.error else None,
        }
