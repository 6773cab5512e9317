"""The environment of the demo: plain HTTP on this machine, and a secret key that survives a restart."""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def var() -> Path:
    folder = Path(os.environ.get("MASKWRIGHT_VAR", ROOT / "var"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key() -> Path:
    return var() / "secret-key"


def create_secret_key() -> None:
    """Create the key on the first start."""
    if not secret_key().exists():
        secret_key().touch(mode=0o600)
        secret_key().write_text(secrets.token_urlsafe(50))


def demo_environment() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "labeling.settings",
        "MASKWRIGHT_SECRET_KEY": os.environ.get("MASKWRIGHT_SECRET_KEY") or secret_key().read_text(),
        "MASKWRIGHT_INSECURE": "1",
        "MASKWRIGHT_VAR": str(var().resolve()),
    }
