// The live board: draws what GET /api/public/stream/ says.
//
// Events only note what is new; the page is touched once per animation frame, and for the first
// state of a large lot over several, so that ten thousand slots do not freeze it.

const streamAddress = "/api/public/stream/";
const silenceMax = 40_000;       // the gateway says `alive` every 15 s
const reopenAfter = 3_000;       // when the browser gave up by itself (the gateway answered 503)
const slotsPerFrame = 1_500;
const largeLot = 400;            // beyond, tiles are small, show their letter only and stand in
const slotsPerBlock = 100;       // blocks that say which slots they hold

const words = {
  free: "free",
  occupied: "occupied",
  reserved: "reserved",
  unknown: "unknown",
  out_of_service: "out of service",
};
const rupees = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" });
const number = new Intl.NumberFormat("en-IN");
const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const dayTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const zones = new Map();  // id → { said, generation, element, parts, block }
const slots = new Map();  // id → { said, generation, element, word, shown }
const staleZones = new Set();
const staleSlots = new Set();
let lot = null;
let lotIsStale = false;
let isLarge = false;
let generation = 0;       // of the whole state: rises with each connection
let prunedAt = 0;         // the generation whose whole state is known
let heardAt = 0;          // performance.now() of the last event
let heardTime = null;     // the wall clock then
let isLost = false;       // the stream is not there
let isDeaf = false;       // the gateway has no broker: sensors cannot be heard
let hearsSince = false;   // it was told that they can be
let deafTime = null;      // the wall clock when that ended; null: before this page looked
let frame = 0;
let source = null;
let reopening = 0;

const byId = (id) => document.getElementById(id);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// ---- What the stream says

function onZone(said) {
  const zone = zones.get(said.zone) ?? { element: null, block: null };
  zone.said = said;
  zone.generation = generation;
  zones.set(said.zone, zone);
  staleZones.add(said.zone);
}

function onSlot(said) {
  const slot = slots.get(said.slot) ?? { element: null, shown: "" };
  slot.said = said;
  slot.generation = generation;
  slots.set(said.slot, slot);
  staleSlots.add(said.slot);
}

function onLot(said) {
  lot = said;
  lotIsStale = true;
}

function onAlive(said) {
  const wasDeaf = isDeaf;
  isDeaf = said.broker === "down";
  if (isDeaf && !wasDeaf) deafTime = hearsSince ? new Date() : null;
  if (!isDeaf) hearsSince = true;
  if (isDeaf !== wasDeaf) showLine();
}

function listen(name, act) {
  source.addEventListener(name, (event) => {
    heardAt = performance.now();
    heardTime = new Date();
    act(JSON.parse(event.data));
    if (frame === 0) frame = requestAnimationFrame(draw);
  });
}

function open() {
  clearTimeout(reopening);
  reopening = 0;
  source?.close();
  source = new EventSource(streamAddress);
  source.addEventListener("open", () => {
    generation += 1;
    heardAt = performance.now();
    heardTime = new Date();
    isLost = false;
    showLine();
  });
  source.addEventListener("error", () => {
    isLost = true;
    showLine();
    if (source.readyState === EventSource.CLOSED && reopening === 0) {
      reopening = setTimeout(open, reopenAfter);
    }
  });
  listen("zone", onZone);
  listen("slot", onSlot);
  listen("lot", onLot);
  listen("alive", onAlive);
}

// A line that died without a word (a pulled cable) shows by its silence only.
function watchSilence() {
  if (source.readyState === EventSource.OPEN && performance.now() - heardAt > silenceMax) {
    isLost = true;
    showLine();
    open();
  }
}

// ---- What the page shows

function showLine() {
  byId("pulse").dataset.state = isLost ? "lost" : isDeaf ? "deaf" : "live";
  setText(byId("live-text"), liveText());
  document.body.classList.toggle("is-lost", isLost || isDeaf);
  const banner = byId("lost");
  setText(banner, isLost ? lostText() : isDeaf ? deafText() : "");
  banner.hidden = !isLost && !isDeaf;
}

