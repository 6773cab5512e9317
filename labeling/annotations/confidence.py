"""How sure we are of an annotation; pure. What the review queue is ordered by."""


def confidence(predicted_iou: float | None, stability_score: float | None) -> float:
    """The lesser of SAM's predicted IoU (which can exceed 1) and the mask's stability, in [0, 1].

    Without scores nothing is known of the mask: least certain.
    """
    if predicted_iou is None or stability_score is None:
        return 0.0
    return min(clamp(predicted_iou), clamp(stability_score))


def clamp(score: float) -> float:
    return min(1.0, max(0.0, score))
