// @wordpress/api-fetch: what the block editor and its friends send.
const assert = require("node:assert/strict");
const { default: apiFetch } = require("@wordpress/api-fetch");

const { url, people } = JSON.parse(process.env.CMS_SITE);

async function main() {
  const { login, application_password: password } = people.admin;
  const Authorization = `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`;
  apiFetch.use(apiFetch.createRootURLMiddleware(`${url}/wp-json/`));
  apiFetch.use((options, next) =>
    next({ ...options, headers: { Authorization, ...options.headers } }),
  );
  apiFetch.use(apiFetch.createNonceMiddleware("0123456789"));

  const ids = [];
  for (let n = 0; n < 12; n += 1) {
    const data = { title: `Texto ${n}`, content: "<p>x</p>", status: "publish" };
    ids.push((await apiFetch({ path: "/wp/v2/posts", method: "POST", data })).id);
  }
  // PUT, PATCH and DELETE leave as POST with X-HTTP-Method-Override.
  for (const method of ["PUT", "PATCH"]) {
    const data = { title: method };
    const post = await apiFetch({ path: `/wp/v2/posts/${ids[0]}`, method, data });
    assert.equal(post.title.raw, method);
  }
  const binned = await apiFetch({ path: `/wp/v2/posts/${ids[1]}`, method: "DELETE" });
  assert.equal(binned.status, "trash");

  // per_page=-1 is taken apart into pages of 100, which are followed by their Link headers.
  const all = await apiFetch({ path: "/wp/v2/posts?per_page=-1&context=edit&_locale=user" });
  assert.ok(all.length >= 11);

  const response = await apiFetch({ path: "/wp/v2/posts?per_page=5", parse: false });
  assert.equal(response.headers.get("X-WP-Total"), String(all.length));
  assert.match(response.headers.get("Link"), /rel="next"/);
  const options = await apiFetch({ path: "/wp/v2/posts", method: "OPTIONS" });
  assert.equal(options.schema.title, "post");
  const allowed = await apiFetch({
    path: `/wp/v2/posts/${ids[0]}`, method: "OPTIONS", parse: false,
  });
  assert.match(allowed.headers.get("Allow"), /DELETE/);

  const requests = ids.slice(2, 5).map((id) => ({
    path: `/wp/v2/posts/${id}`, method: "PUT", body: { title: `Lote ${id}` },
  }));
  const batch = await apiFetch({
    path: "/batch/v1", method: "POST", data: { requests, validation: "require-all-validate" },
  });
  assert.deepEqual(batch.responses.map((one) => one.status), [200, 200, 200]);
  assert.equal(batch.responses[0].body.title.raw, `Lote ${ids[2]}`);

  await assert.rejects(apiFetch({ path: "/wp/v2/posts/999999" }), (error) => {
    assert.deepEqual(error, {
      code: "rest_post_invalid_id", message: "Invalid post ID.", data: { status: 404 },
    });
    return true;
  });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
