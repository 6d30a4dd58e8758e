"""What can be done to keys; by those who keep the installation, on the command line."""

from cms.kernel.actions import Action

ACTIONS = (
    Action(
        "key.rotate",
        "encryption_key",
        "sealing:key:rotate",
        "manage_options",
        False,
        "Change the key that sensitive values are sealed with",
    ),
)
