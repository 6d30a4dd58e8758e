"""What an administrator does in a real browser, from one end to the other."""

from playwright.async_api import expect

PASSWORD = "quatro palavras bem longas"


async def test_somebody_is_invited_joins_and_signs_in(site, cms):
    admin = await site.page(await cms.person("marina", ["administrator"]))
    await admin.goto("/admin")
    await admin.get_by_role("link", name="Invitations", exact=True).click()
    await admin.get_by_label("E-mail").fill("nova@x.example")
    await admin.get_by_role("checkbox", name="Author", exact=True).check()
    await admin.get_by_role("button", name="Invite", exact=True).click()
    link = await admin.get_by_label("Link").input_value()
    nova = await site.page()
    await nova.goto(link)
    await expect(nova.get_by_text("nova@x.example")).to_be_visible()
    await nova.get_by_label("Login").fill("nova")
    await nova.get_by_label("Name").fill("Nova Inventada")
    await nova.get_by_label("Password").fill("curta")
    await nova.get_by_role("button", name="Join").click()
    await expect(nova.get_by_role("alert")).to_contain_text("Nothing was saved yet.")
    await expect(nova.get_by_label("Login")).to_have_value("nova")
    await nova.get_by_label("Password").fill(PASSWORD)
    await nova.get_by_role("button", name="Join").click()
    await expect(nova.get_by_role("status")).to_contain_text("Your account is there.")
    await nova.get_by_label("Login or e-mail").fill("nova")
    await nova.get_by_label("Password").fill(PASSWORD)
    await nova.get_by_role("button", name="Sign in").click()
    await expect(nova.get_by_text("Your first steps as an author")).to_be_visible()
    await admin.get_by_role("link", name="I have copied it").click()
    await expect(admin.get_by_text("accepted")).to_be_visible()


async def test_a_role_is_changed_without_scripts(site, cms):
    await cms.person("leitora", ["subscriber"])
    person = await cms.person("marina", ["administrator"])
    admin = await site.page(person, scripts=False)
    await admin.goto("/admin/people/roles")
    await admin.get_by_role("link", name="Subscriber", exact=True).click()
    await admin.locator("#may-upload_files").check()
    await admin.get_by_role("button", name="See what would change").click()
    row = admin.get_by_role("row", name="Leitora")
    await expect(row).to_contain_text("upload_files")
    await admin.get_by_role("button", name="Change the role").click()
    await expect(admin.get_by_role("status")).to_contain_text("The role is changed.")
    await expect(admin.locator("#may-upload_files")).to_be_checked()
    await expect(admin.get_by_text("changed", exact=True)).to_be_visible()
