// Goes on with what the browser holds behind the `#`. The page leaves no step in the history.
const form = document.forms[0];
form.elements.os_destination.value += location.hash;
location.replace(`${form.action}?${new URLSearchParams(new FormData(form))}`);
