// What the sign-in library only writes to the console is said on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const sentence = document.getElementById("passkey_problem");
  const form = document.querySelector("main form");
  if (!sentence || !form) return;
  form.before(sentence);
  sentence.hidden = false;
  sentence.scrollIntoView({ block: "center" });
});
