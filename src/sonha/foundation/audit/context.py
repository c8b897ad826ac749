"""Context of row changes that come from no request: commands and jobs. A change without any context counts as made behind the back."""

from typing import Any

import pghistory


def application_context(**metadata: Any) -> pghistory.context:
    """`with application_context(command="migrate"):` around work of the application itself; nests within a request's context."""
    return pghistory.context(**metadata)
