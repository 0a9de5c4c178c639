// Moves Samlgate's links beside the log-in form. The links are in the page already, so without
// scripts they work where they stand; newer log-in forms are drawn late, by the app's own script,
// which may draw them anew and drop what stood beside them. All names stay within this function:
// the page belongs to the app.
(() => {
  const forms = [
    "form#login-form", "form#loginform", "form[name=loginform]", // forms that come with the page
    "#username-field", "#js-login-submit", "#j_username", // forms that a script draws
  ];
  const links = document.querySelector(".samlgate-login");
  if (!links) return;

  // What stands behind the `#` no server hears of: the links take it along.
  const take = () => {
    if (!location.hash) return;
    for (const link of links.querySelectorAll("a:not([target])")) {
      const url = new URL(link.href);
      const wanted = url.searchParams.get("os_destination")?.split("#")[0];
      if (wanted === undefined) continue;
      url.searchParams.set("os_destination", wanted + location.hash);
      link.href = url;
    }
  };

  const place = () => {
    if (links.isConnected && links.dataset.placed) return;
    const found = forms.flatMap((selector) => [...document.querySelectorAll(selector)]);
    // A drawing shows no links.
    const anchor = found.find((element) => !element.closest("svg, math"));
    if (!anchor) return;
    (anchor.closest("form") ?? anchor).before(links);
    links.dataset.placed = "beside the form";
  };

  take();
  addEventListener("hashchange", take);
  place();
  const observer = new MutationObserver(place);
  observer.observe(document.documentElement, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), 15000);
})();
