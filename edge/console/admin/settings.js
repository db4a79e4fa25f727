// The lot's settings: those that may be changed as a form, the others as they are.
import { call, read } from "/assets/common/api.js";
import { form } from "/assets/common/forms.js";
import { facts, h, notice, show } from "/assets/common/page.js";
import { texts } from "/assets/admin/texts.js";

const words = texts.settings;
const path = "/api/admin/settings/";
const isGroup = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const textOf = (value) => (Array.isArray(value) ? value.join(", ") : value === true ? words.yes : value === false ? words.no : value === null ? "–" : String(value));
const label = (name) => name.replaceAll("_", " ");
// Shown and never set here: what belongs to other programs.
const shownOnly = new Set(["providers", "payments", "broker", "cloud", "differences", "shown"]);

function fieldOf(name, value) {
  if (typeof value === "boolean") return { name, label: label(name), type: "checkbox", value };
  return { name, label: label(name), type: typeof value === "number" ? "number" : "text", step: "any", value: value ?? "" };
}

function groupCard(group, values, again) {
  const ask = form({
    fields: Object.entries(values).filter(([, value]) => !isGroup(value) && !Array.isArray(value)).map(([name, value]) => fieldOf(name, value)),
    submit: words.save,
    act: async (said, whole) => {
      const different = Object.fromEntries(Object.entries(said).filter(([name, value]) => values[name] !== value));
      if (Object.keys(different).length === 0) return show(whole.told, notice(words.nothing));
      await call("PATCH", path, group ? { [group]: different } : different);
      return again(words.saved);
    },
  });
  return h("section", { class: "card", id: `settings-${group || "lot"}` }, h("h2", {}, label(group || texts.sections.settings)), ask);
}

export async function drawSettings(host, query = {}, told = "") {
  const data = await read(path);
  const again = (text) => drawSettings(host, query, text);
  const groups = Object.entries(data).filter(([name, value]) => isGroup(value) && !shownOnly.has(name));
  const loose = Object.fromEntries(Object.entries(data).filter(([, value]) => !isGroup(value) && !Array.isArray(value)));
  const shown = Object.entries(data).filter(([name, value]) => isGroup(value) && shownOnly.has(name));
  show(host, told ? notice(told, "good") : null, h("p", { class: "soft" }, words.about),
    h("div", { class: "columns" }, Object.keys(loose).length > 0 ? groupCard("", loose, again) : null, groups.map(([name, values]) => groupCard(name, values, again)),
      shown.map(([name, values]) => h("section", { class: "card" }, h("h2", {}, `${label(name)} · ${words.shown}`), facts(Object.entries(values).map(([key, value]) => [label(key), isGroup(value) ? JSON.stringify(value) : textOf(value)]))))));
}
