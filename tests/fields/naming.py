"""A site whose posts name all kinds of things, some of which not everybody may read."""

from dataclasses import dataclass, field
from typing import Any

from cms.content import posts, saving
from cms.content.saving import Changes
from cms.errors import InvalidInput
from cms.fields.values import parts_of
from tests.fields.test_posts_with_fields import keep
from tests.support.clinic import Clinic, Person
from tests.support.pictures import photo

V2 = "/wp-json/wp/v2"
TYPES = ("post_object", "relationship", "page_link", "taxonomy", "user", "image", "file", "gallery")


def group_of(*fields: dict[str, Any], key: str = "group_names", on: str = "post") -> dict[str, Any]:
    """A group that is shown in REST. Each field is named and keyed by its `name`."""
    return {
        "key": key,
        "title": key,
        "show_in_rest": 1,
        "location": [[{"param": "post_type", "operator": "==", "value": on}]],
        "fields": [
            {"key": f"field_{one['name']}", "label": one["name"].title(), **one} for one in fields
        ],
    }


@dataclass
class Site:
    """Everything by a name: ids of posts, pictures, terms and people."""

    cms: Clinic
    editor: Person
    ids: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def made(cls, cms: Clinic) -> "Site":
        site = cls(cms, await cms.person("ana.editora", roles=("editor",)))
        author = await cms.person("bia.autora", roles=("author",))
        silent = await cms.person("caio.calado", roles=("subscriber",))
        site.ids |= {"editor": site.editor.id, "author": author.id, "silent": silent.id}
        for name, fields in {
            "public": {"status": "publish", "excerpt": "Resumo"},
            "other": {"status": "publish"},
            "protected": {"status": "publish", "password": "segredo", "excerpt": "Oculto"},
            "private": {"status": "private"},
            "draft": {},
        }.items():
            texts = {"title": f"O {name}", "content": f"<p>Texto de {name}.</p>"}
            site.ids[name] = (await cms.draft(site.editor, **texts, **fields))["id"]
        # So that she is known to everybody, by something she has published.
        await cms.draft(author, status="publish")
        site.ids["binned"] = (await cms.draft(site.editor, status="publish"))["id"]
        await site.editor.delete(f"{V2}/posts/{site.ids['binned']}")
        term = await site.editor.post(f"{V2}/categories", {"name": "Dor"})
        site.ids["term"] = term.json()["id"]
        site.ids["picture"] = await site.picture("torax.jpg", alt_text="Tórax")
        site.ids["hidden_picture"] = await site.picture("interno.jpg", post=site.ids["private"])
        return site

    async def picture(self, name: str, size: tuple[int, int] = (640, 400), **fields: Any) -> int:
        response = await self.cms.http.post(
            f"{V2}/media",
            files={"file": (name, photo(*size))},
            data=fields,
            headers=self.editor.bearer,
        )
        assert response.status_code == 201, response.text
        return int(response.json()["id"])

    async def keep(self, *fields: dict[str, Any]) -> None:
        await keep(self.cms, group_of(*fields))
        self.cms.tenant = await self.cms.host.tenants.by_slug(self.cms.tenant.slug)

    async def post(self, by: Person | None = None, **acf: Any) -> dict[str, Any]:
        """A published post with these values."""
        return await self.cms.draft(by or self.editor, status="publish", acf=acf)

    async def shown(
        self, post_id: int, by: Person | None = None, query: str = "acf_format=standard"
    ) -> dict[str, Any]:
        """What somebody, or everybody, gets as `acf`."""
        body: dict[str, Any] = (await self.read(post_id, by, query))["acf"]
        return body

    async def read(self, post_id: int, by: Person | None = None, query: str = "") -> dict[str, Any]:
        path = f"{V2}/posts/{post_id}?{query}"
        response = await (by.get(path) if by is not None else self.cms.http.get(path))
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    async def refused(
        self, by: Person | None = None, *, post_id: int | None = None, **acf: Any
    ) -> dict[str, str]:
        """The faults by their paths, when somebody tries to save these values; nothing is saved."""
        try:
            async with (by or self.editor).work() as work:
                changes = Changes(versioned={"title": "Dor"}, parts=parts_of(acf))
                if post_id is None:
                    await saving.create(work, work.registry.post_types["post"], changes)
                else:
                    await saving.edit(work, await posts.lock(work, post_id), changes)
        except InvalidInput as refusal:
            return {path.removeprefix("acf."): told for path, told in refusal.faults.items()}
        raise AssertionError("the values were taken")
