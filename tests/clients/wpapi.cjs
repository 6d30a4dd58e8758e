// node-wpapi: discovers the site, walks its pages, writes, and meets errors.
const assert = require("node:assert/strict");
const WPAPI = require("wpapi");

const { url, people } = JSON.parse(process.env.CMS_SITE);

async function main() {
  const found = await WPAPI.discover(url);
  const index = await found.root().get();
  assert.equal(index.url, url);
  assert.ok(index.namespaces.includes("wp/v2"));
  assert.equal(typeof found.posts, "function");
  assert.equal(typeof found.namespace("wp/v2").categories, "function");

  const { login, application_password: password } = people.admin;
  const site = new WPAPI({ endpoint: `${url}/wp-json`, username: login, password });
  const category = await site.categories().create({ name: "Sono & descanso" });
  assert.equal(category.name, "Sono &amp; descanso");
  const made = [];
  for (const title of ["Um", "Dois", "Três"]) {
    made.push(
      await site.posts().create({
        title, content: `<p>${title}.</p>`, status: "publish", categories: [category.id],
      }),
    );
  }
  assert.equal(made[0].title.raw, "Um");

  const first = await site.posts().categories(category.id).perPage(2).order("asc").orderby("title").get();
  assert.equal(Number(first._paging.total), 3);
  assert.equal(Number(first._paging.totalPages), 2);
  const second = await first._paging.next.get();
  assert.equal(second.length, 1);
  assert.equal(second._paging.prev.toString().includes("page=1"), true);
  const headers = await site.posts().categories(category.id).headers();
  assert.equal(headers["x-wp-total"], "3");

  const bySlug = await site.posts().slug("tres").embed().get();
  assert.equal(bySlug[0]._embedded.author[0].id, made[2].author);
  assert.equal(bySlug[0]._embedded["wp:term"].flat()[0].id, category.id);
  assert.equal((await site.posts().categories(category.id).get()).length, 3);
  assert.deepEqual(Object.keys(await site.posts().id(made[0].id).param("_fields", "id,slug")), [
    "id", "slug",
  ]);

  const changed = await site.posts().id(made[0].id).update({ title: "Um, melhor" });
  assert.equal(changed.title.rendered, "Um, melhor");
  const revisions = await site.posts().id(made[0].id).revisions().get();
  assert.equal(revisions.length, 2);
  assert.equal((await site.posts().id(made[0].id).delete()).status, "trash");

  const me = await site.users().me().context("edit").get();
  assert.equal(me.username, login);
  assert.ok((await site.types().get()).post);
  site.articles = site.registerRoute("wp/v2", "/medical-articles/(?P<id>)");
  assert.ok((await site.articles().get()).length > 0);

  const stranger = new WPAPI({ endpoint: `${url}/wp-json` });
  await assert.rejects(stranger.posts().create({ title: "x" }), (error) => {
    assert.equal(error.data.status, 401);
    return true;
  });
  await assert.rejects(stranger.posts().id(999999).get(), { code: "rest_post_invalid_id" });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
