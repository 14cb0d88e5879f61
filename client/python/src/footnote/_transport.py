"""How a server is reached: the channel, what is tried again, deadlines."""

from __future__ import annotations

import json

# Of one call with its retries, in seconds.
DEFAULT_TIMEOUT = 10.0

# Pages of long texts and many neighbours are larger than gRPC's default.
_MAX_RECEIVE_BYTES = 64 << 20

# CANCELLED is what a server says of calls that come while it shuts down.
# Changes are not tried again: the first attempt may have been done.
_SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [
                {"service": "footnote.v1.SearchService"},
                {"service": "footnote.v1.DocumentService"},
                {"service": "footnote.v1.CollectionService"},
                {"service": "footnote.v1.GroundingService"},
                {"service": "grpc.health.v1.Health"},
            ],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.05s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
            },
        }
    ],
}


def channel_options(server: str) -> list[tuple[str, str | int]]:
    """Returns the options of a channel to `server`."""
    options: list[tuple[str, str | int]] = [
        ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
        ("grpc.max_receive_message_length", _MAX_RECEIVE_BYTES),
        ("grpc.primary_user_agent", "footnote-client-python"),
    ]
    if server.startswith(("127.", "ipv4:127.", "localhost:", "[::1]:")):
        # No proxy can reach this machine itself.
        options.append(("grpc.enable_http_proxy", 0))
    return options
