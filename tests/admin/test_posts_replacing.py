"""Find and replace over many texts."""

from hypothesis import given
from hypothesis import strategies as st

from cms.content.replacing import Replacement
from tests.admin.conftest import Visiting
from tests.admin.test_posts_edit import stored
from tests.support.clinic import Clinic


async def test_a_phrase_is_replaced_where_it_was_shown(cms: Clinic, visitor: Visiting) -> None:
    eva, page = await cms.person("eva", ["editor"]), await visitor("eva", ["editor"])
    body = '<p class="dipirona">Tome dipirona com água. Dipirona não.</p>'
    made = await cms.draft(eva, title="dipirona", content=body)
    other = await cms.draft(eva, title="Outro", content="<p>dipirona</p>")
    await cms.draft(eva, title="Nada", content="<p>Sem isso.</p>")
    seen = await page.get("/admin/posts/replace?type=post&find=dipirona&by=metamizol")
    rows = [one.text(strip=True) for one in seen.tree.css("tbody th")]
    assert sorted(rows) == ["Outro", "dipirona"]
    sent = seen.fields("/admin/posts/replace")
    # One of them is changed by somebody else before the button is pressed.
    await eva.post(f"/wp-json/wp/v2/posts/{other['id']}", {"excerpt": "Novo."})
    form = {**seen.fields(), **sent, "find": "dipirona", "by": "metamizol", "type": "post"}
    form |= {
        one.attributes["name"]: one.attributes["value"]
        for one in seen.tree.css("input[name^=seen]")
    }
    done = await page.send("/admin/posts/replace", {**form, "post": [made["id"], other["id"]]})
    assert done.status == 409
    assert "One post was changed." in done.words
    assert "changed since it was listed" in done.words
    post = await stored(cms, "eva", made["id"])
    assert post["title"]["raw"] == "metamizol"
    assert post["content"]["raw"] == (
        '<p class="dipirona">Tome metamizol com água. Dipirona não.</p>'
    )


@given(st.text(alphabet="ab <>&[]/p-!", max_size=60))
def test_what_is_replaced_back_is_what_it_was(markup: str) -> None:
    there, count = Replacement("ab", "QQ").in_markup(markup)
    back, again = Replacement("QQ", "ab").in_markup(there)
    assert (back, again) == (markup, count)


def test_markup_is_no_text() -> None:
    markup = '<!-- wp:dose {"a":"dose"} --><p data-x="dose">A dose.</p>[dose]<!-- /wp:dose -->'
    there, count = Replacement("dose", "quantia").in_markup(markup)
    assert count == 1
    assert there == markup.replace("A dose.", "A quantia.")
