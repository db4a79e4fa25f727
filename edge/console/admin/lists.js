// Lists with filters, pages and a CSV file: one drawing for all of them.
import { address, get, Refused } from "/assets/common/api.js";
import { field } from "/assets/common/forms.js";
import { h, notice, reportTo, show, table } from "/assets/common/page.js";
import { texts } from "/assets/admin/texts.js";

const words = texts.list;
const pageSize = 20;

/** A select whose first choice is all of them. */
export const anyOf = (name, label, options) => ({
  name,
  label,
  options: [["", words.any], ...options.map((each) => (Array.isArray(each) ? each : [each, each]))],
});
export const day = (name, label) => ({ name, label, type: "date" });
export const text = (name, label) => ({ name, label });

/** list: { path, plural, columns, filters, csv, kindOf, above }. `host.again()` reads it anew. */
export async function drawList(host, list) {
  const filters = (list.filters ?? []).map((each) =>
    field({ ...each, value: list.start?.[each.name] ?? each.value }),
  );
  const told = h("div", { "aria-live": "polite" });
  const rows = h("div", { class: "stack" });
  let page = 1;
  const query = () =>
    Object.fromEntries(filters.map((each) => [each.dataset.field, each.input.value.trim()]));
  const csv = list.csv
    ? h("a", { class: "button plain small", download: `${list.plural}.csv` }, words.csv)
    : null;

  const read = async () => {
    for (const each of filters) each.tell("");
    let said;
    try {
      said = await get(list.path, { ...query(), page, page_size: pageSize });
    } catch (wrong) {
      return tellWrong(filters, told, wrong);
    }
    show(told);
    if (csv) csv.setAttribute("href", address(list.path, { ...query(), format: "csv" }));
    drawRows(said);
  };
  const drawRows = (said) => {
    const total = said.pagination?.total ?? said.data[list.plural].length;
    const pages = Math.max(1, Math.ceil(total / pageSize));
    const turn = (by, name) =>
      h(
        "button",
        {
          type: "button",
          class: "plain small",
          disabled: page + by < 1 || page + by > pages,
          onclick: () => {
            page += by;
            read();
          },
        },
        name,
      );
    show(
      rows,
      list.above?.(said) ?? null,
      table(list.columns, said.data[list.plural], { empty: words.empty, kindOf: list.kindOf }),
      h(
        "div",
        { class: "row" },
        turn(-1, words.previous),
        h("span", { class: "soft" }, words.page(page, pages, total)),
        turn(1, words.next),
        csv,
      ),
    );
  };
  const ask =
    filters.length === 0
      ? null
      : h(
          "form",
          {
            class: "filters",
            novalidate: true,
            onsubmit: (event) => {
              event.preventDefault();
              page = 1;
              read();
            },
          },
          filters,
          h("button", { type: "submit" }, words.show),
        );
  host.again = read;
  show(host, list.before ?? null, ask, told, rows);
  await read();
}

function tellWrong(filters, told, wrong) {
  if (wrong instanceof Refused && wrong.code === "not_found")
    return show(told, notice(words.missing, "warn"));
  const named = Object.entries(wrong.fields ?? {}).filter(([name, problem]) => {
    const found = filters.find((each) => each.dataset.field === name);
    found?.tell(`${found.querySelector("label")?.textContent ?? ""} ${problem}`.trim());
    return found !== undefined;
  });
  if (named.length === 0) reportTo(told, wrong);
  return undefined;
}
