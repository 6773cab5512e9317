"""SAM's architecture with a tiny image encoder and random weights, saved as a checkpoint and installed like an
official one: segment_anything's own builder makes it and its own loader reads it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference import models
from inference.models import Model, WeightFile

NAME = "vit_b"


def build(checkpoint: str | None = None) -> Any:
    """As segment_anything.build_sam_vit_b does, with another image encoder."""
    from segment_anything.build_sam import _build_sam

    return _build_sam(
        encoder_embed_dim=32,
        encoder_depth=2,
        encoder_num_heads=2,
        encoder_global_attn_indexes=[1],
        checkpoint=checkpoint,
    )


def save_checkpoint(path: Path) -> None:
    """Random weights, the same each time."""
    import torch

    torch.manual_seed(7)
    torch.save(build().state_dict(), path)


def register(monkeypatch: pytest.MonkeyPatch, path: Path) -> Model:
    """Lets the file at `path` be the checkpoint of `vit_b`, and the small architecture its own."""
    import segment_anything

    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    small = replace(models.MODELS[NAME], files=(WeightFile(models.MODELS[NAME].files[0].name, sha256),))
    monkeypatch.setitem(models.MODELS, NAME, small)
    monkeypatch.setitem(segment_anything.sam_model_registry, NAME, build)
    return small
