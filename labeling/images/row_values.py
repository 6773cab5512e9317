"""Several columns compared as one, as in `(created_at, id) > (…, …)`: an index then finds a place in their order."""

from django.db.models import BooleanField, Func


class RowValue(Func):
    """(a, b), to be compared with another of as many values."""

    function = ""
    output_field = BooleanField()
