"""One pure module a format: records in, bytes out. Nothing here knows the database."""
