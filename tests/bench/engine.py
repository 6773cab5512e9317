"""The engine in one process: what images and clicks cost beside the bare model and segment_anything on its weights."""

import statistics
import sys
from pathlib import Path

import numpy as np

from inference import masks
from inference.contract import Point, Prompt
from inference.decode import Decoder, answer, candidate, decode, load_decoder
from inference.embeddings import Embedding, pack, unpack
from inference.encode import Encoder, load_encoder, preprocess
from inference.install import install
from inference.masks import Rle
from inference.pixels import Picture, inspect
from inference.storage import Store, open_store
from inference.torch_runtime import TorchDecoder
from inference.weights import fetch_weights
from tests.bench.timing import Row, beside, table
from tests.stack import MODELS, ROOT

sys.path.insert(0, str(ROOT / "tests" / "inference"))
PHOTOS = sorted((ROOT / "labeling" / "demo" / "photos").glob("*.jpg"))
PHOTO = next(each for each in PHOTOS if each.stem == "sheep")
POINTS_A_PHOTOGRAPH = 12


def report() -> str:
    store = open_store(str(MODELS))
    picture = inspect(PHOTO.read_bytes())
    size = f"{PHOTO.name}: {picture.width} x {picture.height} pixels"
    return f"{size}\n{table(rows(store, picture))}\n\n{stored(store)}"


def rows(store: Store, picture: Picture) -> list[Row]:
    from reference import build_sam
    from segment_anything import SamPredictor

    weights = install("mobile_sam", store)
    encoder, decoder = load_encoder(store, "mobile_sam", 1), load_decoder(store, weights)
    files = fetch_weights("mobile_sam")
    sam = build_sam(files["encoder.onnx"], files["sam.onnx"])
    predictor, torch_decoder = SamPredictor(sam), TorchDecoder(sam)
    predictor.set_image(picture.array())
    embedding = Embedding(encoder.encode(picture.array()), picture.width, picture.height)
    blob = pack(embedding)
    prompt = Prompt((Point(picture.width / 2, picture.height / 2, 1),))
    point = np.array([[picture.width / 2, picture.height / 2]])
    coordinates, labels = np.array([[512, 380], [0, 0]], np.float32), np.array([1, -1], np.float32)
    frame = preprocess(picture.array())
    return [
        beside(
            "encode an image, its resizing included",
            lambda: encoder.encode(picture.array()),
            "bare session.run of the encoder",
            lambda: encoder.run(frame),
            rounds=5,
        ),
        beside("pack an embedding for the store", lambda: pack(embedding), "unpack it", lambda: unpack(blob)),
        beside(
            "decode a click: three masks, RLE and tokens",
            lambda: decode(decoder, embedding, prompt),
            "bare session.run of the decoder",
            lambda: decoder.run(embedding.values, coordinates, labels, None),
        ),
        beside(
            "the same on torch",
            lambda: decode(torch_decoder, embedding, prompt),
            "bare torch decoder",
            lambda: torch_decoder.run(embedding.values, coordinates, labels, None),
        ),
        beside(
            "decode a click: three masks, RLE and tokens",
            lambda: decode(decoder, embedding, prompt),
            "SamPredictor.predict, masks as arrays",
            lambda: predictor.predict(point, np.array([1])),
        ),
    ]


def stored(store: Store) -> str:
    """How large the demo's embeddings are, and how masks from them agree with those from float32: one point anywhere,
    three readings, whatever is there."""
    decoder, encoder = load_decoder(store, install("mobile_sam", store)), load_encoder(store, "mobile_sam", 1)
    random = np.random.default_rng(4)
    sizes, ious = list[int](), list[float]()
    for path in PHOTOS:
        exact = embedded(path, encoder)
        blob = pack(exact)
        sizes.append(len(blob))
        for _ in range(POINTS_A_PHOTOGRAPH):
            prompt = Prompt((Point(*random.uniform((0, 0), (exact.width, exact.height)), 1),))
            ious += map(masks.iou, readings(decoder, unpack(blob), prompt), readings(decoder, exact, prompt))
    size = f"{statistics.mean(sizes) / 1e6:.3f} MB an embedding, at most {max(sizes) / 1e6:.3f}"
    agreement = f"masks agree with float32 at IoU {statistics.mean(ious):.4f} mean, {min(ious):.3f} worst"
    return f"store, {len(PHOTOS)} photographs: {size}; {len(ious)} {agreement}"


def readings(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> list[Rle]:
    """In the decoder's order: by score the same readings may change places."""
    logits, scores = answer(decoder, embedding, prompt)
    return [candidate(*each, embedding).segmentation for each in zip(logits, map(float, scores), strict=True)]


def embedded(path: Path, encoder: Encoder) -> Embedding:
    picture = inspect(path.read_bytes())
    return Embedding(encoder.encode(picture.array()), picture.width, picture.height)
