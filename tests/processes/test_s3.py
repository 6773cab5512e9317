"""An installation with files in a bucket: all of the work, and the parts that go on while the bucket is away."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests import s3
from tests.processes.client import Client
from tests.processes.conftest import Fresh
from tests.processes.waiting import ended, until
from tests.s3 import Line
from tests.stack import Stack, running

pytestmark = pytest.mark.one_engine

# Requests for files at once, more than there are turns.
CROWD = 24
# Time for requests that need no file, even on a busy machine. One try of the storage takes a second, both take two.
IN_TIME_S = 1.5


@pytest.fixture(scope="module")
def line(s3_server: str) -> Line:
    return Line(s3_server)


@pytest.fixture(scope="module")
def on_bucket(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    bucket = {
        **s3.CREDENTIALS,
        "AWS_ENDPOINT_URL": line.url,
        "MASKWRIGHT_STORAGE": f"s3://{s3.BUCKET}/{uuid4()}",
        "MASKWRIGHT_STORAGE_CONNECT_SECONDS": "1",
        "MASKWRIGHT_STORAGE_READ_SECONDS": "1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bucket.items():
            patch.setenv(name, value)
        with running(tmp_path_factory.mktemp("bucket"), bucket=bucket) as stack:
            until(lambda: Client(stack.url, "").get("/health/ready"), 60)
            yield stack


@pytest.fixture(scope="module")
def mara(on_bucket: Stack) -> Client:
    on_bucket.environment["DJANGO_SUPERUSER_PASSWORD"] = "made-by-the-operator"
    on_bucket.manage("createsuperuser", "--noinput", "--email", "mara@example.org", "--name", "Mara")
    return Client(on_bucket.url, on_bucket.manage("token", "mara@example.org").strip())


@pytest.fixture(scope="module")
def image(mara: Client, photographs: list[Path]) -> dict[str, Any]:
    """An image that is embedded."""
    project = mara.post("/projects", {"name": "In a bucket", "classes": [{"name": "sheep"}]})["id"]
    (result,) = mara.upload(project, next(path for path in photographs if path.stem == "sheep"))
    until(lambda: ended(mara, project, 1))
    return dict(result["image"])


@pytest.fixture(autouse=True)
def present_again(line: Line) -> Iterator[None]:
    yield
    line.become("present")


def test_from_an_upload_to_an_export(on_bucket: Stack, mara: Client, image: dict[str, Any]) -> None:
    prompt = {"points": [{"x": image["width"] / 2, "y": image["height"] / 2, "label": 1}]}
    candidates = mara.post(f"/images/{image['id']}/predict", prompt)["candidates"]
    (sheep,) = mara.get(f"/projects/{image['project']}/classes")
    mask = {"class_id": sheep["id"], "kind": "mask", "source": "sam", "segmentation": candidates[0]["segmentation"]}
    mara.post(f"/images/{image['id']}/changes", {"create": [{"id": str(uuid4()), **mask}]})
    export = mara.post(f"/projects/{image['project']}/exports", {"include": "all"})
    done = until(lambda: (found := mara.get(f"/exports/{export['id']}"))["state"] == "ready" and found)
    written = mara.get(done["file_url"].removeprefix("/api/v1"))
    assert len(written["annotations"]) == 1


@pytest.mark.parametrize("state", ["hanging", "absent"])
def test_without_the_bucket_people_save_and_files_are_refused(
    state: str, line: Line, on_bucket: Stack, mara: Client, image: dict[str, Any], fresh: Fresh
) -> None:
    (sheep,) = mara.get(f"/projects/{image['project']}/classes")
    tag = {"id": str(uuid4()), "class_id": sheep["id"], "kind": "tag", "source": "tag"}
    line.become(state)
    with ThreadPoolExecutor(CROWD) as crowd:
        asked = [crowd.submit(code_of, lambda: mara.get(f"/images/{image['id']}/file")) for _ in range(CROWD)]
        time.sleep(0.2)
        in_time(lambda: mara.get("/me"))
        in_time(lambda: mara.get("/health/live"))
        in_time(lambda: mara.post(f"/images/{image['id']}/changes", {"create": [tag]}))
        (result,) = mara.upload(image["project"], *fresh(1))
        assert (result["outcome"], result["code"]) == ("refused", "storage_unavailable")
        assert {each.result() for each in asked} == {503}
    with pytest.raises(urllib.error.HTTPError) as ready:
        mara.get("/health/ready")
    assert b'"storage": "unavailable"' in ready.value.read()
    line.become("present")
    assert until(lambda: mara.get("/health/ready"))["storage"] == "ok"
    assert mara.upload(image["project"], *fresh(1))[0]["outcome"] == "created"


def in_time(ask: Callable[[], object]) -> None:
    began = time.monotonic()
    ask()
    assert time.monotonic() - began < IN_TIME_S


def code_of(ask: Callable[[], object]) -> int:
    try:
        ask()
    except urllib.error.HTTPError as error:
        return error.code
    return 200
