"""What the operator of an installation says about where it may reach out."""

from ipaddress import ip_network

import msgspec


class OutwardSettings(msgspec.Struct, frozen=True):
    """`webhook_networks`: private networks that webhooks may reach, such as `127.0.0.0/8`; only in
    them plain http is allowed too. `webhook_seconds`: time for one attempt.
    `webhook_days_of_failure`: after so many days without one success a webhook is disabled.
    `webhook_log_days`: how long the log of deliveries is kept.
    """

    webhook_networks: tuple[str, ...] = ()
    webhook_seconds: float = 10.0
    webhook_days_of_failure: int = 5
    webhook_log_days: int = 30

    def __post_init__(self) -> None:
        for network in self.webhook_networks:
            ip_network(network)
