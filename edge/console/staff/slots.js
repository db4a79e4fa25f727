// Every slot, and first those where sensor and books disagree.
import { read } from "/assets/common/api.js";
import { badge, dateTime, h, notice, show, table } from "/assets/common/page.js";
import { texts } from "/assets/staff/texts.js";

const words = texts.slots;
const kindOf = { free: "good", occupied: "bad", reserved: "warn" };

const sensorText = (sensor) =>
  [
    words.sensor_words[sensor.state] ?? sensor.state,
    sensor.battery_percent == null ? null : words.battery(sensor.battery_percent),
  ]
    .filter(Boolean)
    .join(", ");

const columns = [
  { name: words.slot, text: (row) => h("strong", {}, row.slot_number) },
  {
    name: words.status,
    text: (row) => badge(words.status_words[row.status] ?? row.status, kindOf[row.status]),
  },
  {
    name: words.discrepancy,
    text: (row) =>
      row.discrepancy ? badge(words.says[row.discrepancy] ?? row.discrepancy, "bad") : "",
  },
  { name: words.vehicle, text: (row) => row.vehicle_number ?? "" },
  { name: words.sensor, text: (row) => sensorText(row.sensor) },
  { name: words.since, text: (row) => dateTime(row.since) },
];
const acts = {
  name: "",
  kind: "actions",
  text: (row) =>
    h(
      "a",
      {
        class: "button small plain",
        href: `#incidents?slot=${encodeURIComponent(row.slot_number)}`,
      },
      words.incident,
    ),
};

export async function drawSlots(host) {
  const { zones, slots, discrepancies } = await read("/api/staff/slot-status/");
  const wrong = slots.filter((slot) => slot.discrepancy);
  show(
    host,
    h(
      "dl",
      { class: "figures" },
      zones.map((zone) =>
        h(
          "div",
          {},
          h("dt", {}, zone.name),
          h("dd", {}, words.free(zone.available_slots, zone.total_slots)),
        ),
      ),
    ),
    h(
      "section",
      { class: "stack" },
      h("h2", {}, words.wrong),
      discrepancies === 0
        ? notice(words.right, "good")
        : table([...columns, acts], wrong, { kindOf: () => "bad" }),
    ),
    h("section", { class: "stack" }, h("h2", {}, words.all), table(columns, slots)),
  );
}
