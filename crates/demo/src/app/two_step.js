// Draws the log-in form a moment after the page, and posts it as JSON.
const place = document.getElementById("two-step");

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
  title.textContent = "Log in";
  const error = document.createElement("p");
  error.className = "error";
  error.role = "alert";
  const button = document.createElement("button");
  button.id = "login-button";
  button.textContent = "Log in";
  form.append(
    title,
    error,
    field("username-field", "text", "Username", "username"),
    field("password-field", "password", "Password", "current-password"),
    button,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(place.dataset.authenticate, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        username: form.querySelector("#username-field").value,
        password: form.querySelector("#password-field").value,
        rememberMe: false,
        targetUrl: place.dataset.target,
      }),
    });
    const result = await answer.json();
    if (result.redirectUrl) location.assign(result.redirectUrl);
    else error.textContent = result.message ?? "Now the second step would follow.";
  });
  place.replaceChildren(form);
}

setTimeout(draw, 150);