function liveText() {
  if (isLost) return "Not connected";
  if (isDeaf) return "Not live · sensors cannot be heard";
  return heardTime ? `Live · updated ${clockTime.format(heardTime)}` : "Live";
}

// The time stays that of the last word, however often this is shown.
function lostText() {
  const since = heardTime ? ` from ${clockTime.format(heardTime)}` : "";
  return `Connection lost, showing the last known state${since}. Trying again …`;
}

function deafText() {
  const age = deafTime ? `Showing what was known at ${clockTime.format(deafTime)}.` : "What is shown may be old.";
  return `Sensors cannot be heard: the gateway has no connection to its broker. ${age}`;
}

function draw() {
  frame = 0;
  for (const id of staleZones) drawZone(zones.get(id));
  staleZones.clear();
  let left = slotsPerFrame;
  for (const id of staleSlots) {
    if (left-- === 0) break;
    staleSlots.delete(id);
    drawSlot(id, slots.get(id));
  }
  if (lotIsStale) drawLot();
  if (staleSlots.size > 0) frame = requestAnimationFrame(draw);
  else forgetWhatIsGone();
  if (source.readyState === EventSource.OPEN) setText(byId("live-text"), liveText());
}

function drawLot() {
  lotIsStale = false;
  setText(byId("lot-name"), lot.name);
  const isEmpty = lot.total === 0;  // a lot without slots is neither full nor free
  const isFull = lot.available === 0 && !isEmpty;
  const available = number.format(lot.available);
  document.title = `${isEmpty ? "No slots" : isFull ? "Full" : `${available} free`} · ${lot.name}`;
  byId("lot-free").dataset.full = isEmpty ? "empty" : String(isFull);
  setText(byId("free-count"), isEmpty ? "–" : isFull ? "Full" : available);
  setText(byId("free-word"), isEmpty ? "no slots" : isFull ? "" : "free");
  const free = lot.total - lot.occupied - lot.reserved - lot.unknown - lot.out_of_service;
  const shut = free - lot.available;
  const total = number.format(lot.total);
  setText(byId("free-of"), isEmpty ? "" : lot.available > 0 ? `of ${total}` : `${total} slots`);
  setText(byId("free-shut"), shut > 0 ? `${number.format(shut)} more in closed zones` : "");
  for (const [status, count] of Object.entries({ ...lot, free })) {
    if (status in words) setText(byId(`count-${status}`), number.format(count));
  }
  drawTraffic();
}

// Only where the lot has gates at which cars are counted; and a demo lot says that its hours are short.
function drawTraffic() {
  const isCounted = lot.inside !== undefined;
  byId("traffic").hidden = !isCounted;
  if (isCounted) {
    setText(byId("traffic-inside"), number.format(lot.inside));
    setText(byId("traffic-entries"), number.format(lot.entries_today));
    setText(byId("traffic-exits"), number.format(lot.exits_today));
  }
  const seconds = lot.minute_seconds ?? 60;
  byId("quick").hidden = seconds === 60;
  setText(byId("quick"), `A demo lot: a minute of parking passes in ${seconds} ${seconds === 1 ? "second" : "seconds"} here.`);
}

function makeZone(zone) {
  const id = `zone-${zone.said.zone}`;
  const section = element("section", "zone");
  section.setAttribute("aria-labelledby", id);
  const head = element("div", "zone-head");
  const title = element("h2");
  title.id = id;
  const rate = element("p", "zone-rate");
  const closed = element("p", "zone-closed", "Closed");
  const free = element("p", "zone-free");
  const count = element("strong");
  const of = element("span");
  free.append(count, of);
  head.append(title, rate, closed, free);
  const share = element("div", "share");
  share.setAttribute("aria-hidden", "true");
  for (const status of ["occupied", "reserved", "unknown", "out_of_service"]) {
    share.append(element("span", status));
  }
  const blocks = element("div", "blocks");
  section.append(head, share, blocks);
  zone.element = section;
  zone.parts = { title, rate, closed, free, count, of, share, blocks };
  byId("zones").append(section);
}

