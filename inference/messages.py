"""The queue's messages, JSON between the web side and the workers.

The web side sends `inference.embed`, `inference.propose`, `inference.assess` and `inference.tile` to the queue
`inference`; workers send
`labeling.jobs.report` and `labeling.jobs.alive` to the queue `labeling`. Each is a task's keyword arguments.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from inference.propose_contract import ProposalSettings
from inference.regions import Region

EMBED_TASK = "inference.embed"
PROPOSE_TASK = "inference.propose"
TILE_TASK = "inference.tile"
ASSESS_TASK = "inference.assess"
REPORT_TASK = "labeling.jobs.report"
ALIVE_TASK = "labeling.jobs.alive"
INFERENCE_QUEUE = "inference"
LABELING_QUEUE = "labeling"


Size = tuple[int, int]


@dataclass(frozen=True)
class EmbedTask:
    """The message of `inference.embed`: embed the image stored under `key`, whose bytes have this SHA-256, or a
    region of it. `size`, (width, height) of the upright image, is given when the image has tiles."""

    job: str
    attempt: int
    project: str | None
    key: str
    sha256: str
    model: str
    region: Region | None = None
    size: Size | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.job,
            "attempt": self.attempt,
            "project": self.project,
            "image": image_json(self.key, self.sha256, self.size),
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
            _size(image),
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
    size: Size | None = None

    def to_json(self) -> dict[str, Any]:
        return {**self.embedding.to_json(), "settings": asdict(self.settings)}

    @property
    def embedding(self) -> EmbedTask:
        """What has to be done first."""
        return EmbedTask(self.job, self.attempt, self.project, self.key, self.sha256, self.model, size=self.size)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ProposeTask:
        embed = EmbedTask.from_json(data)
        return cls(
            embed.job,
            embed.attempt,
            embed.project,
            embed.key,
            embed.sha256,
            embed.model,
            ProposalSettings(**data["settings"]),
            embed.size,
        )


@dataclass(frozen=True)
class TileTask:
    """The message of `inference.tile`: cut the image of this `size` (width, height), stored under `key`, into tiles;
    and where a `derivative` is named, store under that key what browsers get in the file's place."""

    job: str
    attempt: int
    project: str | None
    key: str
    sha256: str
    size: Size
    derivative: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.job,
            "attempt": self.attempt,
            "project": self.project,
            "image": image_json(self.key, self.sha256, self.size),
            "derivative": self.derivative,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TileTask:
        image = data["image"]
        width, height = image["size"]
        return cls(
            data["job"],
            data["attempt"],
            data["project"],
            image["key"],
            image["sha256"],
            (width, height),
            data.get("derivative"),
        )


def image_json(key: str, sha256: str, size: Size | None) -> dict[str, Any]:
    """The image that a job is about."""
    return {"key": key, "sha256": sha256} if size is None else {"key": key, "sha256": sha256, "size": list(size)}


def _size(image: dict[str, Any]) -> Size | None:
    size = image.get("size")
    return None if size is None else (size[0], size[1])


@dataclass(frozen=True)
class AssessTask:
    """The message of `inference.assess`: find the signals of the masks stored under `masks` (assess_contract.py), of
    the image that `embedding` is about, which has to be done first."""

    embedding: EmbedTask
    masks: str

    def to_json(self) -> dict[str, Any]:
        return {**self.embedding.to_json(), "masks": self.masks}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> AssessTask:
        return cls(EmbedTask.from_json(data), data["masks"])


@dataclass(frozen=True)
class Made:
    """What `done` reports of anything that is made of an image: where it lies, its stored bytes' SHA-256 and count,
    how many seconds it took, and whether it was there already."""

    key: str
    sha256: str
    bytes: int
    seconds: float
    cached: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "seconds": self.seconds,
            "cached": self.cached,
        }


@dataclass(frozen=True)
class Tiled(Made):
    """Tiles, and how many there are."""

    count: int

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "count": self.count}


@dataclass(frozen=True)
class MadeByModel(Made):
    """What a model has seen in an image."""

    model_name: str
    model_sha256: str

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "model": {"name": self.model_name, "sha256": self.model_sha256}}


@dataclass(frozen=True)
class Embedded(MadeByModel):
    """An embedding; width and height, in pixels, of what was embedded."""

    width: int
    height: int

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "width": self.width, "height": self.height}


@dataclass(frozen=True)
class Proposed(MadeByModel):
    """Proposals, and how many there are."""

    count: int

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "count": self.count}


@dataclass(frozen=True)
class Assessed(Proposed):
    """Signals, and of how many masks."""


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
    progress: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "event": self.event,
            "job": self.job,
            "attempt": self.attempt,
            "worker": self.worker,
            "result": self.result.to_json() if self.result else None,
            "error": self.error.to_json() if self.error else None,
            "progress": self.progress,
        }
