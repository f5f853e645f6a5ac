/** Adding, moving and taking away parts of a plan without leaving the page; the server draws it. */

const SAVE = "save";

/** What to tell about a change: what the button that made it says. */
function said(button) {
  return button.textContent.trim().replace(/\s+/g, " ");
}

/** Send the form as it stands and take over what the server makes of it. */
async function redraw(holder, form, button) {
  const sent = new URLSearchParams(new FormData(form, button));
  const open = [...form.querySelectorAll("details.plan-part")].map((part) => part.open);
  const answer = await fetch(location.href, { method: "POST", body: sent });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = said(button);
  const map = holder.querySelector("[data-area-map]");
  holder.replaceChildren(...page.querySelector("[data-plan-form]").childNodes);
  holder.querySelector("[data-area-map]").replaceWith(map);
  holder.querySelectorAll("details.plan-part").forEach((part, at) => (part.open ||= open[at]));
  holder.querySelector("[autofocus]")?.focus();
  holder.querySelector("[data-plan-status]").textContent = words;
}

const holder = document.querySelector("[data-plan-form]");

holder.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (!button || button.value === SAVE) return;
  event.preventDefault();
  // Where the network is away, the browser itself says so.
  redraw(holder, form, button).catch(() => form.submit());
});

holder.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-colour]")) return;
  target.parentElement.querySelector("circle").setAttribute("fill", target.value);
});
