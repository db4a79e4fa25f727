// Payments, refunds, sessions, shifts, and money that waits for a person.
import { once, read } from "/assets/common/api.js";
import { askReason } from "/assets/common/forms.js";
import { badge, dateTime, duration, h, notice, paise, rupees } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { anyOf, day, drawList, text } from "/assets/admin/lists.js";
import { texts } from "/assets/admin/texts.js";
import { receiptCard } from "/assets/counter/receipt.js";
import { zReport } from "/assets/staff/shift.js";

const columns = texts.columns;
const filters = texts.filters;
const acts = texts.acts;
const kindOf = {
  SUCCESS: "good",
  PENDING: "warn",
  CREATING: "warn",
  FAILED: "bad",
  ACTIVE: "good",
  EXIT_PENDING: "warn",
};
export const button = (name, act, kind = "plain small") =>
  h("button", { type: "button", class: kind, onclick: act }, name);
const status = (row) => badge(common.states[row.status] ?? row.status, kindOf[row.status]);
const session = (row) =>
  row.session_id
    ? h(
        "a",
        { class: "code", href: `#sessions?q=${encodeURIComponent(row.session_id)}` },
        row.session_id.slice(0, 8),
      )
    : "–";
const sum = (name, member, how = rupees) => ({
  name,
  text: (row) => how(row[member]),
  kind: "number",
});
const time = (name, member) => ({ name, text: (row) => dateTime(row[member]) });

async function refund(payment, again) {
  const give = once();
  const done = await askReason({
    title: acts.refundTitle(paise(payment.amount_paise)),
    text: acts.refundAbout,
    submit: acts.refund,
    danger: true,
    more: [
      {
        name: "amount",
        label: acts.amount,
        type: "number",
        min: 0,
        step: "0.01",
        inputmode: "decimal",
      },
    ],
    act: (values) => give("/api/admin/refunds/", { payment_id: payment.payment_id, ...values }),
  });
  if (done) again();
}

const totals = (said) =>
  h(
    "p",
    { class: "row" },
    Object.entries(said.data.totals ?? {}).map(([method, total]) =>
      badge(
        `${common.methods[method] ?? method}: ${total.payments}, ${paise(total.amount_paise)}${total.refunded_paise > 0 ? ` − ${paise(total.refunded_paise)}` : ""}`,
      ),
    ),
  );

export const drawPayments = (host) =>
  drawList(host, {
    path: "/api/admin/payments/",
    plural: "payments",
    csv: true,
    above: totals,
    filters: [
      day("start_date", filters.from),
      day("end_date", filters.to),
      anyOf("method", filters.method, Object.entries(common.methods)),
      anyOf("provider", filters.provider, ["razorpay", "phonepe"]),
      anyOf("status", filters.status, [
        "PENDING",
        "SUCCESS",
        "FAILED",
        "EXPIRED",
        "PARTIALLY_REFUNDED",
        "REFUNDED",
      ]),
    ],
    columns: [
      time(columns.when, "created_at"),
      { name: columns.method, text: (row) => common.methods[row.method] ?? row.method },
      { name: columns.provider, text: (row) => row.provider },
      sum(columns.amount, "amount_paise", paise),
      { name: columns.status, text: status },
      { name: columns.session, text: session },
      {
        name: columns.reference,
        text: (row) => h("span", { class: "code" }, row.provider_payment_id ?? row.payment_id),
      },
      {
        name: "",
        kind: "actions",
        text: (row) =>
          ["SUCCESS", "PARTIALLY_REFUNDED"].includes(row.status)
            ? button(acts.refund, () => refund(row, host.again))
            : "",
      },
    ],
  });

export const drawRefunds = (host) =>
  drawList(host, {
    path: "/api/admin/refunds/",
    plural: "refunds",
    csv: true,
    filters: [
      day("from", filters.from),
      day("to", filters.to),
      anyOf("status", filters.status, ["PENDING", "SUCCESS", "FAILED"]),
    ],
    columns: [
      time(columns.when, "created_at"),
      { name: columns.method, text: (row) => common.methods[row.method] ?? row.method },
      sum(columns.amount, "amount_paise", paise),
      { name: columns.status, text: status },
      { name: columns.reason, text: (row) => row.reason, kind: "words" },
      { name: columns.session, text: session },
    ],
  });

