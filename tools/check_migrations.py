"""Migrations agree with the tables: an upgraded database shows no difference, and every migration can be taken back."""

import sys
import tempfile
from pathlib import Path

from mutualflow.storage import migrating
from mutualflow.storage.database import open_engine, reading


def main() -> int:
    """0 when they agree."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'check.db'}")
        migrating.upgrade(engine)
        with reading(engine) as connection:
            found = migrating.differences(connection)
        migrating.downgrade(engine, "base")
        migrating.upgrade(engine)
        engine.dispose()
    for one in found:
        print(one)
    print("migrations agree with the tables" if not found else "migrations differ from the tables")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
