// wordpress-api-client: a typed client with its own idea of an item, a page and a total.
const assert = require("node:assert/strict");
const { default: WpApiClient, AUTH_TYPE } = require("wordpress-api-client");

const { url, people } = JSON.parse(process.env.CMS_SITE);

async function main() {
  const { login, application_password: password } = people.admin;
  const silent = async () => {};
  const site = new WpApiClient(url, {
    auth: { type: AUTH_TYPE.BASIC, username: login, password }, onError: silent,
  });
  const category = await site.postCategory().create({ name: "Alimentação" });
  const made = await site.post().create({
    title: { rendered: "Água" }, content: { rendered: "<p>Beba.</p>" }, status: "publish", categories: [category.id],
  });
  const [found] = await site.post().find(made.id);
  assert.equal(found.slug, "agua");
  assert.deepEqual(found.categories, [category.id]);
  assert.ok((await site.post().dangerouslyFindAll()).length >= 1);
  const listed = await site.post().find(new URLSearchParams({ slug: "agua", _embed: "author" }));
  assert.equal(listed[0]._embedded.author[0].name.length > 0, true);
  const changed = await site.post().update({ title: { rendered: "Água limpa" } }, made.id);
  assert.equal(changed.title.rendered, "Água limpa");
  assert.equal((await site.post().revision(made.id).find()).length, 2);
  const [binned] = await site.post().delete(made.id);
  assert.equal(binned.status, "trash");
  assert.equal((await site.user().findMe()).slug.length > 0, true);
  assert.ok(Object.values(await site.postType()).some((one) => one.rest_base === "posts"));
  const stranger = new WpApiClient(url, { onError: silent });
  await assert.rejects(stranger.post().create({ title: "x" }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
