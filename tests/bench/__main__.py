"""`make bench`: what clicks and images cost, beside the bare model and beside segment_anything on the same weights."""

import os
import sys
from pathlib import Path

import numpy as np

from inference.contract import Point, Prompt
from inference.decode import decode, load_decoder
from inference.embeddings import Embedding, pack, unpack
from inference.encode import load_encoder, preprocess
from inference.install import install
from inference.pixels import Picture, inspect
from inference.storage import open_store
from inference.weights import fetch_weights
from tests.bench import clicks, edits, encode, http, proposals, regions
from tests.bench.timing import Row, beside, table
from tests.stack import MODELS, ROOT

sys.path.insert(0, str(ROOT / "tests" / "inference"))
PHOTO = ROOT / "labeling" / "demo" / "photos" / "sheep.jpg"


def main() -> None:
    picture = inspect(PHOTO.read_bytes())
    print(f"{PHOTO.name}: {picture.width} x {picture.height} pixels; {os.cpu_count()} cores\n")
    print(table(engine(picture)))
    print(f"\n{http.report()}")
    print(f"\n{encode.report()}")
    data = os.environ.get("BENCH_DATA")
    print(f"\n{regions.report(Path(data) if data else None)}")
    if not data:
        print("\nNo BENCH_DATA was given: nothing was measured on the larger sets.")
        return
    for each in (clicks, edits, proposals):
        print(f"\n{each.report(Path(data))}")


def engine(picture: Picture) -> list[Row]:
    """The engine in this process."""
    from reference import build_sam
    from segment_anything import SamPredictor

    store = open_store(str(MODELS))
    weights = install("mobile_sam", store)
    encoder, decoder = load_encoder(store, "mobile_sam", 1), load_decoder(store, weights)
    files = fetch_weights("mobile_sam")
    predictor = SamPredictor(build_sam(files["encoder.onnx"], files["sam.onnx"]))
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
            lambda: encoder._session.run(None, {"input": frame}),  # type: ignore[attr-defined]
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
            "decode a click: three masks, RLE and tokens",
            lambda: decode(decoder, embedding, prompt),
            "SamPredictor.predict, masks as arrays",
            lambda: predictor.predict(point, np.array([1])),
        ),
    ]


if __name__ == "__main__":
    main()
