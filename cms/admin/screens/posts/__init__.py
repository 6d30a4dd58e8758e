"""Everything that an author does with posts, by what it is about."""

from typing import Any

from cms.admin.screens.posts.autosaving import AUTOSAVE_SCREENS
from cms.admin.screens.posts.bulk import BULK_SCREENS
from cms.admin.screens.posts.editing import EDITING_SCREENS
from cms.admin.screens.posts.listing import LISTING_SCREENS
from cms.admin.screens.posts.locking import LOCK_SCREENS
from cms.admin.screens.posts.new_terms import NEW_TERM_SCREENS
from cms.admin.screens.posts.preview import PREVIEW_SCREENS
from cms.admin.screens.posts.replacing import REPLACING_SCREENS
from cms.admin.screens.posts.revisions import REVISION_SCREENS
from cms.admin.screens.posts.standing import STANDING_SCREENS
from cms.admin.screens.posts.views import VIEW_SCREENS

POST_SCREENS: list[Any] = [
    *LISTING_SCREENS,
    *BULK_SCREENS,
    *VIEW_SCREENS,
    *EDITING_SCREENS,
    *STANDING_SCREENS,
    *AUTOSAVE_SCREENS,
    *LOCK_SCREENS,
    *NEW_TERM_SCREENS,
    *REVISION_SCREENS,
    *PREVIEW_SCREENS,
    *REPLACING_SCREENS,
]
