"""A decoder's parameters by segment_anything's names, out of its export to ONNX, which hides some of the names."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

Floats = npt.NDArray[np.float32]
Found = dict[str, Floats]

PARTS = ("prompt_encoder.", "mask_decoder.")
# The export works these out beforehand; they are told by what they are fed to and by their shape. TOKENS are the IoU
# token's and the mask tokens' weights, one below the other.
TOKENS = "mask_decoder.tokens"
NO_MASK = "prompt_encoder.no_mask_embed.weight"
FOLDED = {
    ("Expand", (1, 5, 256)): TOKENS,
    ("Mul", (1, 256, 1, 1)): NO_MASK,
    ("Mul", (64, 1, 1)): "mask_decoder.output_upscaling.1.weight",
    ("Add", (64, 1, 1)): "mask_decoder.output_upscaling.1.bias",
}


def parameters(decoder: bytes) -> Found:
    """The parameters, but for those of mask prompts. Those that the export holds under no known name are missing."""
    graph = onnx.load_from_string(decoder).graph
    constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    kept = {_name(name): value for name, value in constants.items() if _name(name)}
    return kept | _linear(graph, constants) | _folded(graph, constants)


def _name(name: str) -> str:
    """The name as segment_anything has it; empty for what has none."""
    return next((name[name.index(part) :] for part in PARTS if part in name), "")


def _linear(graph: Any, constants: Found) -> Found:
    """The weights of linear layers: transposed, and named by the bias that is added to what they give."""
    weights = {
        node.output[0]: constants[node.input[1]].T
        for node in graph.node
        if node.op_type == "MatMul" and node.input[1] in constants
    }
    sums = [node.input for node in graph.node if node.op_type == "Add"]
    return {
        _name(bias).removesuffix("bias") + "weight": weights[product]
        for a, b in sums
        for product, bias in ((a, b), (b, a))
        if product in weights
    }


def _folded(graph: Any, constants: Found) -> Found:
    return {
        FOLDED[node.op_type, constants[name].shape]: constants[name].squeeze()
        for node in graph.node
        for name in node.input
        if name in constants and (node.op_type, constants[name].shape) in FOLDED
    }
