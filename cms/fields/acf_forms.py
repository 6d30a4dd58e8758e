"""Rows of WordPress as ACF's standard form gives them: same keys, and nothing that a reader would
not get from the address of the thing itself. Texts are those that readers get, not the source."""

from datetime import UTC, datetime
from typing import Any

from cms.content.attachments import MEDIA
from cms.content.responsive import responsive_of
from cms.fields.known import KnownPost, KnownTerm, KnownUser
from cms.media.sizes import SIZES, constrained

_NEVER = "0000-00-00 00:00:00"
# ACF lists the sizes in the order in which WordPress registers them.
_IN_ORDER = ("thumbnail", "medium", "medium_large", "large", "1536x1536", "2048x2048")
_SIZES = tuple(next(one for one in SIZES if one.name == name) for name in _IN_ORDER)


def _wall(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if value is not None else _NEVER


def _utc(value: datetime | None) -> str:
    return _wall(value.astimezone(UTC) if value is not None else None)


def post_row(known: KnownPost, site: str) -> dict[str, Any]:
    """A post with the 24 keys of `WP_Post`. The password is never shown, and the text of a post
    that has one is not either."""
    post, view = known.post, known.view
    is_open = view is not None and not known.is_closed
    return {
        "ID": post.id,
        "post_author": str(view.owner_id if view is not None else post.author_id),
        "post_date": _wall(post.date_local),
        "post_date_gmt": _NEVER if post.is_date_floating else _utc(post.date_gmt),
        "post_content": view.rendering.content if view is not None and is_open else "",
        "post_title": known.title,
        "post_excerpt": view.revision.excerpt if view is not None and is_open else "",
        "post_status": post.status,
        "comment_status": post.comment_status,
        "ping_status": post.ping_status,
        "post_password": "",
        "post_name": post.slug,
        "to_ping": "",
        "pinged": "",
        "post_modified": _wall(post.modified_local),
        "post_modified_gmt": _utc(post.modified_gmt),
        "post_content_filtered": "",
        "post_parent": post.parent_id or 0,
        "guid": f"{site}/?p={post.id}",
        "menu_order": post.menu_order,
        "post_type": post.post_type,
        "post_mime_type": known.record.mime_type if known.record is not None else "",
        "comment_count": "0",
        "filter": "raw",
    }


def term_row(known: KnownTerm) -> dict[str, Any]:
    """A term with the keys of `WP_Term`."""
    term = known.term
    return {
        "term_id": term.id,
        "name": term.name,
        "slug": term.slug,
        "term_group": 0,
        "term_taxonomy_id": term.id,
        "taxonomy": term.taxonomy,
        "description": term.description,
        "parent": term.parent_id or 0,
        "count": known.count,
        "filter": "raw",
    }


def user_array(known: KnownUser) -> dict[str, Any]:
    """Somebody as ACF's user array. Names in full and the address only for who may list people."""
    user, opened = known.user, known.is_open
    return {
        "ID": user.id,
        "user_firstname": user.first_name if opened else "",
        "user_lastname": user.last_name if opened else "",
        "nickname": (user.nickname or user.display_name) if opened else user.display_name,
        "user_nicename": user.nicename,
        "display_name": user.display_name,
        "user_email": user.email if opened else "",
        "user_url": user.url,
        "user_registered": _utc(user.created_at) if opened else "",
        "user_description": user.description,
        # An avatar service would learn who reads what, so there is no picture.
        "user_avatar": "",
    }


def user_row(known: KnownUser) -> dict[str, Any]:
    """Somebody with the keys of `WP_User`, but for what signs her in: no one is shown that."""
    user, opened = known.user, known.is_open
    roles = [*known.roles] if opened else []
    return {
        "data": {
            "ID": str(user.id),
            "user_login": user.login if opened else "",
            "user_nicename": user.nicename,
            "user_email": user.email if opened else "",
            "user_url": user.url,
            "user_registered": _utc(user.created_at) if opened else "",
            "user_status": "0",
            "display_name": user.display_name,
        },
        "ID": user.id,
        "caps": dict.fromkeys(roles, True),
        "cap_key": "wp_capabilities",
        "roles": roles,
        "allcaps": dict.fromkeys(roles, True),
        "filter": None,
    }


def file_url(known: KnownPost, uploads: str) -> str:
    """Where readers get the file that stands for an attachment."""
    record = known.record
    return f"{uploads}/{record.folder}/{record.full['name']}" if record is not None else ""


def file_array(known: KnownPost, site: str, uploads: str) -> dict[str, Any]:
    """An attachment as ACF's array: 21 keys, and for pictures 24."""
    media = known.media
    if media is None:
        raise LookupError("only an attachment that was loaded with its files is shown as one")
    post, record, revision = media.post, media.record, media.view.revision
    main, _, sub = record.mime_type.partition("/")
    shown = {
        "ID": post.id,
        "id": post.id,
        "title": known.title,
        "filename": record.full["name"],
        "filesize": record.full["bytes"],
        "url": file_url(known, uploads),
        "link": f"{site}{known.path}",
        "alt": media.view.part(MEDIA).get("alt_text", ""),
        "author": str(media.view.owner_id),
        "description": media.view.rendering.content,
        "caption": revision.excerpt,
        "name": post.slug,
        "status": post.status,
        "uploaded_to": post.parent_id or 0,
        "date": _wall(post.date_local),
        "modified": _wall(post.modified_local),
        "menu_order": post.menu_order,
        "mime_type": record.mime_type,
        "type": main,
        "subtype": sub,
        # WordPress has a drawing for each kind of file; there are none here.
        "icon": "",
    }
    if not record.is_image:
        return shown
    full = record.full
    sizes = _sizes(known, uploads)
    return {**shown, "width": full["width"], "height": full["height"], "sizes": sizes}


def _sizes(known: KnownPost, uploads: str) -> dict[str, Any]:
    """Each size with its sides; one that was not made is the whole picture, shown that small."""
    record = known.record
    if record is None:
        return {}
    base, full = f"{uploads}/{record.folder}", record.full
    made = {one["size"]: one for one in record.files if not one["variant"]}
    sizes: dict[str, Any] = {}
    for size in _SIZES:
        one = made.get(size.name)
        if one is not None:
            name, width, height = one["name"], one["width"], one["height"]
        else:
            name = full["name"]
            width, height = constrained(full["width"], full["height"], size.width, size.height)
        sizes |= {
            size.name: f"{base}/{name}",
            f"{size.name}-width": width,
            f"{size.name}-height": height,
        }
    return sizes


def file_object(known: KnownPost, site: str, uploads: str) -> dict[str, Any]:
    """An attachment in the typed form; a picture with its sides and renditions."""
    media = known.media
    if media is None:
        raise LookupError("only an attachment that was loaded with its files is shown as one")
    record, full = media.record, media.record.full
    base = f"{uploads}/{record.folder}"
    shown: dict[str, Any] = {
        "id": known.id,
        "type": "attachment",
        "title": known.title,
        "link": f"{site}{known.path}",
        "url": f"{base}/{full['name']}",
        "mime_type": record.mime_type,
        "bytes": full["bytes"],
    }
    if not record.is_image:
        return {**shown, "alt": "", "width": None, "height": None, "renditions": []}
    picture = responsive_of(media, uploads, "full")
    renditions = [
        {
            "size": one["size"],
            "url": f"{base}/{one['name']}",
            "width": one["width"],
            "height": one["height"],
            "mime_type": one["mime_type"],
        }
        for one in record.files
        if one["size"] != "upload"
    ]
    return {
        **shown,
        "alt": picture.alt,
        "width": full["width"],
        "height": full["height"],
        "focal_point": picture.focal_point,
        "srcset": picture.srcset,
        "renditions": renditions,
    }
