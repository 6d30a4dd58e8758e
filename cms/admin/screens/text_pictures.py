"""A picture that is brought in while a text is written: described at once, and answered as JSON to
the script that puts it into the text."""

from typing import Any

from litestar import Response
from litestar.datastructures import UploadFile

from cms.admin.media import Shown, shown_of
from cms.admin.page import Page, to_script
from cms.admin.routing import form
from cms.admin.screens.media import LARGEST_FORM, per_cent, taken_in
from cms.admin.screens.posts.bulk import tell_refusal
from cms.admin.translating import N_
from cms.content import attachments
from cms.content.attachments import Details
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput

_NO_FILE = N_("choose a picture")
_NO_WORDS = N_("say what the picture shows, or that it is decoration")
_NO_PICTURE = N_("is no picture; other files are added in the media library")


@form(
    "/admin/media/for-text",
    action="media.upload",
    resource="media",
    request_max_body_size=LARGEST_FORM,
)
async def upload_for_text(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Take one picture with what it shows and what of it must stay in view. A refusal is told by
    field, so that nothing has to be chosen or typed again."""
    attachments.require_upload(work)
    faults: dict[str, str] = {}
    focus = {axis: page.form.read(f"focus_{axis}", per_cent, faults) for axis in ("x", "y")}
    file = _file(page, faults)
    alt = page.form.text("alt_text")
    if not alt and not page.form.has("decorative"):
        faults["alt_text"] = _NO_WORDS
    if faults or file is None:
        return _refused(page, faults)
    details = Details({"excerpt": page.form.text("caption")}, {}, alt_text=alt, focal_point=focus)
    point = (focus["x"] or 0, focus["y"] or 0)
    try:
        media_id = await taken_in(work, page, file, details, point)
    except InvalidInput as refused:
        return _refused(page, {"file": " ".join(refused.faults.values())})
    except CmsError as refusal:
        await tell_refusal(work, refusal)
        return _refused(page, {"file": refusal.message})
    [shown] = await shown_of(work, page.request, [media_id])
    return to_script(_picture(shown, alt, focus), 201)


def _file(page: Page, faults: dict[str, str]) -> UploadFile | None:
    files = page.form.files("file")
    if not files:
        faults["file"] = _NO_FILE
        return None
    # What the sender says is for an early word only; the upload looks at the bytes.
    if not files[0].content_type.startswith("image/"):
        faults["file"] = _NO_PICTURE
    return files[0]


def _picture(shown: Shown, alt: str, focus: Any) -> dict[str, Any]:
    return {
        "id": shown.id,
        "url": shown.sized("large"),
        "alt": alt,
        "focus": None if focus == {"x": 50, "y": 50} else focus,
    }


def _refused(page: Page, faults: dict[str, str]) -> Response[bytes]:
    return to_script({"faults": {name: page.words.told(one) for name, one in faults.items()}}, 422)


TEXT_PICTURE_SCREENS: list[Any] = [upload_for_text]
