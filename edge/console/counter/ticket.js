// A new ticket: the form for it, and the ticket itself, to be shown and printed.
import { once, read } from "/assets/common/api.js";
import { form } from "/assets/common/forms.js";
import { facts, h, notice, printSheet, show } from "/assets/common/page.js";
import { texts as common } from "/assets/common/texts.js";
import { texts } from "/assets/counter/texts.js";

const words = texts.ticket;

/** Ids of the gates that lead in (or out), for a select; the first, `none`, is no gate in particular. */
export async function gateOptions(direction, none = common.noGate) {
  const { gates } = await read("/api/staff/gates/");
  const there = gates.filter((gate) => gate.direction === direction || gate.direction === "both");
  return [["", none], ...there.map((gate) => [gate.gate, gate.gate])];
}

async function zoneOptions() {
  const { zones } = await read("/api/public/zones/");
  return zones
    .filter((zone) => zone.is_active)
    .map((zone) => [
      zone.zone_id,
      zone.available_slots > 0
        ? words.zoneFree(zone.name, zone.available_slots, zone.hourly_rate)
        : words.zoneFull(zone.name),
    ]);
}

const picture = (ticket) =>
  h("img", {
    class: "qr",
    alt: ticket.qr_code,
    src: `/api/user/sessions/${encodeURIComponent(ticket.session_id)}/qr.svg`,
  });

function ticketParts(ticket) {
  return [
    h("h2", {}, words.title),
    picture(ticket),
    h("p", { class: "code" }, ticket.qr_code),
    facts([
      [words.vehicle, ticket.vehicle_number],
      [words.zone, ticket.zone_name],
      [words.slot, ticket.slot_number],
    ]),
    h("p", {}, words.keep),
  ];
}

/** The ticket that was just issued, with a button to print it. */
export function ticketCard(ticket, told) {
  return h(
    "section",
    { class: "card", id: "ticket" },
    notice(told, "good"),
    picture(ticket),
    h("p", { class: "code", id: "ticket-code" }, ticket.qr_code),
    facts([
      [words.vehicle, ticket.vehicle_number],
      [words.zone, ticket.zone_name],
      [words.slot, ticket.slot_number],
    ]),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", onclick: () => printSheet(ticketParts(ticket)) }, words.print),
    ),
  );
}

/** The form in `host`; what was issued is shown below it. */
export async function drawTicketForm(host) {
  const [zones, gates] = await Promise.all([zoneOptions(), gateOptions("entry")]);
  if (zones.length === 0) return show(host, notice(words.noZones, "warn"));
  const issued = h("div", { "aria-live": "polite" });
  const issue = once();
  const ask = form({
    fields: [
      {
        name: "vehicle_number",
        label: words.vehicle,
        required: true,
        autofocus: true,
        autocomplete: "off",
        autocapitalize: "characters",
        hint: words.hint,
      },
      { name: "owner_name", label: words.owner, maxlength: 100, autocomplete: "off" },
      { name: "zone_id", label: words.zone, options: zones, required: true },
      { name: "gate", label: words.gate, options: gates },
    ],
    submit: words.issue,
    act: async (values, whole) => {
      const said = await issue("/api/staff/walk-in/", values);
      show(
        issued,
        ticketCard(
          said.data,
          values.gate ? words.entered(said.data.slot_number) : words.issued(said.data.slot_number),
        ),
      );
      whole.input("vehicle_number").value = "";
      whole.input("owner_name").value = "";
      whole.input("vehicle_number").focus();
      const fresh = new Map(await zoneOptions());
      for (const option of whole.input("zone_id").options)
        option.textContent = fresh.get(option.value) ?? `${option.value}: ${words.closed}`;
    },
  });
  show(host, h("section", { class: "card" }, ask), issued);
  ask.input("vehicle_number").focus();
  return host;
}
