"""An annotation to begin with."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.images.models import Image
from labeling.projects.models import LabelClass
from tests.labeling.annotations.asking import create
from tests.labeling.making import (
    mask_body,
)  # fmt: skip


@pytest.fixture
def made(as_annotator: APIClient, image: Image, cat: LabelClass) -> dict[str, Any]:
    """A mask of the annotator's, as the API answered."""
    body: dict[str, Any] = create(as_annotator, image, mask_body(cat)).json()
    return body
