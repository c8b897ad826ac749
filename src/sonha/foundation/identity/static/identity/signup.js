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
