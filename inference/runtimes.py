"""Which runtime a worker computes many prompts of one image on."""

from __future__ import annotations

import threading
from functools import cache

from inference.decode import Decoder
from inference.models import Model, NotInstalled, RuntimeMissing, model
from inference.point_decoder import load_point_decoder
from inference.storage import Missing, Store

_loading = threading.Lock()


def load_batch_decoder(store: Store, name: str) -> Decoder:
    """This process's decoder of the model `name` for many prompts at once, loaded once.

    torch where the model runs on torch and there is a GPU: a batch of prompts takes it little longer than one. Else
    ONNX Runtime, which on a CPU needs a fraction of torch's time for a prompt.

    Raises UnknownModel, NotInstalled, DecoderMissing and BadCheckpoint.
    """
    found = model(name)
    with _loading:
        on_gpu = _on_gpu(store, found) if found.runtime == "torch" else None
    return on_gpu or load_point_decoder(store, found.sha256)


@cache
def _on_gpu(store: Store, found: Model) -> Decoder | None:
    try:
        # Only here: torch takes seconds to import, and the workers of other models do not have it.
        from inference import torch_runtime
    except RuntimeMissing:
        return None
    if torch_runtime.device() == "cpu":
        return None
    try:
        return torch_runtime.TorchDecoder(torch_runtime.load_sam(store, found))
    except Missing:
        raise NotInstalled(found.name) from None
