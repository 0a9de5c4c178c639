// Logs in from the dashboard. Without scripts the form posts to the log-in page instead.
const form = document.getElementById("loginform");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(form.dataset.gadget, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  const result = answer.ok ? await answer.json() : {};
  if (result.loginSucceeded) {
    window.top.location.reload();
    return;
  }
  const error = document.getElementById("gadget-error");
  error.textContent = result.captchaFailure
    ? "Too many log-ins failed. Use the log-in page."
    : result.loginFailedByPermissions
      ? "You have an account, but no permission to use this application."
      : "Your name and password do not belong together. Try again.";
  error.hidden = false;
});
