// Makes the console's pages live. Every page works without it: what it adds is a list that renews
// itself, buttons that copy, and a question before something is removed.

/** Renews the parts marked data-live every few seconds, as long as the page can be seen. */
function live() {
  const part = document.querySelector("[data-live]");
  if (!part) return;
  const pause = document.querySelector("[data-pause]");
  const said = document.querySelector("[data-said]");
  let paused = false;
  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      paused = !paused;
      pause.setAttribute("aria-pressed", String(paused));
      pause.textContent = paused ? "Go on" : "Pause";
    });
  }
  const renew = async () => {
    // Whoever reads or selects in the list must not lose the place.
    if (paused || document.hidden || part.contains(document.activeElement)) return;
    if (!getSelection().isCollapsed) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.status === 401) return location.reload();
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh) return location.reload();
    if (fresh.innerHTML === part.innerHTML) return;
    const before = new Set(keys(part));
    const more = keys(fresh).filter((key) => !before.has(key)).length;
    part.replaceChildren(...fresh.childNodes);
    if (said && more) said.textContent = `${more} new`;
  };
  setInterval(() => renew().catch(() => {}), 2000);
}

const keys = (part) => [...part.querySelectorAll("[data-key]")].map((node) => node.dataset.key);

/** Buttons that copy what stands beside them. */
function copying() {
  for (const code of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy ${code.dataset.copy}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    code.after(button);
  }
}

/** Asks before a form marked data-ask is sent. */
function asking() {
  const forms = document.querySelectorAll("form[data-ask]");
  if (!forms.length) return;
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.id = "question";
  dialog.setAttribute("aria-labelledby", text.id);
  const answers = document.createElement("form");
  answers.method = "dialog";
  answers.className = "actions";
  const yes = Object.assign(document.createElement("button"), { value: "yes", className: "button danger" });
  const no = Object.assign(document.createElement("button"), { value: "", className: "plain", textContent: "Cancel" });
  answers.append(yes, no);
  dialog.append(text, answers);
  document.body.append(dialog);
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sure) return;
      event.preventDefault();
      text.textContent = form.dataset.ask;
      yes.textContent = event.submitter?.textContent ?? "Yes";
      dialog.returnValue = "";
      dialog.showModal();
      dialog.onclose = () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.sure = "yes";
        form.requestSubmit(event.submitter);
      };
    });
  }
}

/** Shows parts of a form only while the box or choice that they belong to says so. */
function unfolding() {
  for (const part of document.querySelectorAll("[data-while]")) {
    const [name, value] = part.dataset.while.split("=");
    const inputs = [...document.querySelectorAll(`[name="${name}"]`)];
    const show = () => {
      part.hidden = !inputs.some((input) =>
        ["checkbox", "radio"].includes(input.type) ? input.checked && (!value || input.value === value) : input.value === value,
      );
    };
    for (const input of inputs) input.addEventListener("change", show);
    show();
  }
}

live();
copying();
asking();
unfolding();
document.querySelector("[role=alert]")?.focus();
