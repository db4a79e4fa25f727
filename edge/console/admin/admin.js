// The administration: one section at a time, each a list, a report or a form.
import { Refused } from "/assets/common/api.js";
import { frame, h, notice, reportTo, sections, show } from "/assets/common/page.js";
import { drawDashboard } from "/assets/admin/dashboard.js";
import { drawAlerts, drawAudit, drawDevices, drawScans } from "/assets/admin/house.js";
import { drawSlots, drawZones } from "/assets/admin/lot.js";
import {
  drawExceptions,
  drawPayments,
  drawRefunds,
  drawSessions,
  drawShifts,
} from "/assets/admin/money.js";
import { drawUsers } from "/assets/admin/people.js";
import { drawRevenue } from "/assets/admin/revenue.js";
import { drawSettings } from "/assets/admin/settings.js";
import { texts } from "/assets/admin/texts.js";

const drawers = {
  dashboard: drawDashboard,
  revenue: drawRevenue,
  payments: drawPayments,
  refunds: drawRefunds,
  sessions: drawSessions,
  users: drawUsers,
  zones: drawZones,
  slots: drawSlots,
  shifts: drawShifts,
  exceptions: drawExceptions,
  alerts: drawAlerts,
  devices: drawDevices,
  scans: drawScans,
  audit: drawAudit,
  settings: drawSettings,
};

const dashboardEvery = 30_000;

let opened = "";
const host = h("div", { class: "stack" });
const { bar, follow } = sections(texts.sections, open);
const main = frame({ title: texts.title, tabs: bar });

async function open(name) {
  opened = location.hash;
  const mine = opened;
  const fresh = h("div", { class: "stack", "data-section": name });
  try {
    await drawers[name](
      fresh,
      Object.fromEntries(new URLSearchParams(location.hash.split("?")[1] ?? "")),
    );
  } catch (wrong) {
    if (wrong instanceof Refused && wrong.code === "not_found")
      show(fresh, notice(texts.list.missing, "warn"));
    else reportTo(fresh, wrong);
  }
  if (opened === mine) show(host, fresh);
}

show(main, host);
follow();
setInterval(() => {
  // The figures of a lot that lives; a list stays as it is while somebody reads it.
  const name = host.firstElementChild?.dataset.section;
  if (name === "dashboard" && !document.hidden && !host.querySelector("details[open]")) open(name);
}, dashboardEvery);