async function showReceipt(row) {
  const card = await receiptCard(row.session_id);
  const box = h(
    "dialog",
    { "aria-label": acts.receipt },
    card ?? notice(texts.list.empty, "warn"),
    button(common.close, () => box.close()),
  );
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

export const drawSessions = (host, query) =>
  drawList(host, {
    path: "/api/admin/all-sessions/",
    plural: "sessions",
    csv: true,
    start: query,
    filters: [
      text("q", filters.search),
      anyOf("status", filters.status, Object.entries(common.states)),
      day("from", filters.from),
      day("to", filters.to),
      text("vehicle_number", filters.vehicle),
      text("zone_id", filters.zone),
      text("user", filters.user),
    ],
    columns: [
      { name: columns.number, text: (row) => String(row.number), kind: "number" },
      { name: columns.vehicle, text: (row) => h("strong", {}, row.vehicle_number ?? "–") },
      { name: columns.owner, text: (row) => row.owner_name || "–" },
      { name: columns.status, text: status },
      { name: columns.zone, text: (row) => row.zone_name },
      { name: columns.slot, text: (row) => row.slot_number },
      time(columns.entry, "entry_time"),
      time(columns.exit, "exit_time"),
      { name: columns.duration, text: (row) => duration(row.duration_minutes), kind: "number" },
      sum(columns.charged, "amount_so_far"),
      sum(columns.paid, "amount_paid"),
      { name: columns.method, text: (row) => common.methods[row.payment_method] ?? "–" },
      {
        name: "",
        kind: "actions",
        text: (row) => (row.exit_time ? button(acts.receipt, () => showReceipt(row)) : ""),
      },
    ],
  });

async function showReport(row) {
  const path = `/api/admin/shifts/${encodeURIComponent(row.shift_id)}/`;
  const shift = await read(path);
  const box = h(
    "dialog",
    { "aria-label": acts.zReport },
    zReport(shift),
    h(
      "div",
      { class: "row" },
      h(
        "a",
        {
          class: "button plain",
          href: `${path}?format=pdf`,
          target: "_blank",
          rel: "noopener",
        },
        acts.pdf,
      ),
      button(common.close, () => box.close(), "plain"),
    ),
  );
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

export const drawShifts = (host) =>
  drawList(host, {
    path: "/api/admin/shifts/",
    plural: "shifts",
    csv: true,
    filters: [
      day("from", filters.from),
      day("to", filters.to),
      text("user", filters.user),
      anyOf("open", filters.open, [
        ["true", filters.yes],
        ["false", filters.no],
      ]),
    ],
    columns: [
      { name: columns.number, text: (row) => String(row.z_number ?? "–"), kind: "number" },
      { name: columns.user, text: (row) => row.user },
      time(columns.opened, "opened_at"),
      time(columns.closed, "closed_at"),
      sum(columns.float, "float"),
      sum(columns.expected, "expected"),
      sum(columns.counted, "counted"),
      {
        name: columns.over,
        text: (row) => (row.over > 0 ? badge(rupees(row.over), "warn") : ""),
        kind: "number",
      },
      {
        name: columns.short,
        text: (row) => (row.short > 0 ? badge(rupees(row.short), "bad") : ""),
        kind: "number",
      },
      {
        name: "",
        kind: "actions",
        text: (row) =>
          row.closed_at ? button(acts.zReport, () => showReport(row)) : "",
      },
    ],
  });

async function resolve(row, again) {
  const send = once();
  const done = await askReason({
    title: acts.resolveTitle,
    text: row.reason,
    submit: acts.resolve,
    danger: true,
    more: [
      {
        name: "action",
        label: acts.what,
        options: Object.entries(acts.resolveActs),
        required: true,
      },
      { name: "session_id", label: acts.sessionId },
    ],
    act: (values) =>
      send(`/api/admin/exceptions/${encodeURIComponent(row.exception_id)}/resolve/`, values),
  });
  if (done) again();
}

export const drawExceptions = (host) =>
  drawList(host, {
    path: "/api/admin/exceptions/",
    plural: "exceptions",
    csv: true,
    filters: [
      text("kind", filters.kind),
      anyOf("open", filters.open, [
        ["true", filters.yes],
        ["false", filters.no],
      ]),
      day("from", filters.from),
      day("to", filters.to),
    ],
    columns: [
      time(columns.when, "created_at"),
      { name: columns.kind, text: (row) => row.kind.replaceAll("_", " ") },
      sum(columns.amount, "amount_paise", paise),
      { name: columns.session, text: session },
      { name: columns.reason, text: (row) => row.reason, kind: "words" },
      {
        name: "",
        kind: "actions",
        text: (row) =>
          row.resolved
            ? badge(columns.resolved, "good")
            : button(acts.resolve, () => resolve(row, host.again)),
      },
    ],
    kindOf: (row) => (row.resolved ? null : "warn"),
  });
