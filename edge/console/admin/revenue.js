// What came in: by time, zone and method, against the target and the period before.
import { address, read } from "/assets/common/api.js";
import { barChart } from "/assets/common/charts.js";
import { form } from "/assets/common/forms.js";
import { count, duration, h, rupees, show, table } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { texts } from "/assets/admin/texts.js";

const words = texts.revenue;
const path = "/api/admin/revenue-report/";
const figure = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
const percent = (value) => (value == null ? "–" : `${value} %`);
const amount = (name, member) => ({ name, text: (row) => rupees(row[member]), kind: "number" });
const number = (name, member) => ({ name, text: (row) => count(row[member]), kind: "number" });

function report(data, query) {
  const rows = data.series.map((row) => ({
    label: query.group === "hour" ? row.begins.slice(11, 13) : row.begins.slice(5, 10),
    value: row.revenue,
    second: row.refunds,
  }));
  return [
    h(
      "dl",
      { class: "figures", id: "revenue-total" },
      figure(words.total, rupees(data.total.revenue)),
      figure(words.refunds, rupees(data.total.refunds)),
      figure(words.net, rupees(data.total.net)),
      figure(words.payments, count(data.total.payments)),
      figure(words.average, duration(data.average_stay_minutes)),
      data.target
        ? figure(
            words.target,
            `${rupees(data.target.target)}, ${percent(data.target.reached_percent)} ${words.reached}`,
          )
        : null,
      figure(words.growth, percent(data.growth.change_percent)),
    ),
    h(
      "section",
      { class: "card" },
      h("h2", {}, words.chart),
      barChart(rows, { label: words.chart, text: (value) => `₹${count(Math.round(value))}` }),
    ),
    h(
      "div",
      { class: "columns" },
      h(
        "section",
        { class: "stack" },
        h("h2", {}, words.byZone),
        table(
          [
            { name: words.zone, text: (row) => row.zone_name ?? row.zone_id ?? words.other },
            amount(words.total, "revenue"),
            amount(words.refunds, "refunds"),
            number(words.entries, "entries"),
            number(words.exits, "exits"),
          ],
          data.by_zone,
        ),
      ),
      h(
        "section",
        { class: "stack" },
        h("h2", {}, words.byMethod),
        table(
          [
            {
              name: words.method,
              text: (row) =>
                [common.methods[row.method] ?? row.method, row.provider].filter(Boolean).join(", "),
            },
            amount(words.total, "revenue"),
            amount(words.refunds, "refunds"),
            number(words.payments, "payments"),
          ],
          data.by_method,
        ),
      ),
      h(
        "section",
        { class: "stack" },
        h("h2", {}, words.peak),
        table(
          [{ name: words.hour, text: (row) => `${row.hour}:00` }, number(words.entries, "entries")],
          data.peak_hours.slice(0, 6),
        ),
      ),
    ),
    h(
      "details",
      {},
      h("summary", {}, words.series),
      table(
        [
          { name: words.begins, text: (row) => row.begins },
          amount(words.total, "revenue"),
          amount(words.refunds, "refunds"),
          amount(words.net, "net"),
          number(words.entries, "entries"),
          number(words.exits, "exits"),
        ],
        data.series,
      ),
    ),
  ];
}

export async function drawRevenue(host) {
  const shown = h("div", { class: "stack" });
  const csv = h("a", { class: "button plain small", download: "revenue-report.csv" }, words.csv);
  const draw = async (query) => {
    const data = await read(path, query);
    csv.setAttribute("href", address(path, { ...query, format: "csv" }));
    show(shown, report(data, query), h("div", { class: "row" }, csv));
  };
  const ask = form({
    fields: [
      { name: "from", label: words.from, type: "date" },
      { name: "to", label: words.to, type: "date" },
      { name: "group", label: words.group, options: Object.entries(words.groups), value: "day" },
    ],
    submit: words.show,
    act: draw,
  });
  show(host, h("section", { class: "card" }, ask), shown);
  await draw({ group: "day" });
}
