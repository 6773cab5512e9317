"""The official checkpoints' way, on a small random Sam: installed, encoded by torch, decoded by ONNX."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_reference import Pair, compared, conversation  # type: ignore[import-not-found]
from test_worker import SETTINGS, a_photograph, task_for  # type: ignore[import-not-found]

import inference
from inference.decode import decode, load_decoder
from inference.embed import embed, failure_of
from inference.embeddings import Embedding, unpack
from inference.encode import load_encoder
from inference.install import InstallError, install, main
from inference.models import MODELS, Model, checkpoint_key, decoder_key, installed, manifest_key, pointer_key
from inference.pixels import Picture
from inference.settings import settings
from inference.storage import Store, open_store
from tests.inference import small_sam

if TYPE_CHECKING:
    from segment_anything import SamPredictor

pytestmark = pytest.mark.sam


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "sam.pth"
    small_sam.save_checkpoint(path)
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, checkpoint: Path) -> Model:
    return small_sam.register(monkeypatch, checkpoint)


@pytest.fixture
def own(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


def test_installing_publishes_checkpoint_decoder_manifest_and_a_pointer(
    own: Store, small: Model, checkpoint: Path
) -> None:
    assert installed(own) == []
    assert install("vit_b", own, checkpoint) == small.sha256
    assert own.read(checkpoint_key(small.sha256)) == checkpoint.read_bytes()
    manifest = json.loads(own.read(manifest_key(small.sha256)))
    for name, key in (("checkpoint.pth", checkpoint_key), ("decoder.onnx", decoder_key)):
        assert hashlib.sha256(own.read(key(small.sha256))).hexdigest() == manifest["files"][name]
    assert json.loads(own.read(pointer_key("vit_b")))["sha256"] == small.sha256
    assert installed(own) == [small]


def test_a_folder_with_the_file_will_do(own: Store, small: Model, checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / small.files[0].name).write_bytes(checkpoint.read_bytes())
    assert install("vit_b", own, tmp_path) == small.sha256


def test_the_encoder_gives_what_the_reference_gives(
    own: Store, small: Model, checkpoint: Path, photographs: dict[str, Picture]
) -> None:
    install("vit_b", own, checkpoint)
    encoder = load_encoder(own, "vit_b", 2)
    for picture in photographs.values():
        theirs = predictor_of(checkpoint, picture).get_image_embedding()[0].numpy()
        assert np.abs(encoder.encode(picture.array()) - theirs).max() < 1e-3


def test_prompts_of_every_kind_give_the_masks_and_scores_of_the_reference(
    own: Store, small: Model, checkpoint: Path, photographs: dict[str, Picture]
) -> None:
    install("vit_b", own, checkpoint)
    decoder = load_decoder(own, small.sha256)
    random = np.random.default_rng(3)
    pairs: list[Pair] = []
    areas = []
    for picture in photographs.values():
        predictor = predictor_of(checkpoint, picture)
        embedding = Embedding(predictor.get_image_embedding()[0].numpy(), picture.width, picture.height)
        for each in conversation(random, predictor, embedding):
            found = decode(decoder, embedding, each.prompt)
            pairs += compared(found, each.masks)
            areas += [each.area / (picture.width * picture.height) for each in found]
    ious = [pair.iou for pair in pairs]
    print(f"{len(pairs)} masks: IoU mean {np.mean(ious):.6f}, worst {min(ious):.6f}")
    assert 0.05 < np.median(areas) < 0.95, "masks that are empty or full prove nothing"
    assert np.mean(ious) > 0.999
    assert min(ious) >= 0.99
    assert max(pair.score_error for pair in pairs) < 1e-3


def predictor_of(checkpoint: Path, picture: Picture) -> SamPredictor:
    from segment_anything import SamPredictor, sam_model_registry

    predictor = SamPredictor(sam_model_registry["vit_b"](checkpoint=str(checkpoint)))
    predictor.set_image(picture.array())
    return predictor


def test_an_embed_job_runs_on_torch(own: Store, small: Model, checkpoint: Path) -> None:
    install("vit_b", own, checkpoint)
    task = task_for(own, a_photograph(), "vit_b")
    first, second = embed(task, own, SETTINGS), embed(task, own, SETTINGS)
    assert (first.model_name, first.model_sha256) == ("vit_b", small.sha256)
    assert (first.cached, second.cached) == (False, True)
    assert unpack(own.read(first.key)).width == 64


def test_a_file_with_another_hash_is_refused(own: Store, small: Model, checkpoint: Path, tmp_path: Path) -> None:
    for name, content in (("truncated.pth", checkpoint.read_bytes()[:-1000]), ("other.pth", b"no checkpoint")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InstallError, match=r"is not SAM ViT-B's: its SHA-256 is"):
            install("vit_b", own, tmp_path / name)
    assert installed(own) == []


@pytest.mark.parametrize("damage", ["truncated", "no checkpoint", "another model", "parts missing", "code"])
def test_a_file_that_the_loader_refuses_is_refused(
    own: Store, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    import torch

    path, weights = tmp_path / "odd.pth", torch.load(checkpoint)
    executed = tmp_path / "executed"
    match damage:
        case "truncated":
            path.write_bytes(checkpoint.read_bytes()[:-1000])
        case "no checkpoint":
            path.write_bytes(b"no checkpoint at all")
        case "another model":
            torch.save({"weight": torch.zeros(3)}, path)
        case "parts missing":
            torch.save({name: value for name, value in weights.items() if "iou_token" not in name}, path)
        case "code":
            torch.save(Executes(executed), path)
    small_sam.register(monkeypatch, path)
    with pytest.raises(InstallError, match=r"This is no checkpoint of SAM ViT-B"):
        install("vit_b", own, path)
    assert not executed.exists(), "nothing in a checkpoint is ever run"
    assert installed(own) == []


class Executes:
    """A pickle that makes a file when it is loaded carelessly."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self._path), "w")


