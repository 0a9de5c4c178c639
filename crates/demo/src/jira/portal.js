// Draws the portal's log-in form a moment after the page, and posts it without leaving the page.
const place = document.getElementById("portal-login");

function field(id, type, label, autocomplete) {
  const paragraph = document.createElement("p");
  const name = document.createElement("label");
  name.htmlFor = id;
  name.textContent = label;
  const input = document.createElement("input");
  Object.assign(input, { id, type, name: id, autocomplete });
  paragraph.append(name, input);
  return paragraph;
}

function draw() {
  const form = document.createElement("form");
  const title = document.createElement("h1");
  title.textContent = "Log in to the Help Center";
  const error = document.createElement("p");
  error.className = "error";
  error.role = "alert";
  const button = document.createElement("button");
  button.id = "js-login-submit";
  button.textContent = "Log in";
  form.append(
    title,
    error,
    field("os_username", "text", "Email or username", "username"),
    field("os_password", "password", "Password", "current-password"),
    button,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(place.dataset.authenticate, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
    });
    const result = answer.ok ? await answer.json() : {};
    if (result.loginSucceeded) location.assign(place.dataset.target);
    else error.textContent = "Your name and password do not belong together. Try again.";
  });
  place.replaceChildren(form);
}

setTimeout(draw, 150);
