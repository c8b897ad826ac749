// Starts Swagger UI with the settings in the page; requests carry the CSRF token so that a signed-in person can try what writes.
const settings = JSON.parse(document.getElementById("swagger-settings").textContent);
const csrf = document.querySelector("script[data-csrf]").dataset.csrf;

window.SwaggerUIBundle({
  ...settings,
  dom_id: "#swagger-ui",
  presets: [window.SwaggerUIBundle.presets.apis],
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = csrf;
    return request;
  },
});
