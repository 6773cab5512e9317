"""The whole way of a click, through the real processes."""

from pathlib import Path

from tests.processes.client import Client
from tests.processes.waiting import ended, until


def test_a_click_is_answered_by_the_weights_that_the_worker_used(client: Client, photographs: list[Path]) -> None:
    project = client.post("/projects", {"name": "Clicked"})["id"]
    (result,) = client.upload(project, next(path for path in photographs if path.stem == "sheep"))
    image = result["image"]
    until(lambda: ended(client, project, 1))

    prompt = {"points": [{"x": image["width"] / 2, "y": image["height"] / 2, "label": 1}]}
    prediction = client.post(f"/images/{image['id']}/predict", prompt)

    candidates = prediction["candidates"]
    likelihood = [each["score"] + each["stability_score"] for each in candidates]
    assert len(candidates) == 3
    assert likelihood == sorted(likelihood, reverse=True)
    assert all(0 <= each["score"] <= 1 for each in candidates)
    assert candidates[0]["score"] > 0.9, "the sheep fills the middle of its photograph"
    assert prediction["model"].startswith("mobile_sam@")
