"""What can be wrong with a file from another system."""

from cms.errors import CmsError


class WxrFault(CmsError):
    """The file cannot be read further as a WordPress export; what was read before it stands."""

    status, slug = 400, "wxr-fault"


class PhpFault(ValueError):
    """A serialised PHP value that is broken, too large, or holds what is never read."""


class NoFile(Exception):
    """The bytes of an attachment are not to be had; the message says why."""
