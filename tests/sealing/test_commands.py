"""`cms keys` as an operator types it."""

import json

from tests.fields.test_posts_with_fields import keep
from tests.fields.test_sensitive_fields import CASE, SECRET

TENANT = ("--tenant", "clinica")


async def test_keys_are_listed_rotated_and_wrapped_anew(cms, command, tmp_path, monkeypatch):
    assert await command("keys", "list", *TENANT) == "Nothing was sealed yet.\n"
    await keep(cms, CASE)
    root = await cms.person("root", roles=("administrator",))
    post = await cms.draft(root, acf={"case": SECRET, "room": 7})
    said = json.loads(await command("keys", "rotate", *TENANT, "--json"))
    assert said == {"tenant": "clinica", "values": 2}
    listed = json.loads(await command("keys", "list", *TENANT, "--json"))
    # The trail has keys of its own, which a rotation leaves alone.
    keys = len(listed)
    listed = [one for one in listed if not one["purpose"].startswith("audit")]
    told = [(one["version"], one["status"], one["values"]) for one in listed]
    assert told == [(1, "retired", 0), (2, "active", 2)]
    assert listed[0]["rotated_to"] == listed[1]["key_id"]
    address = f"/wp-json/wp/v2/posts/{post['id']}?context=edit"
    assert (await root.get(address)).json()["acf"]["case"] == SECRET
    # Nothing is left to do, and nothing is done again.
    again = await command("keys", "rotate", "--resume", *TENANT)
    assert again.startswith("0 values")

    new = tmp_path / "new-key"
    wrapped = await command("keys", "rewrap", str(new))
    assert int(wrapped.split(" keys are")[0]) >= keys  # each officer's act may bring one more
    # Other things are not well here either: nobody has imported a roster.
    wrong = {one["name"]: one for one in json.loads(await command("check", "--json", code=1))}
    assert "CMS_PLATFORM_KEY_FILE" in wrong["keys of clinica"]["remedy"]
    monkeypatch.setenv("CMS_PLATFORM_KEY_FILE", str(new))
    assert "keys of clinica" not in await command("check", "--json", code=1)
    cms.host.shop.cipher.keyring.forget()
    # A process that has the old platform key says that it cannot open, and shows nothing.
    shut = await root.get(address)
    assert (shut.status_code, "cms check" in shut.json()["message"]) == (503, True)


async def test_what_is_sealed_of_a_post_is_erased_after_a_question(cms, command):
    await keep(cms, CASE)
    root = await cms.person("root", roles=("administrator",))
    post = await cms.draft(root, acf={"case": SECRET, "room": 7})
    words = ("keys", "erase", "post", str(post["id"]), *TENANT)
    await command(*words, code=1)
    address = f"/wp-json/wp/v2/posts/{post['id']}?context=edit"
    assert (await root.get(address)).json()["acf"] == {"case": SECRET, "room": 7}
    assert await command(*words, "--yes") == "Erased: the values of 2 fields.\n"
    assert (await root.get(address)).json()["acf"] == {"case": "", "room": None}
    assert await command(*words, "--yes") == "Erased: the values of 0 fields.\n"
