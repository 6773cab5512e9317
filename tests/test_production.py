"""docs/production.md says what there is."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = [ROOT / "labeling" / "settings.py", ROOT / "inference" / "settings.py"]


def test_every_variable_is_in_the_table_and_nothing_else() -> None:
    text = "\n".join(path.read_text() for path in SETTINGS)
    read = set(re.findall(r'"(MASKWRIGHT_[A-Z_]+|DATABASE_URL)"', text))
    section = (ROOT / "docs" / "production.md").read_text().split("## Every variable")[1].split("\n## ")[0]
    table = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert sorted(table) == sorted(read | _of_compose())


def _of_compose() -> set[str]:
    """What docker-compose.yml takes from .env: named in braces, or passed on without a value."""
    text = (ROOT / "docker-compose.yml").read_text()
    environments = [service["environment"] for service in yaml.safe_load(text)["services"].values()]
    passed_on = {name for each in environments for name, value in each.items() if value is None}
    return passed_on | set(re.findall(r"\$\{(\w+)", text))
