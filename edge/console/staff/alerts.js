// Alerts that are open, as the stream tells them.
import { badge, dateTime, h, notice, show, table } from "/assets/common/page.js";
import { texts } from "/assets/staff/texts.js";

const words = texts.alerts;
const kindOf = { critical: "bad", warning: "warn" };
const open = new Map();

const columns = [
  {
    name: words.severity,
    text: (row) => badge(words.severities[row.severity] ?? row.severity, kindOf[row.severity]),
  },
  { name: words.subject, text: (row) => row.subject },
  { name: words.message, text: (row) => row.message, kind: "words" },
  { name: words.kind, text: (row) => row.kind.replaceAll("_", " ") },
  { name: words.when, text: (row) => dateTime(row.ts) },
];

/** Keeps what is open, and shows how many there are beside the section's name. */
export function noteAlert(alert) {
  if (alert.cleared) open.delete(alert.id);
  else open.set(alert.id, alert);
  const link = document.querySelector('.tabs a[href="#alerts"]');
  if (!link) return;
  show(
    link,
    texts.sections.alerts,
    ...(open.size > 0 ? [" ", badge(String(open.size), "bad")] : []),
  );
}

export async function drawAlerts(host) {
  const newest = [...open.values()].sort((one, other) => other.ts.localeCompare(one.ts));
  show(
    host,
    open.size === 0
      ? notice(words.none, "good")
      : h("div", {}, table(columns, newest, { kindOf: (row) => kindOf[row.severity] })),
  );
}
