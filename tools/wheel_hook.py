"""Builds the style and script of the pages into a wheel, so that installing it needs no Node."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before the files of a wheel are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is out of date; a failure stops the wheel."""
        subprocess.run([sys.executable, Path(self.root) / "tools" / "build_assets.py"], check=True)
