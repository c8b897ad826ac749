"""Every connection that the application opens says so to the row history. A change without any context was made behind its back.

Requests and jobs replace this plain context by their own (`middleware`, jobs.declarations), for their transactions only.
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any


def name_connection(connection: Any, **_: Any) -> None:
    """Handler of `connection_created`: a context of its own for each connection, naming the process, e.g. {"process": "manage migrate"}."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, false), set_config('pghistory.context_metadata', %s, false)",
            [str(uuid.uuid4()), json.dumps({"process": process_name()})],
        )


def process_name() -> str:
    """Program and command, without their arguments: those may hold personal data."""
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    return f"{program} {command}".strip()[:100] if command.replace("_", "").isalpha() else program
