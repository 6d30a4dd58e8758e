"""When this room runs."""

from typing import cast

from cms.content.events import Transition
from cms.kernel.hooks import Hooks, Observer
from plugins.medical_review.signing.certificates import certify_soon


def connect(hooks: Hooks) -> None:
    """Each hook of the room."""
    hooks.observe(Transition, cast("Observer[Transition]", certify_soon))