def test_a_published_checkpoint_that_went_bad_fails_the_job_with_a_reason(
    own: Store, small: Model, checkpoint: Path
) -> None:
    install("vit_b", own, checkpoint)
    own.write(checkpoint_key(small.sha256), checkpoint.read_bytes()[:-1000])
    with pytest.raises(ValueError, match="no checkpoint") as raised:
        embed(task_for(own, a_photograph(), "vit_b"), own, SETTINGS)
    failure = failure_of(raised.value)
    assert (failure.code, failure.retry) == ("model_damaged", False)


def test_the_command_refuses_a_wrong_file_with_one_sentence_and_exit_code_one(
    own: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.pth").write_bytes(b"wrong")
    monkeypatch.setenv("MASKWRIGHT_STORAGE", own.root)
    settings.cache_clear()
    try:
        codes = [main(["vit_h", "--checkpoint", str(tmp_path / name)]) for name in ("wrong.pth", "none.pth")]
    finally:
        settings.cache_clear()
    wrong, missing = capsys.readouterr().err.splitlines()
    assert codes == [1, 1]
    assert "its SHA-256 is" in wrong
    assert "none.pth cannot be read" in missing


def test_without_a_network_a_sentence_says_what_to_do(own: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    unreachable = replace(MODELS["vit_l"], source="http://127.0.0.1:9/sam_vit_l.pth")
    monkeypatch.setitem(MODELS, "vit_l", unreachable)
    with pytest.raises(InstallError, match=r"could not be downloaded.*--checkpoint"):
        install("vit_l", own)


def test_without_torch_a_sentence_says_what_to_install(own: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "inference.checkpoints", raising=False)
    monkeypatch.delattr(inference, "checkpoints", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(InstallError, match=r"SAM ViT-H needs torch.*\[sam\]"):
        install("vit_h", own)
