"""segment_anything itself, on the very weights that mobile_sam has: the peer that decoding is compared with.

The decoder's export holds every parameter of segment_anything's PromptEncoder and MaskDecoder, though the export
folded some of them into anonymous constants; here they get their names back and are loaded strictly. The image
encoder is the ONNX file, run in place of a ViT.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from segment_anything.modeling import MaskDecoder, PromptEncoder, Sam, TwoWayTransformer
from torch import nn


class OnnxImageEncoder(nn.Module):
    """encoder.onnx where segment_anything expects its ViT."""

    img_size = 1024

    def __init__(self, weights: bytes) -> None:
        super().__init__()
        options = onnxruntime.SessionOptions()
        # Threads that wait busily would take the cores from torch.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(self._session.run(None, {"input": image.numpy()})[0])


def build_sam(encoder: bytes, decoder: bytes) -> Sam:
    """A Sam out of encoder.onnx and a decoder export."""
    transformer = TwoWayTransformer(depth=2, embedding_dim=256, mlp_dim=2048, num_heads=8)
    sam = Sam(
        image_encoder=OnnxImageEncoder(encoder),
        prompt_encoder=PromptEncoder(256, (64, 64), (1024, 1024), mask_in_chans=16),
        mask_decoder=MaskDecoder(num_multimask_outputs=3, transformer=transformer, transformer_dim=256),
    )
    parameters = _parameters(onnx.load_from_string(decoder).graph)
    for part in ("prompt_encoder", "mask_decoder"):
        own = {name.removeprefix(f"{part}."): value for name, value in parameters.items() if name.startswith(part)}
        getattr(sam, part).load_state_dict(own, strict=True)
    return sam.eval()


def _parameters(graph: Any) -> dict[str, torch.Tensor]:
    constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    named = {name.removeprefix("model."): value for name, value in constants.items() if not name.startswith("onnx::")}
    named |= _linear_weights(graph, constants)
    named |= _folded({name: value for name, value in constants.items() if name.startswith("onnx::")})
    return {name: torch.from_numpy(np.array(value)) for name, value in named.items()}


def _linear_weights(graph: Any, constants: dict[str, Any]) -> dict[str, Any]:
    """A Linear became MatMul with its weight transposed, then Add with its bias, which has kept its name."""
    products = [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in constants]
    weights = {node.output[0]: constants[node.input[1]].T for node in products}
    named = {}
    for node in graph.node:
        product = set(node.input) & weights.keys()
        if node.op_type == "Add" and product:
            (bias,) = set(node.input) - product
            named[bias.removesuffix("bias") + "weight"] = weights[product.pop()]
    return named


def _folded(anonymous: dict[str, Any]) -> dict[str, Any]:
    """What the export folded into constants, told apart by shape: tokens, the empty mask, LayerNorm2d's pairs."""
    by_shape: dict[tuple[str, tuple[int, ...]], Any] = {}
    for name, value in anonymous.items():
        by_shape[name.removeprefix("onnx::").split("_")[0], value.shape] = value
    tokens = by_shape["Expand", (1, 5, 256)][0]
    found = {
        "mask_decoder.iou_token.weight": tokens[:1],
        "mask_decoder.mask_tokens.weight": tokens[1:],
        "prompt_encoder.no_mask_embed.weight": by_shape["Mul", (1, 256, 1, 1)].reshape(1, 256),
    }
    norms = {
        4: "prompt_encoder.mask_downscaling.1",
        16: "prompt_encoder.mask_downscaling.4",
        64: "mask_decoder.output_upscaling.1",
    }
    for channels, norm in norms.items():
        found[f"{norm}.weight"] = by_shape["Mul", (channels, 1, 1)].ravel()
        found[f"{norm}.bias"] = by_shape["Add", (channels, 1, 1)].ravel()
    return found
