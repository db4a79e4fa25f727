// What watches over the lot: alerts, devices, scans, and the audit chain.
import { post } from "/assets/common/api.js";
import { badge, dateTime, h, pressed } from "/assets/common/page.js";
import { anyOf, day, drawList, text } from "/assets/admin/lists.js";
import { texts } from "/assets/admin/texts.js";

const columns = texts.columns;
const filters = texts.filters;
const acts = texts.acts;
const kindOfSeverity = { critical: "bad", warning: "warn" };
const kindOfState = {
  ok: "good",
  low_battery: "warn",
  silent: "warn",
  fault: "bad",
  offline: "bad",
};
const kindOfDecision = { open: "good", pay: "warn", wait: "warn", deny: "bad" };
const time = (name, member) => ({ name, text: (row) => dateTime(row[member]) });
const word = (name, member) => ({
  name,
  text: (row) => (row[member] == null ? "–" : String(row[member]).replaceAll("_", " ")),
});
const span = (list) => [day("from", filters.from), day("to", filters.to), ...list];

function acknowledge(row, host) {
  if (row.acknowledged_at) return badge(`${acts.acknowledged}: ${row.acknowledged_by ?? ""}`);
  const made = h("button", { type: "button", class: "plain small" }, acts.acknowledge);
  made.addEventListener("click", () =>
    pressed(made, host.querySelector("[aria-live]"), async () => {
      await post(`/api/admin/alerts/${encodeURIComponent(row.id)}/acknowledge/`);
      await host.again();
    }),
  );
  return made;
}

export const drawAlerts = (host) =>
  drawList(host, {
    path: "/api/admin/alerts/",
    plural: "alerts",
    csv: true,
    filters: span([
      text("kind", filters.kind),
      anyOf("severity", filters.severity, ["critical", "warning", "info"]),
      anyOf("open", filters.open, [
        ["true", filters.yes],
        ["false", filters.no],
      ]),
    ]),
    columns: [
      time(columns.when, "raised_at"),
      { name: columns.severity, text: (row) => badge(row.severity, kindOfSeverity[row.severity]) },
      word(columns.kind, "kind"),
      { name: columns.subject, text: (row) => row.subject },
      { name: columns.message, text: (row) => row.message, kind: "words" },
      time(columns.cleared, "cleared_at"),
      { name: "", kind: "actions", text: (row) => acknowledge(row, host) },
    ],
  });

export const drawDevices = (host) =>
  drawList(host, {
    path: "/api/admin/devices/",
    plural: "devices",
    csv: true,
    filters: [
      anyOf("kind", filters.kind, ["sensor", "barrier"]),
      anyOf("state", filters.state, Object.entries(texts.dashboard.device)),
      text("zone_id", filters.zone),
    ],
    columns: [
      { name: columns.name, text: (row) => h("strong", {}, row.device) },
      word(columns.kind, "kind"),
      word(columns.place, "place"),
      {
        name: columns.status,
        text: (row) =>
          badge(texts.dashboard.device[row.state] ?? row.state, kindOfState[row.state]),
      },
      time(columns.heard, "heard_at"),
      {
        name: columns.battery,
        text: (row) => (row.battery_percent == null ? "–" : `${row.battery_percent} %`),
        kind: "number",
      },
      { name: columns.firmware, text: (row) => row.firmware || "–" },
    ],
  });

export const drawScans = (host) =>
  drawList(host, {
    path: "/api/admin/scans/",
    plural: "scans",
    csv: true,
    filters: span([
      text("gate", filters.gate),
      anyOf("decision", filters.decision, ["open", "pay", "wait", "deny"]),
    ]),
    columns: [
      time(columns.when, "received_at"),
      { name: columns.gate, text: (row) => row.gate },
      word(columns.kind, "kind"),
      {
        name: columns.decision,
        text: (row) => (row.decision ? badge(row.decision, kindOfDecision[row.decision]) : "–"),
      },
      word(columns.reason, "reason"),
      { name: columns.code, text: (row) => h("span", { class: "code" }, row.code) },
    ],
  });

const written = (name, member) => ({
  name,
  text: (row) => h("span", { class: "code" }, row[member] ?? "–"),
  kind: "words",
});

export const drawAudit = (host) =>
  drawList(host, {
    path: "/api/admin/audit/",
    plural: "audit",
    csv: true,
    filters: span([
      text("user", filters.user),
      text("action", filters.action),
      text("outcome", filters.outcome),
      text("q", filters.search),
    ]),
    columns: [
      { name: columns.number, text: (row) => String(row.sequence ?? "–"), kind: "number" },
      time(columns.when, "at"),
      word(columns.user, "user"),
      word(columns.role, "role"),
      { name: columns.action, text: (row) => row.action },
      word(columns.outcome, "outcome"),
      word(columns.address, "address"),
      written(columns.targets, "targets"),
      written(columns.detail, "detail"),
    ],
  });
