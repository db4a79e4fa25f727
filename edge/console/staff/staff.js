// The staff's desk: what stands at the gates now, and everything that is done at the counter.
import { frame, reportTo, sections, h, show } from "/assets/common/page.js";
import { listen, soon } from "/assets/common/live.js";
import { drawFind } from "/assets/counter/find.js";
import { drawAlerts, noteAlert } from "/assets/staff/alerts.js";
import { drawIncidents } from "/assets/staff/incidents.js";
import { drawLanes, noteBarrier } from "/assets/staff/lanes.js";
import { drawSessions } from "/assets/staff/sessions.js";
import { drawShift } from "/assets/staff/shift.js";
import { drawSlots } from "/assets/staff/slots.js";
import { texts } from "/assets/staff/texts.js";

const drawers = {
  counter: drawCounter,
  lanes: drawLanes,
  sessions: drawSessions,
  slots: drawSlots,
  shift: drawShift,
  incidents: drawIncidents,
  alerts: drawAlerts,
};
// Drawn anew by themselves; in the others somebody may be typing.
const liveSections = new Set(["lanes", "sessions", "slots"]);

let opened = "";
const host = h("div", { class: "stack" });
const { bar, follow } = sections(texts.sections, open);
const main = frame({ title: texts.title, tabs: bar });

/** What stands behind `?` in the part after `#`: `#counter?slot=A-001`. */
const asked = () => Object.fromEntries(new URLSearchParams(location.hash.split("?")[1] ?? ""));

async function draw(name) {
  const fresh = h("div", { class: "stack" });
  try {
    await drawers[name](fresh, asked());
  } catch (wrong) {
    reportTo(fresh, wrong);
  }
  if (opened === name) show(host, fresh);
  fresh.querySelector("[autofocus]")?.focus();
}

function open(name) {
  opened = name;
  draw(name);
}

function drawCounter(into, query) {
  const links = [
    h("a", { class: "button plain", href: "/parking/entry/" }, texts.newTicket),
    h("a", { class: "button plain", href: "/parking/entry-qr-scan/" }, texts.entryScan),
  ];
  return drawFind(into, { query: Object.keys(query).length > 0 ? query : null, others: links });
}

const redraw = soon(() => {
  // Not under a pointer or a dialog: what somebody is about to press stays where it is.
  if (
    liveSections.has(opened) &&
    !document.querySelector("dialog[open]") &&
    !host.contains(document.activeElement)
  )
    draw(opened);
});

const live = listen({
  barrier: (barrier) => {
    if (!noteBarrier(host, barrier)) redraw();
  },
  decision: redraw,
  scan: () => {},
  slot: redraw,
  zone: () => {},
  lot: () => {},
  alert: (alert) => {
    noteAlert(alert);
    if (opened === "alerts") draw("alerts");
  },
});
document.querySelector("header.top .who")?.prepend(live);
show(main, host);
follow();
