"""What the host itself hangs on its events and values."""

from cms.content import attachments, default_terms, indexing, rerendering, sealed, sealed_meta
from cms.kernel.hooks import Hooks


def connect(hooks: Hooks) -> None:
    attachments.connect(hooks)
    default_terms.connect(hooks)
    indexing.connect(hooks)
    rerendering.connect(hooks)
    sealed.connect(hooks)
    sealed_meta.connect(hooks)
