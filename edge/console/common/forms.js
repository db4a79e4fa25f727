// Forms from a description, which put the gateway's words beside the field that they are about.
import { Refused } from "/assets/common/api.js";
import { h, notice, sentence, show } from "/assets/common/page.js";
import { texts } from "/assets/common/texts.js";

let lastId = 0;

/** { name, label, type?, options?, value?, required?, hint?, … }: the label with its input. */
export function field({ name, label, type = "text", options, value, hint, required, ...more }) {
  const id = `field-${++lastId}`;
  const common = { id, name, required, "aria-describedby": `${id}-about`, ...more };
  let input;
  if (type === "checkbox") {
    input = h("input", { ...common, type, checked: value ? true : undefined });
  } else if (options) {
    input = h(
      "select",
      common,
      options.map(([key, text]) =>
        h(
          "option",
          { value: key, selected: String(key) === String(value ?? "") ? true : undefined },
          text,
        ),
      ),
    );
  } else if (type === "long") {
    input = h("textarea", { ...common, value: value ?? "" });
  } else {
    input = h("input", { ...common, type, value: value ?? "" });
  }
  const about = h("span", { id: `${id}-about`, class: "hint" }, hint ?? "");
  const wrap =
    type === "checkbox"
      ? h("label", { class: "check" }, input, label, about)
      : h("label", { for: id }, label, input, about);
  wrap.dataset.field = name;
  wrap.input = input;
  wrap.tell = (wrong) => {
    about.textContent = wrong || hint || "";
    about.className = wrong ? "wrong" : "hint";
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  return wrap;
}

const valueOf = (input, type) => {
  if (type === "checkbox") return input.checked;
  const text = input.value.trim();
  if (text === "") return undefined;
  if (type === "number") return Number(text);
  if (type === "datetime-local") return new Date(text).toISOString();
  return type === "password" ? input.value : text;
};

/** A form of these fields; `act(values)` is done once at a time. Empty fields are left out. */
export function form({ fields, submit, act, cancel, className = "", before = [], danger = false }) {
  const made = fields.map((each) => ({ ...each, wrap: field(each) }));
  const told = h("div", { class: "told", "aria-live": "polite" });
  const button = h("button", { type: "submit", class: danger ? "danger" : null }, submit);
  const whole = h(
    "form",
    { class: className, novalidate: true },
    before,
    h(
      "div",
      { class: "fields" },
      made.map((each) => each.wrap),
    ),
    told,
    h(
      "div",
      { class: "row" },
      button,
      cancel
        ? h("button", { type: "button", class: "plain", onclick: cancel }, texts.cancel)
        : null,
    ),
  );
  whole.values = () =>
    Object.fromEntries(
      made
        .map((each) => [each.name, valueOf(each.wrap.input, each.type)])
        .filter(([, value]) => value !== undefined),
    );
  whole.input = (name) => made.find((each) => each.name === name).wrap.input;
  whole.told = told;
  whole.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = made.filter(
      (each) => each.required && valueOf(each.wrap.input, each.type) === undefined,
    );
    for (const each of made) each.wrap.tell(missing.includes(each) ? texts.required : "");
    if (missing.length > 0) return missing[0].wrap.input.focus();
    show(told);
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      await act(whole.values(), whole);
    } catch (wrong) {
      tellWrong(made, told, wrong);
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  });
  return whole;
}

function tellWrong(made, told, wrong) {
  if (!(wrong instanceof Refused)) console.error(wrong);
  const elsewhere = [];
  for (const [name, problem] of Object.entries(wrong.fields ?? {})) {
    const found = made.find((each) => each.name === name);
    if (found) found.wrap.tell(`${found.label} ${problem}`);
    else elsewhere.push(`${name} ${problem}`);
  }
  const named = Object.keys(wrong.fields ?? {}).length > 0;
  if (!named || elsewhere.length > 0)
    show(told, notice(named ? elsewhere.join("; ") : sentence(wrong), "bad"));
  made.find((each) => each.wrap.input.getAttribute("aria-invalid"))?.wrap.input.focus();
}

/** A dialog around a form; closes itself when `act` is done. Gives back what `act` gave, or undefined. */
export function ask({ title, text, fields, submit = texts.confirm, act, danger = false }) {
  return new Promise((resolve) => {
    const box = h("dialog", { "aria-label": title });
    let answer;
    const inner = form({
      fields,
      submit,
      danger,
      before: [h("h2", {}, title), text ? h("p", { class: "soft" }, text) : null].filter(Boolean),
      cancel: () => box.close(),
      act: async (values) => {
        answer = (await act(values)) ?? true;
        box.close();
      },
    });
    box.append(inner);
    box.addEventListener("close", () => {
      box.remove();
      resolve(answer);
    });
    document.body.append(box);
    box.showModal();
  });
}

/** A word why, for what is written into the books. */
export const askReason = ({ title, text, submit, act, danger, more = [] }) =>
  ask({
    title,
    text,
    submit,
    act,
    danger,
    fields: [
      ...more,
      { name: "reason", label: texts.reason, required: true, maxlength: 200, autofocus: true },
    ],
  });
