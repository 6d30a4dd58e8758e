"""What can be wrong with policies. Raised where they are compiled, never where one is asked."""

from cms.errors import SetupError


class PolicyRefused(SetupError):
    """A policy, or the schema it speaks of, cannot be compiled; no part of its set is used."""

    slug = "policy-refused"

    def __init__(self, policy: str, problem: str) -> None:
        super().__init__(f"policy {policy!r} is refused: {problem}", policy=policy)
        self.policy = policy


class NotLoaded(Exception):
    """There is no policy set to decide with; `reason` is what the denial says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
