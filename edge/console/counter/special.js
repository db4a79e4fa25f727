// What is out of the ordinary about a stay: its ticket is lost, it is let out unpaid, it is ended.
import { once } from "/assets/common/api.js";
import { ask, askReason } from "/assets/common/forms.js";
import { dateTime, h, rupees } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { texts } from "/assets/counter/texts.js";

const path = (bill, act) => `/api/staff/sessions/${encodeURIComponent(bill.session_id)}/${act}/`;

/** Gives back the bill with the arm open, or undefined. */
export function letOut(bill, gates) {
  const send = once();
  return askReason({
    title: texts.letOut.title,
    text: texts.letOut.about,
    submit: texts.letOut.submit,
    more: [
      { name: "gate", label: texts.letOut.gate, options: gates.slice(1), required: true },
      { name: "reference", label: texts.letOut.reference, maxlength: 64 },
      ...(bill.suspicion
        ? [
            {
              name: "stay",
              label: texts.bill.stay,
              required: true,
              options: (bill.stays ?? []).map((each) => [each.stay, texts.bill.stays[each.stay]]),
            },
          ]
        : []),
    ],
    act: async (values) => (await send(path(bill, "let-out"), values)).data,
  });
}

/** Gives back what became of it, or undefined. */
export function terminate(bill) {
  const send = once();
  return askReason({
    title: texts.terminate.title,
    text: `${texts.terminate.about} ${rupees(bill.amount_due)}`,
    submit: texts.terminate.submit,
    danger: true,
    act: async (values) => (await send(path(bill, "terminate"), values)).data,
  });
}

/** A new ticket for a stay; `named` is what is known of it. Gives back the bill with `qr_code`, or undefined. */
export async function lostTicket(named = {}) {
  const words = texts.lost;
  const asked = { ...named };
  const send = once();
  return ask({
    title: words.title,
    text: words.about,
    submit: words.submit,
    fields: [
      ...(named.session_id
        ? []
        : [
            {
              name: "vehicle_number",
              label: words.vehicle,
              required: true,
              value: named.vehicle_number,
              autocomplete: "off",
            },
          ]),
      { name: "reason", label: common.reason, required: true, maxlength: 200 },
    ],
    act: async (values) => {
      try {
        return (await send("/api/staff/lost-ticket/", { ...asked, ...values })).data;
      } catch (wrong) {
        if (wrong.code === "several_sessions") return chooseOf(wrong.data.sessions, values.reason);
        if (wrong.code === "invalid_qr" || wrong.status === 404) return openFrom(values);
        throw wrong;
      }
    },
  });
}

function chooseOf(sessions, reason) {
  const send = once();
  return ask({
    title: texts.lost.several,
    submit: texts.lost.choose,
    fields: [
      {
        name: "session_id",
        label: texts.lost.several,
        required: true,
        options: sessions.map((each) => [
          each.session_id,
          `${each.vehicle_number || "–"} · ${each.slot_number || each.zone_name} · ${dateTime(each.entry_time)}`,
        ]),
      },
    ],
    act: async (values) => (await send("/api/staff/lost-ticket/", { ...values, reason })).data,
  });
}

async function openFrom(values) {
  const { read } = await import("/assets/common/api.js");
  const { zones } = await read("/api/public/zones/");
  const send = once();
  return ask({
    title: texts.lost.unknown,
    text: texts.lost.unknownAbout,
    submit: texts.lost.submit,
    fields: [
      { name: "entered_at", label: texts.lost.entered, type: "datetime-local", required: true },
      {
        name: "zone_id",
        label: texts.lost.zone,
        required: true,
        options: zones.map((zone) => [zone.zone_id, zone.name]),
      },
    ],
    act: async (more) => (await send("/api/staff/lost-ticket/", { ...values, ...more })).data,
  });
}

/** Buttons for a bill; `after(bill)` draws what has become of it, `told(text)` says so. */
export function specialButtons(bill, gates, { after, told }) {
  const button = (text, kind, act) =>
    h("button", { type: "button", class: kind, onclick: act }, text);
  return [
    button(texts.bill.lost, "plain small", async () => {
      const made = await lostTicket({ session_id: bill.session_id });
      if (made?.session_id) after(made);
    }),
    gates.length > 1
      ? button(texts.bill.letOutUnpaid, "plain small", async () => {
          const out = await letOut(bill, gates);
          if (out) after(out);
        })
      : null,
    button(texts.bill.terminate, "danger small", async () => {
      const ended = await terminate(bill);
      if (ended) told(texts.terminate.done(rupees(ended.written_off)));
    }),
  ].filter(Boolean);
}
