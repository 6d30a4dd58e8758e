// @wordpress/api-fetch as it runs in a page of the application: the login cookie and its nonce.
const assert = require("node:assert/strict");

const { url, people } = JSON.parse(process.env.CMS_SITE);
const jar = new Map();

// What a browser does of itself and Node does not: it keeps cookies and sends them back.
const plain = globalThis.fetch;
globalThis.fetch = async (address, options = {}) => {
  const headers = new Headers(options.headers);
  if (jar.size > 0) headers.set("Cookie", [...jar].map((pair) => pair.join("=")).join("; "));
  const answer = await plain(address, { ...options, headers });
  for (const sent of answer.headers.getSetCookie()) {
    const [name, value] = sent.split(";")[0].split("=");
    if (/max-age=0/i.test(sent)) jar.delete(name);
    else jar.set(name, value);
  }
  return answer;
};
const { default: apiFetch } = require("@wordpress/api-fetch");

async function main() {
  const { login, password } = people.admin;
  const body = new URLSearchParams({ log: login, pwd: password, redirect_to: `${url}/wp-admin/` });
  const opened = await fetch(`${url}/wp-login.php`, { method: "POST", body, redirect: "manual" });
  assert.equal(opened.status, 302);
  assert.deepEqual([...jar.keys()], ["__Host-cms_session"]);

  // A page that was open overnight: its nonce is too old, and the client fetches one of today.
  apiFetch.use(apiFetch.createRootURLMiddleware(`${url}/wp-json/`));
  apiFetch.nonceEndpoint = `${url}/wp-admin/admin-ajax.php?action=rest-nonce`;
  apiFetch.nonceMiddleware = apiFetch.createNonceMiddleware("0123456789");
  apiFetch.use(apiFetch.nonceMiddleware);
  const me = await apiFetch({ path: "/wp/v2/users/me?context=edit" });
  assert.equal(me.username, login);
  assert.match(apiFetch.nonceMiddleware.nonce, /^[0-9a-f]{20}$/);

  const data = { title: "Pelo navegador", content: "<p>x</p>", status: "draft" };
  const post = await apiFetch({ path: "/wp/v2/posts", method: "POST", data });
  assert.equal(post.author, me.id);
  const gone = await apiFetch({ path: `/wp/v2/posts/${post.id}?force=true`, method: "DELETE" });
  assert.equal(gone.deleted, true);

  const out = `${url}/wp-login.php?action=logout&_wpnonce=${apiFetch.nonceMiddleware.nonce}`;
  assert.equal((await fetch(out, { redirect: "manual" })).status, 302);
  assert.equal(jar.size, 0);
  await assert.rejects(apiFetch({ path: "/wp/v2/users/me" }), { code: "rest_cookie_invalid_nonce" });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
