// Asks for the organisation only when the account is for one. Without this script both groups are there and the server decides.
const choices = document.querySelectorAll("input[name='kind']");
const group = document.querySelector("[data-organisation]");

function show() {
  const chosen = document.querySelector("input[name='kind']:checked");
  group.hidden = !chosen || chosen.value === "person";
}

if (group) {
  choices.forEach((choice) => choice.addEventListener("change", show));
  show();
}

// A name to sign in with that nobody forgets: the telephone number, until the person types another.
const phone = document.querySelector("[name=phone]");
const username = document.querySelector("[name=username]");
let own = Boolean(username?.value);
username?.addEventListener("input", () => { own = true; });
phone?.addEventListener("change", () => { if (!own) username.value = phone.value.replace(/[^0-9+]/g, ""); });
