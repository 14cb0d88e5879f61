"""Objects of SDKs as plain dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> dict[str, Any]:
    """Returns a response as a dictionary, whether it is one or a model."""
    if isinstance(value, Mapping):
        return dict(value)
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise TypeError(f"{type(value).__name__} is neither a dictionary nor a model")
    return dict(dump())
