// The lot at a glance: today, occupancy, devices, alerts, and the last thirty days.
import { read } from "/assets/common/api.js";
import { barChart, shareBar } from "/assets/common/charts.js";
import { badge, count, dateTime, h, rupees, show, table } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { texts } from "/assets/admin/texts.js";

const words = texts.dashboard;
const figure = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
const kindOfState = {
  ok: "good",
  degraded: "warn",
  failing: "bad",
  down: "bad",
  low_battery: "warn",
  fault: "bad",
  offline: "bad",
  silent: "warn",
};

const todayFigures = (today) =>
  h(
    "dl",
    { class: "figures", id: "today" },
    figure(words.revenue, rupees(today.revenue)),
    figure(words.refunds, rupees(today.refunds)),
    figure(words.net, rupees(today.net)),
    figure(words.active, count(today.active_sessions)),
    figure(words.leaving, count(today.waiting_to_pay)),
    figure(words.expected, count(today.expected)),
    figure(words.entries, count(today.entries)),
    figure(words.exits, count(today.exits)),
    figure(words.tickets, count(today.tickets)),
    figure(words.bookings, count(today.bookings)),
  );

function zonePart(zone) {
  const free = Math.max(
    0,
    zone.total_slots - zone.occupied - zone.reserved - zone.unknown - zone.out_of_service,
  );
  const parts = {
    occupied: zone.occupied,
    reserved: zone.reserved,
    unknown: zone.unknown,
    out_of_service: zone.out_of_service,
    free,
  };
  const label = Object.entries(parts)
    .map(([part, number]) => `${number} ${words.parts[part]}`)
    .join(", ");
  return h(
    "div",
    { class: "stack" },
    h(
      "div",
      { class: "row ends" },
      h("h3", {}, zone.zone_name),
      h("span", {}, words.free(zone.available_slots, zone.total_slots)),
    ),
    shareBar(parts, label),
    h("p", { class: "hint" }, label),
  );
}

const stateRow = (names, states) =>
  h(
    "div",
    { class: "row" },
    Object.entries(states).map(([name, state]) =>
      badge(`${names[name] ?? name}: ${words.state[state] ?? state}`, kindOfState[state]),
    ),
  );

function systemCard(system) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, words.system),
    h(
      "p",
      {},
      badge(words.state[system.status] ?? system.status, kindOfState[system.status]),
      ` ${system.message}`,
    ),
    stateRow(words.service, system.services),
    h("p", { class: "soft" }, system.version),
  );
}

function devicesCard(devices) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, words.devices),
    h(
      "div",
      { class: "row" },
      Object.entries(devices)
        .filter(([, number]) => number > 0)
        .map(([state, number]) =>
          badge(`${number} ${words.device[state] ?? state}`, kindOfState[state]),
        ),
    ),
  );
}

const alertsCard = (alerts) =>
  h(
    "section",
    { class: "card" },
    h("h2", {}, `${words.alerts}: ${alerts.open}`),
    alerts.newest.length === 0
      ? h("p", { class: "soft" }, words.noAlerts)
      : h(
          "ul",
          { class: "plain-list" },
          alerts.newest.map((alert) =>
            h(
              "li",
              {},
              badge(alert.severity, alert.severity === "critical" ? "bad" : "warn"),
              ` ${alert.subject}: ${alert.message} `,
              h("span", { class: "soft" }, dateTime(alert.ts)),
            ),
          ),
        ),
  );

const shortDay = (begins) => begins.slice(5, 10).split("-").reverse().join(".");

function chartCard(title, chart, name, rows, valueText) {
  return h(
    "section",
    { class: "card" },
    h("h2", {}, title),
    chart,
    h(
      "details",
      {},
      h("summary", {}, words.figures),
      table(
        [
          { name, text: (row) => row.label },
          { name: words.amount, text: (row) => valueText(row.value), kind: "number" },
        ],
        rows,
      ),
    ),
  );
}

export async function drawDashboard(host) {
  const [now, month] = await Promise.all([
    read("/api/admin/dashboard/"),
    read("/api/admin/revenue-report/", { group: "day" }),
  ]);
  const days = month.series.map((row) => ({
    label: shortDay(row.begins),
    value: row.revenue,
    second: row.refunds,
  }));
  const byHour = new Map(month.peak_hours.map((each) => [each.hour, each.entries]));
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    label: String(hour),
    value: byHour.get(hour) ?? 0,
  }));
  show(
    host,
    h("h2", {}, words.today(now.today.date)),
    todayFigures(now.today),
    h(
      "div",
      { class: "columns" },
      chartCard(
        words.days,
        barChart(days, {
          label: words.days,
          aim: month.target?.daily_target ?? null,
          text: (value) => `₹${count(Math.round(value))}`,
        }),
        words.day,
        days,
        rupees,
      ),
      chartCard(
        words.hours,
        barChart(hours, { label: words.hours, text: (value) => count(value) }),
        words.hour,
        hours,
        count,
      ),
    ),
    h(
      "div",
      { class: "columns" },
      h(
        "section",
        { class: "card" },
        h("h2", {}, words.occupancy),
        now.occupancy.zones.map(zonePart),
      ),
      alertsCard(now.alerts),
      devicesCard(now.devices),
      systemCard(now.system),
    ),
    h("h2", {}, words.overall),
    h(
      "dl",
      { class: "figures" },
      figure(words.revenue, rupees(now.overall.revenue)),
      figure(words.refunds, rupees(now.overall.refunds)),
      figure(words.sessions, count(now.overall.sessions)),
      figure(words.payments, count(now.overall.payments)),
      h(
        "div",
        {},
        h("dt", {}, words.users),
        h(
          "dd",
          { class: "long" },
          Object.entries(now.overall.users)
            .filter(([, number]) => number > 0)
            .map(([role, number]) => `${number} ${common.roles[role] ?? role}`)
            .join(", "),
        ),
      ),
    ),
  );
}
