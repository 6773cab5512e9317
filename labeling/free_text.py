"""Text that people write to each other, such as comments and guidelines."""

from typing import Any

from rest_framework import serializers

from labeling.names import visible_text


class FreeTextField(serializers.CharField):
    """Text of several lines. Characters that cannot be seen are removed, since nobody knows that they pasted them."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(visible_text(data) if isinstance(data, str) else data)
