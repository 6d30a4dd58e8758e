// The secret of the link stands behind the #, which browsers send to nobody. It goes into the form
// and out of the address, and the form is sent as if it had been typed.
const form = document.querySelector("form[data-opens-by-fragment]");
const found = /cmsrv_[0-9]+\.[A-Za-z0-9_-]{43}/.exec(decodeURIComponent(location.hash));
if (form && found) {
  history.replaceState(null, "", location.pathname);
  form.elements.namedItem("token").value = found[0];
  form.submit();
}
