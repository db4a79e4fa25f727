// The log of what went wrong.
import { get, once, read } from "/assets/common/api.js";
import { form } from "/assets/common/forms.js";
import { dateTime, h, notice, show, table } from "/assets/common/page.js";
import { texts } from "/assets/staff/texts.js";

const words = texts.incidents;

const columns = [
  { name: words.when, text: (row) => dateTime(row.created_at) },
  { name: words.kind, text: (row) => words.kinds[row.kind] ?? row.kind },
  { name: words.description, text: (row) => row.description, kind: "words" },
  { name: words.gate, text: (row) => row.gate ?? "" },
  { name: words.slot, text: (row) => row.slot ?? "" },
  { name: words.vehicle, text: (row) => row.vehicle_number ?? "" },
  { name: words.who, text: (row) => row.user },
];

export async function drawIncidents(host, query = {}) {
  const { gates } = await read("/api/staff/gates/");
  const log = h("div", {});
  const note = once();
  const draw = async () => {
    const { data } = await get("/api/staff/incidents/", { page_size: 50 });
    show(log, table(columns, data.incidents, { empty: words.none }));
  };
  const ask = form({
    fields: [
      { name: "kind", label: words.kind, required: true, options: Object.entries(words.kinds) },
      {
        name: "gate",
        label: words.gate,
        options: [["", "–"], ...gates.map((gate) => [gate.gate, gate.gate])],
      },
      { name: "slot", label: words.slot, value: query.slot, autocomplete: "off" },
      { name: "vehicle_number", label: words.vehicle, autocomplete: "off" },
      {
        name: "description",
        label: words.description,
        type: "long",
        required: true,
        maxlength: 1000,
      },
    ],
    submit: words.submit,
    act: async (values, whole) => {
      await note("/api/staff/incidents/", values);
      show(whole.told, notice(words.noted, "good"));
      for (const name of ["description", "slot", "vehicle_number"]) whole.input(name).value = "";
      await draw();
    },
  });
  show(
    host,
    h("section", { class: "card" }, h("h2", {}, words.new), ask),
    h("section", { class: "stack" }, h("h2", {}, words.log), log),
  );
  await draw();
}
