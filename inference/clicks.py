"""The answer to a click: candidates by score, as segment_anything's SamPredictor gives them.

A click on a stored mask is answered differently (mask_edits.py): it changes the mask where it is, and the rest stays to
the pixel. Fed to the decoder as logits the mask would be lost: it has no more than 256 × 256 of them and redraws them
all.
"""

from __future__ import annotations

from inference.contract import Prompt, Ranking
from inference.decode import Decoder, decode
from inference.embeddings import Embedding
from inference.mask_edits import edit


def predict(decoder: Decoder, embedding: Embedding, prompt: Prompt) -> Ranking:
    """The masks that the prompt may mean. Clicks on a stored mask (prompt.mask and points, no box, no logits) edit it.

    Raises InvalidPrompt when the prompt makes no sense for the image."""
    if prompt.mask is not None and edits(prompt):
        return edit(decoder, embedding, prompt, prompt.mask)
    return Ranking(decode(decoder, embedding, prompt))


def edits(prompt: Prompt) -> bool:
    """Whether the prompt changes a stored mask, instead of drawing another one from it."""
    return prompt.mask is not None and prompt.logits is None and bool(prompt.points) and prompt.box is None
