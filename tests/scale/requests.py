"""Every GET of the API as the frontend sends it: with its usual filters, in its usual order, and at its deepest page.

A route that labeling.urls gains needs a line here: test_sample.py compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from labeling.projects.roles import Role
from tests.scale.scene import Scene

Query = Callable[[Scene], dict[str, Any]]
MANAGER, REVIEWER, ANNOTATOR = Role.MANAGER, Role.REVIEWER, Role.ANNOTATOR
PROJECT, IMAGE, ANNOTATION = "projects/<uuid:project>", "images/<uuid:image>", "annotations/<uuid:annotation>"
EVENTS = f"{PROJECT}/events"


@dataclass(frozen=True)
class Request:
    """A GET by somebody of this role. `about` tells apart several of one route; `on` names the scene's image or
    annotation that it is about."""

    route: str
    about: str = ""
    query: Query = lambda scene: {}
    by: Role = MANAGER
    on: str = "image"

    @property
    def name(self) -> str:
        short = self.route.replace("<uuid:", "{").replace("<int:", "{").replace(">", "}")
        return f"{short} · {self.about}" if self.about else short


def _days(count: int) -> Query:
    today = timezone.now().date()
    return lambda scene: {"since": str(today - timedelta(days=count)), "until": str(today)}


def _images(about: str, query: Query) -> Request:
    return Request(f"{PROJECT}/images", about, query)


def _queue(about: str, query: Query) -> Request:
    return Request(f"{PROJECT}/review-queue", about, query, REVIEWER)


REQUESTS = (
    Request("me"),
    Request("me/assignments", by=ANNOTATOR),
    Request("me/comments", by=ANNOTATOR),
    Request("tokens"),
    Request("progress"),
    Request("projects"),
    Request(PROJECT),
    Request(f"{PROJECT}/classes"),
    Request(f"{PROJECT}/members"),
    Request("members/<uuid:member>/work"),
    Request(f"{PROJECT}/progress"),
    Request(EVENTS, "the latest hundred", lambda scene: {"after": "latest"}),
    Request(EVENTS, "from the beginning", lambda scene: {"after": 0}),
    Request(f"{PROJECT}/images"),
    _images("deepest page", lambda scene: {"cursor": scene.cursors["images"]}),
    _images("frequent word", lambda scene: {"q": "street"}),
    _images("rare word", lambda scene: {"q": "zebra"}),
    _images("number", lambda scene: {"q": scene.last.name.split("-")[1][:6]}),
    _images("part of a number", lambda scene: {"q": scene.last.name.split("-")[1][2:6]}),
    _images("nothing found", lambda scene: {"q": "xylophone"}),
    *(
        _images(f"state {state}", lambda scene, state=state: {"state": state})
        for state in ("unassigned", "open", "submitted", "returned", "skipped", "done")
    ),
    _images("state done, rare word", lambda scene: {"state": "done", "q": "zebra"}),
    _images("state done, deepest page", lambda scene: {"state": "done", "cursor": scene.cursors["images"]}),
    _images("annotator", lambda scene: {"annotator": scene.people[ANNOTATOR].id}),
    _images("annotator, open", lambda scene: {"annotator": scene.people[ANNOTATOR].id, "state": "open"}),
    Request(f"{PROJECT}/assignments"),
    Request(f"{PROJECT}/assignments", "deepest page", lambda scene: {"cursor": scene.cursors["images"]}),
    _queue("", lambda scene: {}),
    _queue("deepest page", lambda scene: {"cursor": scene.cursors["queue"]}),
    _queue("frequent class", lambda scene: {"class_id": scene.frequent_class.id}),
    _queue("rare class", lambda scene: {"class_id": scene.rare_class.id}),
    _queue("annotator", lambda scene: {"annotator": scene.people[ANNOTATOR].id}),
    _queue("origin", lambda scene: {"source": "import"}),
    _queue("size", lambda scene: {"size": "large"}),
    _queue("image", lambda scene: {"image": scene.middle.id}),
    _queue("confidence", lambda scene: {"confidence_min": 0.4, "confidence_max": 0.6}),
    _queue("confidence unknown", lambda scene: {"confidence_unknown": "true"}),
    _queue("with a comment", lambda scene: {"commented": "true"}),
    _queue("class and origin", lambda scene: {"class_id": scene.rare_class.id, "source": "import"}),
    _queue("frequent word", lambda scene: {"q": "street"}),
    _queue("rare word", lambda scene: {"q": "zebra"}),
    _queue("word of comments", lambda scene: {"q": "left ear"}),
    _queue("word of a class", lambda scene: {"q": "okapi"}),
    _queue("nothing found", lambda scene: {"q": "xylophone"}),
    *(
        _queue(verdict, lambda scene, verdict=verdict: {"verdict": verdict})
        for verdict in ("accepted", "fixed", "rejected", "policy")
    ),
    _queue("accepted, rare class", lambda scene: {"verdict": "accepted", "class_id": scene.rare_class.id}),
    _queue("rejected, rare class", lambda scene: {"verdict": "rejected", "class_id": scene.rare_class.id}),
    _queue("accepted, annotator", lambda scene: {"verdict": "accepted", "annotator": scene.people[ANNOTATOR].id}),
    _queue("accepted, origin", lambda scene: {"verdict": "accepted", "source": "import"}),
    _queue("accepted, image", lambda scene: {"verdict": "accepted", "image": scene.middle.id}),
    _queue("accepted, rare word", lambda scene: {"verdict": "accepted", "q": "zebra"}),
    _queue("fixed, with a comment", lambda scene: {"verdict": "fixed", "commented": "true"}),
    _queue("not assessed yet", lambda scene: {"confidence_unknown": "true"}),
    _queue("reworked", lambda scene: {"resubmission": "reworked"}),
    Request(f"{PROJECT}/review-queue/images", by=REVIEWER),
    Request(f"{PROJECT}/quality", "twelve weeks"),
    Request(f"{PROJECT}/quality", "a month", _days(30)),
    Request(f"{PROJECT}/quality", "ten years", _days(3650)),
    Request(f"{PROJECT}/quality", "a reviewer's own", by=REVIEWER),
    Request(f"{PROJECT}/quality.csv", "twelve weeks"),
    Request(f"{PROJECT}/quality.csv", "a month", _days(30)),
    Request(f"{PROJECT}/calibration"),
    Request(f"{PROJECT}/exports"),
    Request(f"{PROJECT}/exports", "deepest page", lambda scene: {"cursor": scene.cursors["exports"]}),
    Request(f"{PROJECT}/active-times"),
    Request(f"{PROJECT}/active-times", "deepest page", lambda scene: {"cursor": scene.cursors["active_times"]}),
    Request(IMAGE),
    Request(f"{IMAGE}/file"),
    Request(f"{IMAGE}/original"),
    Request(f"{IMAGE}/thumbnail"),
    Request(f"{IMAGE}/crop", query=lambda scene: {"box": "100,100,300,200", "size": 320}),
    Request(f"{IMAGE}/tiles", on="panorama"),
    Request(f"{IMAGE}/tiles/<int:level>/<int:x>/<int:y>", on="panorama"),
    Request(f"{IMAGE}/neighbours", "of an early image"),
    Request(f"{IMAGE}/neighbours", "in the middle", on="middle"),
    Request(f"{IMAGE}/neighbours", "of the last", on="last"),
    Request(f"{IMAGE}/neighbours", "unassigned, in the middle", lambda scene: {"state": "unassigned"}, on="middle"),
    Request(f"{IMAGE}/neighbours", "state done", lambda scene: {"state": "done"}, on="middle"),
    Request(f"{IMAGE}/neighbours", "rare word", lambda scene: {"q": "zebra"}, on="middle"),
    Request(f"{IMAGE}/neighbours", "in my work", lambda scene: {"assignment": "mine"}, ANNOTATOR, on="mine"),
    Request(f"{IMAGE}/proposals"),
    Request(f"{IMAGE}/annotations"),
    Request(f"{IMAGE}/annotations", "a thousand", on="crowded"),
    Request(f"{IMAGE}/deleted", on="crowded"),
    Request(f"{IMAGE}/comments", query=lambda scene: {"limit": 500}, on="crowded"),
    Request(ANNOTATION),
    Request(f"{ANNOTATION}/history"),
    Request(f"{ANNOTATION}/history", "sixty edits", on="edited"),
    Request(f"{ANNOTATION}/sent-back", on="edited"),
    Request("assignments/<uuid:assignment>"),
    Request("exports/<uuid:export>"),
    Request("exports/<uuid:export>/file"),
    Request("models"),
    Request("about"),
    Request("health/live"),
    Request("health/ready"),
    Request("schema"),
    Request("metrics"),
)
