"""SAM's official checkpoints, read by torch and segment-anything (the extra `[sam]`), and their decoder as ONNX for the
web side, which has no torch."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import IO

from inference.frame import EMBEDDING_SHAPE, LOGITS_SIDE, SIDE
from inference.models import BadCheckpoint, Model, RuntimeMissing

try:
    import torch
    from segment_anything import sam_model_registry
    from segment_anything.modeling import Sam
    from segment_anything.utils.onnx import SamOnnxModel
except ImportError:
    raise RuntimeMissing("A SAM checkpoint") from None

INPUTS = ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input"]
OPSET = 17


def load(found: Model, checkpoint: IO[bytes]) -> Sam:
    """The model with its weights, on the CPU, by segment_anything's own loader, which is strict.

    Raises BadCheckpoint.
    """
    with tempfile.NamedTemporaryFile(suffix=".pth") as file:
        shutil.copyfileobj(checkpoint, file)
        file.flush()
        try:
            return sam_model_registry[found.name](checkpoint=file.name)
        # Unpickling raises nearly anything on bytes that are no pickle; torch executes none of it.
        except Exception as error:
            reason = " ".join(str(error).split())[:200]
            raise BadCheckpoint(f"This is no checkpoint of {found.title}: {reason}") from error


class PromptDecoder(torch.nn.Module):
    """Prompt encoder and mask decoder in one: b prompts in the 1024 square → masks [b, 4, 256, 256] and predicted IoU
    [b, 4]. Index 0 is the single-mask token's, 1 to 3 are the candidates'."""

    def __init__(self, sam: Sam) -> None:
        super().__init__()
        self._sam = sam
        # segment_anything's form of the prompt encoder that can be traced.
        self._prompts = SamOnnxModel(sam, return_single_mask=False)

    def forward(
        self,
        embedding: torch.Tensor,
        coordinates: torch.Tensor,
        labels: torch.Tensor,
        mask: torch.Tensor,
        has_mask: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return self.masks(embedding, *self.prompts(coordinates, labels, mask, has_mask))

    def prompts(
        self, coordinates: torch.Tensor, labels: torch.Tensor, mask: torch.Tensor, has_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What the mask decoder takes for points [b, n, 2] with labels [b, n] and one mask [1, 1, 256, 256] for all,
        which counts when has_mask [1] is 1: points [b, n, 256], mask [1, 256, 64, 64], the image's places likewise."""
        return (
            self._prompts._embed_points(coordinates, labels),
            self._prompts._embed_masks(mask, has_mask),
            self._sam.prompt_encoder.get_dense_pe(),
        )

    def masks(
        self, embedding: torch.Tensor, points: torch.Tensor, mask: torch.Tensor, places: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Masks and predicted IoU for an embedding [1, 256, 64, 64] and what `prompts` made."""
        found: tuple[torch.Tensor, torch.Tensor] = self._sam.mask_decoder.predict_masks(
            image_embeddings=embedding,
            image_pe=places,
            sparse_prompt_embeddings=points,
            dense_prompt_embeddings=mask,
        )
        return found


def export_decoder(sam: Sam) -> bytes:
    """The decoder as ONNX, with the inputs and outputs of install.cut_decoder's."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        file = Path(folder) / "decoder.onnx"
        # The exporter that is to replace this one needs a further package; constants in the trace are meant to be.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            PromptDecoder(sam).eval(),
            _an_example(),
            file,
            dynamo=False,
            opset_version=OPSET,
            input_names=INPUTS,
            output_names=["masks", "iou"],
            dynamic_axes={"point_coords": {1: "points"}, "point_labels": {1: "points"}},
        )
        return file.read_bytes()


def _an_example() -> tuple[torch.Tensor, ...]:
    return (
        torch.zeros(1, *EMBEDDING_SHAPE),
        torch.full((1, 2, 2), SIDE / 2),
        torch.tensor([[1.0, -1.0]]),
        torch.zeros(1, 1, LOGITS_SIDE, LOGITS_SIDE),
        torch.ones(1),
    )
