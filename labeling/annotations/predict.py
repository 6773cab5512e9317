"""Prompt → candidates: SAM's fast half, inside the request, from the embedding that a worker made ahead."""

import time
from contextlib import suppress
from functools import cache
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings

from inference import framed
from inference.contract import InvalidPrompt, Prompt, Ranking
from inference.decode import DecoderMissing
from inference.embeddings import Damaged, EmbeddingCache
from inference.point_decoder import load_point_decoder
from inference.regions import Region
from inference.storage import Missing, StorageUnavailable
from labeling.accounts.models import User
from labeling.images import keys, regions, selectors
from labeling.images.models import Image
from labeling.jobs import services as jobs
from labeling.jobs.models import Job, Tally
from labeling.jobs.tallies import ledger
from labeling.projects.roles import Permission
from labeling.rest import Conflict, invalid


class Prediction(TypedDict):
    ranking: Ranking
    model: str
    region: Region | None


@cache
def embeddings() -> EmbeddingCache:
    """This process's embeddings, shared by everyone who clicks in the same image."""
    return EmbeddingCache(keys.store(), settings.EMBEDDING_CACHE_BYTES, _looked)


def _looked(hit: bool) -> None:
    ledger.count(Tally.Name.EMBEDDING_CACHE, "hit" if hit else "miss")


def predict(*, user: User, image: UUID, body: Any) -> Prediction:
    """The masks that a prompt may mean, by score; in `region` of the body, or the whole image. Changes nothing but
    what is computed next.

    Raises:
        ValidationError: a prompt that makes no sense for this image, with its place.
        Conflict: the embedding is not ready; the image is next in the queue then.
    """
    found = selectors.bare_image(user, image, Permission.ANNOTATE)
    size = (found.width, found.height)
    try:
        prompt = Prompt.from_json(body)
        prompt.check(*size)
        region = framed.region_for(body.get("region"), prompt, size)
    except InvalidPrompt as error:
        raise invalid("invalid_prompt", str(error), error.pointer.strip("/").replace("/", ".")) from None
    result = _embedding_of(found) if region is None else _embedding_of_region(user, found, region)
    model = result["model"]
    try:
        decoder = load_point_decoder(keys.store(), model["sha256"])
        embedding = embeddings().get(result["key"])
        began = time.monotonic()
        ranking = framed.predict(decoder, embedding, prompt, size, region)
        ledger.observe(Tally.Name.DECODE_SECONDS, time.monotonic() - began)
    except (Missing, Damaged):
        # The store lost it or its bytes went bad: made anew, never decoded.
        raise _made_again(found, region) from None
    except DecoderMissing as error:
        raise Conflict("model_not_installed", f"{error} An operator can install it.") from None
    return Prediction(ranking=ranking, model=f"{model['name']}@{model['sha256'][:12]}", region=region)


def warm(image: Image) -> None:
    """Load what the first click in the image needs, if it exists. Errors are left for the click to report."""
    job = selectors.embedding_job(image)
    if job is not None and job.result:
        with suppress(Missing, StorageUnavailable, Damaged, DecoderMissing):
            load_point_decoder(keys.store(), job.result["model"]["sha256"])
            embeddings().get(job.result["key"])


def _embedding_of(image: Image) -> dict[str, Any]:
    """Where the image's embedding lies and what made it. Raises Conflict while there is none."""
    job = selectors.embedding_job(image)
    if job is not None and job.result:
        # Also while it is made anew by another model: the old embedding has its own decoder.
        return dict(job.result)
    if job is not None and job.state == Job.State.FAILED:
        raise Conflict("embedding_failed", f"This image could not be prepared for clicking: {job.error}")
    jobs.prioritise(kinds=[Job.Kind.EMBED], target=image.id)
    raise _not_ready("This image is still being prepared for clicking. It is next in the queue.")


def _embedding_of_region(user: User, image: Image, region: Region) -> dict[str, Any]:
    """As _embedding_of, of a region, which is ordered when nobody has looked at it yet."""
    job = regions.job_of(image, region)
    if job is None or not job.result:
        job = regions.order(by=user, image=image, rectangle=region)
    if job.result:
        return dict(job.result)
    if job.state == Job.State.FAILED:
        raise Conflict("region_failed", f"This part of the image could not be prepared for clicking: {job.error}")
    raise Conflict("region_not_ready", "This part of the image is being prepared for clicking; try in a moment.")


def _made_again(image: Image, region: Region | None) -> Conflict:
    if region is not None:
        regions.recompute(image, region)
        return Conflict("region_not_ready", "This part of the image is being prepared again; try in a moment.")
    jobs.recompute(kind=Job.Kind.EMBED, target=image.id)
    return _not_ready("This image is being prepared again; try in a moment.")


def _not_ready(detail: str) -> Conflict:
    return Conflict("embedding_not_ready", detail)
