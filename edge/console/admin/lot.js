// Zones and slots: what the lot consists of and what an hour costs.
import { call, post } from "/assets/common/api.js";
import { ask } from "/assets/common/forms.js";
import { badge, dateTime, h } from "/assets/common/page.js";
import { button } from "/assets/admin/money.js";
import { anyOf, drawList, text } from "/assets/admin/lists.js";
import { texts } from "/assets/admin/texts.js";

const columns = texts.columns;
const acts = texts.acts;
const yesNo = [
  ["true", texts.filters.yes],
  ["false", texts.filters.no],
];
const zonesPath = "/api/admin/zones/";
const slotsPath = "/api/admin/slots/";
const of = (path, id) => `${path}${encodeURIComponent(id)}/`;

const zoneFields = (zone) => [
  { name: "name", label: acts.zoneName, required: true, value: zone?.name, maxlength: 100 },
  {
    name: "hourly_rate",
    label: acts.rate,
    required: true,
    value: zone?.hourly_rate,
    inputmode: "decimal",
  },
  { name: "operating_hours", label: acts.hours, value: zone?.operating_hours },
  { name: "contact", label: acts.contact, value: zone?.contact },
  { name: "location", label: acts.location, value: zone?.location },
];
const changed = (before, values) =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => before[name] !== value));

const createZone = (again) =>
  ask({
    title: acts.newZone,
    submit: acts.save,
    fields: [
      { name: "zone_id", label: acts.zoneId, required: true, maxlength: 64 },
      ...zoneFields(null),
    ],
    act: (values) => post(zonesPath, values),
  }).then((done) => done && again());

const editZone = (zone, again) =>
  ask({
    title: acts.editZone(zone.name),
    submit: acts.save,
    fields: [
      ...zoneFields(zone),
      { name: "is_active", label: acts.isActive, type: "checkbox", value: zone.is_active },
      { name: "walk_in", label: acts.walkIn, type: "checkbox", value: zone.walk_in },
    ],
    act: (values) => call("PATCH", of(zonesPath, zone.zone_id), changed(zone, values)),
  }).then((done) => done && again());

const removeZone = (zone, again) =>
  ask({
    title: acts.removeZone(zone.name),
    text: acts.removeZoneAbout,
    submit: acts.remove,
    danger: true,
    fields: [],
    act: () => call("DELETE", of(zonesPath, zone.zone_id)),
  }).then((done) => done && again());

export const drawZones = (host) =>
  drawList(host, {
    path: zonesPath,
    plural: "zones",
    csv: false,
    before: h(
      "div",
      { class: "row" },
      button(acts.newZone, () => createZone(host.again), ""),
    ),
    columns: [
      { name: columns.number, text: (row) => h("strong", {}, row.zone_id) },
      { name: columns.name, text: (row) => row.name },
      { name: columns.rate, text: (row) => `₹${row.hourly_rate}`, kind: "number" },
      {
        name: columns.active,
        text: (row) =>
          row.is_active ? badge(columns.active, "good") : badge(columns.closed, "warn"),
      },
      { name: columns.total, text: (row) => String(row.total_slots ?? "–"), kind: "number" },
      { name: acts.walkIn, text: (row) => (row.walk_in ? texts.filters.yes : texts.filters.no) },
      {
        name: "",
        kind: "actions",
        text: (row) =>
          h(
            "span",
            {},
            button(acts.edit, () => editZone(row, host.again)),
            " ",
            button(acts.remove, () => removeZone(row, host.again), "danger small"),
          ),
      },
    ],
  });

const createSlot = (again) =>
  ask({
    title: acts.newSlot,
    submit: acts.save,
    fields: [
      { name: "slot_id", label: acts.slotName, maxlength: 64, hint: acts.slotNameHint },
      { name: "zone_id", label: columns.zone, required: true },
    ],
    act: (values) => post(slotsPath, values),
  }).then((done) => done && again());

const maintain = (slot, again) =>
  ask({
    title: acts.maintenanceTitle(slot.slot_id),
    submit: acts.save,
    fields: [
      { name: "from", label: acts.since, type: "datetime-local" },
      { name: "to", label: acts.until, type: "datetime-local" },
      { name: "reason", label: columns.reason, required: true, maxlength: 200 },
    ],
    act: (values) => call("PATCH", of(slotsPath, slot.slot_id), { out_of_service: values }),
  }).then((done) => done && again());

const endMaintenance = (slot, again) =>
  ask({
    title: acts.endMaintenance,
    submit: acts.done,
    fields: [],
    act: () => call("PATCH", of(slotsPath, slot.slot_id), { out_of_service: null }),
  }).then((done) => done && again());

const removeSlot = (slot, again) =>
  ask({
    title: acts.removeSlot(slot.slot_id),
    text: acts.removeSlotAbout,
    submit: acts.remove,
    danger: true,
    fields: [],
    act: () => call("DELETE", of(slotsPath, slot.slot_id)),
  }).then((done) => done && again());

const maintenance = (row) =>
  row.out_of_service
    ? `${dateTime(row.out_of_service.from)} – ${row.out_of_service.to ? dateTime(row.out_of_service.to) : "…"}: ${row.out_of_service.reason ?? ""}`
    : "";

export const drawSlots = (host) =>
  drawList(host, {
    path: slotsPath,
    plural: "slots",
    csv: false,
    before: h(
      "div",
      { class: "row" },
      button(acts.newSlot, () => createSlot(host.again), ""),
    ),
    filters: [
      text("zone_id", texts.filters.zone),
      anyOf("closed", columns.closed, yesNo),
      anyOf("out_of_service", acts.maintenance, yesNo),
    ],
    columns: [
      { name: columns.slot, text: (row) => h("strong", {}, row.slot_id) },
      { name: columns.zone, text: (row) => row.zone_id },
      {
        name: columns.status,
        text: (row) =>
          row.closed
            ? badge(columns.closed, "warn")
            : row.out_of_service
              ? badge(acts.maintenance, "warn")
              : badge(columns.active, "good"),
      },
      { name: acts.maintenance, text: maintenance, kind: "words" },
      {
        name: "",
        kind: "actions",
        text: (row) =>
          h(
            "span",
            {},
            row.out_of_service
              ? button(acts.endMaintenance, () => endMaintenance(row, host.again))
              : button(acts.maintenance, () => maintain(row, host.again)),
            " ",
            button(acts.remove, () => removeSlot(row, host.again), "danger small"),
          ),
      },
    ],
  });
