"""What can be done to keys; by those who keep the installation, on the command line."""

from cms.kernel.actions import Action
from cms.sealing.vocabulary import SealingTag

ACTIONS = (
    Action(
        "key.rotate",
        "encryption_key",
        SealingTag.KEY_ROTATE,
        "manage_options",
        False,
        "Change the key that sensitive values are sealed with",
    ),
)
