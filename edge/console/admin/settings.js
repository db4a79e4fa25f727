// The lot's settings, by their keys in lot.toml: those that may be changed as forms, the others as
// they are.
import { call, read } from "/assets/common/api.js";
import { form } from "/assets/common/forms.js";
import { facts, h, notice, show } from "/assets/common/page.js";
import { texts } from "/assets/admin/texts.js";

const words = texts.settings;
const path = "/api/admin/settings/";
const label = (name) => name.replaceAll("_", " ").replaceAll(".", ", ");
const isGroup = (value) => value !== null && typeof value === "object";
const textOf = (value) =>
  value === true
    ? words.yes
    : value === false
      ? words.no
      : value === null || value === ""
        ? "–"
        : isGroup(value)
          ? JSON.stringify(value)
          : String(value);

/** "billing.grace_minutes" stands in "billing". */
function byGroup(settings) {
  const groups = new Map();
  for (const [key, value] of Object.entries(settings)) {
    const group = key.split(".")[0];
    groups.set(group, [...(groups.get(group) ?? []), [key, value]]);
  }
  return groups;
}

function groupCard(group, settings, changed, again) {
  const ask = form({
    fields: settings.map(([key, value]) => ({
      name: key,
      label: label(key.slice(group.length + 1) || key),
      value: value ?? "",
      hint: changed.has(key) ? words.changed : "",
      type: typeof value === "boolean" ? "checkbox" : typeof value === "number" ? "number" : "text",
      step: "any",
    })),
    submit: words.save,
    act: async (said, whole) => {
      // What was emptied is as lot.toml says again.
      const different = settings
        .map(([key, value]) => [key, said[key] ?? null, value])
        .filter(([, now, before]) => now !== (before === "" ? null : before));
      if (different.length === 0) return show(whole.told, notice(words.nothing));
      const answer = await call(
        "PATCH",
        path,
        Object.fromEntries(different.map(([key, now]) => [key, now])),
      );
      return again(answer.message || words.saved);
    },
  });
  return h("section", { class: "card", id: `settings-${group}` }, h("h2", {}, label(group)), ask);
}

export async function drawSettings(host, query = {}, told = "") {
  const { settings = {}, changed = [], ...others } = await read(path);
  const again = (text) => drawSettings(host, query, text);
  const shownOnly = ([name, values]) =>
    h(
      "section",
      { class: "card" },
      h("h2", {}, `${label(name)}, ${words.shown}`),
      facts(Object.entries(values).map(([key, value]) => [label(key), textOf(value)])),
    );
  show(
    host,
    told ? notice(told, "good") : null,
    h("p", { class: "soft" }, words.about),
    h(
      "div",
      { class: "columns" },
      [...byGroup(settings)].map(([group, each]) =>
        groupCard(group, each, new Set(changed), again),
      ),
      Object.entries(others)
        .filter(([, values]) => isGroup(values))
        .map(shownOnly),
    ),
  );
}
