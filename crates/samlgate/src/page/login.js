// Moves Samlgate's links beside the log-in form. The links are in the page already, so without
// scripts they work where they stand; newer log-in forms are drawn late, by the app's own script.
const FORMS = [
  "form#login-form", "form#loginform", "form[name=loginform]", // forms that come with the page
  "#username-field", "#js-login-submit", "#j_username", // forms that a script draws
];

function place() {
  const links = document.querySelector(".samlgate-login");
  if (!links || links.dataset.placed) return true;
  const anchor = FORMS.map((selector) => document.querySelector(selector)).find(Boolean);
  if (!anchor) return false;
  const form = anchor.closest("form") ?? anchor;
  form.before(links);
  links.dataset.placed = "beside the form";
  return true;
}

if (!place()) {
  const observer = new MutationObserver(() => place() && observer.disconnect());
  observer.observe(document.documentElement, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), 15000);
}
