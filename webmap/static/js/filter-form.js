/** The form that writes a CQL2 filter from a property, an operator and a value. */

import { both, condition, needsValue, operatorsOf } from "./cql.js";

const form = document.querySelector("[data-filter-form]");

if (form) {
  const [property, operator, value] = ["property", "operator", "value"].map((name) =>
    form.querySelector(`[data-${name}]`),
  );
  const text = form.querySelector("[name=filter]");
  const status = form.querySelector("[role=status]");
  const words = new Map([...operator.options].map((option) => [option.value, option.text]));
  const type = () => property.selectedOptions[0].dataset.type;

  const chosen = () => {
    value.disabled = !needsValue(operator.value);
    value.type = type() === "date" ? "date" : "text";
  };
  const offer = () => {
    operator.replaceChildren(...operatorsOf(type()).map((name) => new Option(words.get(name), name)));
    chosen();
  };
  property.addEventListener("change", offer);
  operator.addEventListener("change", chosen);
  form.querySelector("[data-add]").addEventListener("click", () => {
    const added = condition(property.value, type(), operator.value, value.value);
    if (!added) {
      status.textContent = status.dataset.missing;
      value.focus();
      return;
    }
    text.value = both(text.value, added);
    status.textContent = added;
    value.value = "";
  });
  form.querySelector("[data-builder]").hidden = false;
  offer();
}