function drawZone(zone) {
  if (!zone.element) makeZone(zone);
  const { said, parts } = zone;
  setText(parts.title, said.name);
  setText(parts.rate, `${rupees.format(said.hourly_rate_paise / 100)} per hour`);
  parts.closed.hidden = said.active;
  const total = number.format(said.total);
  parts.free.dataset.full = String(said.available === 0);
  if (said.total === 0) {
    setText(parts.count, "No slots");
    setText(parts.of, "");
  } else if (said.available > 0) {
    setText(parts.count, number.format(said.available));
    setText(parts.of, ` of ${total} free`);
  } else {
    setText(parts.count, said.active ? "Full" : "");  // that a zone is closed stands beside its name
    setText(parts.of, said.active ? ` · ${total} slots` : `${total} slots`);
  }
  for (const bar of parts.share.children) {
    bar.style.flexBasis = said.total > 0 ? `${(100 * said[bar.className]) / said.total}%` : "0";
  }
}

// All zones are told before the first slot, so the size of the lot is known by then.
function makeBlock(zone, firstId) {
  if (!isLarge) {
    let total = 0;
    for (const other of zones.values()) total += other.said.total;
    isLarge = total > largeLot;
    document.body.classList.toggle("large", isLarge);
  }
  const block = element("div", "block");
  zone.block = { firstId, name: element("h3", "block-name"), list: element("ul", "slots"), count: 0 };
  block.append(zone.block.name, zone.block.list);
  zone.parts.blocks.append(block);
}

function makeSlot(id, slot, zone) {
  if (!zone.block || (isLarge && zone.block.count === slotsPerBlock)) makeBlock(zone, id);
  zone.block.count += 1;
  zone.block.name.textContent = zone.block.count > 1 ? `${zone.block.firstId} – ${id}` : id;
  slot.element = element("li", "slot", id);
  slot.word = element("span", "unseen");
  slot.element.append(slot.word);
  zone.block.list.append(slot.element);
}

function drawSlot(id, slot) {
  const zone = zones.get(slot.said.zone);
  if (!zone?.element) return;
  const status = slot.said.status in words ? slot.said.status : "unknown";
  const isNew = slot.element === null;
  if (isNew) makeSlot(id, slot, zone);
  if (slot.shown === status) return;
  slot.shown = status;
  slot.element.dataset.status = status;
  slot.word.textContent = ` ${words[status]}`;
  const since = slot.said.since > "1970-01-02" ? ` since ${dayTime.format(new Date(slot.said.since))}` : "";
  slot.element.title = `${id}: ${words[status]}${since}`;
  if (isNew) return;
  slot.element.classList.remove("changed");
  requestAnimationFrame(() => slot.element.classList.add("changed"));
}

// After a reconnect the lot may have fewer zones or slots than before. Once the new state is
// complete, what it did not name is gone.
function forgetWhatIsGone() {
  if (generation === prunedAt) return;
  const isOld = ({ generation: seen }) => seen !== generation;
  let expected = 0;
  for (const zone of zones.values()) if (!isOld(zone)) expected += zone.said.total;
  let named = 0;
  for (const slot of slots.values()) if (!isOld(slot)) named += 1;
  if (named < expected) return;
  prunedAt = generation;
  for (const [id, slot] of slots) {
    if (!isOld(slot)) continue;
    slot.element?.remove();
    slots.delete(id);
  }
  for (const [id, zone] of zones) {
    if (!isOld(zone)) continue;
    zone.element?.remove();
    zones.delete(id);
  }
}

open();
setInterval(watchSilence, 5_000);
