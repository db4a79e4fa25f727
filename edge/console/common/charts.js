// Two plain charts, drawn as SVG: no library, nothing that the content security policy forbids. The
// same figures stand in a table beside them, for whoever does not see pictures.

const svgNames = "http://www.w3.org/2000/svg";

function s(name, attributes = {}, ...children) {
  const made = document.createElementNS(svgNames, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** 1, 2 or 5 times a power of ten, so that four lines or so lie below the top. */
function step(most) {
  const rough = Math.max(most, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
}

/** rows: { label, value, second? }; `aim`: a line across; `text`: value → words. */
export function barChart(rows, { label, aim = null, text = String } = {}) {
  const width = innerWidth < 640 ? 360 : 640,
    height = 220,
    left = 58,
    bottom = 26,
    top = 10;
  const most = Math.max(aim ?? 0, ...rows.map((row) => Math.max(row.value, row.second ?? 0)), 1);
  const by = step(most);
  const ceiling = Math.ceil(most / by) * by;
  const y = (value) => top + (height - top - bottom) * (1 - value / ceiling);
  const chart = s("svg", {
    class: "chart",
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": label,
  });
  for (let at = 0; at <= ceiling + by / 2; at += by) {
    chart.append(
      s("line", { class: "grid", x1: left, x2: width, y1: y(at), y2: y(at) }),
      s("text", { x: left - 6, y: y(at) + 4, "text-anchor": "end" }, text(at)),
    );
  }
  const each = (width - left) / Math.max(rows.length, 1);
  const every = Math.ceil(rows.length / (width / 60));
  rows.forEach((row, i) => {
    const x = left + i * each;
    const bar = s("rect", {
      class: "bar",
      x: x + each * 0.12,
      width: each * 0.76,
      y: y(Math.max(row.value, 0)),
      height: Math.max(y(0) - y(Math.max(row.value, 0)), 0),
    });
    bar.append(s("title", {}, `${row.label}: ${text(row.value)}`));
    chart.append(bar);
    if (row.second > 0)
      chart.append(
        s("rect", {
          class: "bar second",
          x: x + each * 0.55,
          width: each * 0.33,
          y: y(row.second),
          height: y(0) - y(row.second),
        }),
      );
    if (i % every === 0)
      chart.append(
        s("text", { x: x + each / 2, y: height - 8, "text-anchor": "middle" }, row.label),
      );
  });
  if (aim) chart.append(s("line", { class: "aim", x1: left, x2: width, y1: y(aim), y2: y(aim) }));
  return chart;
}

/** Parts of a whole side by side: { part: number }. */
export function shareBar(parts, label) {
  const bar = document.createElement("div");
  bar.className = "share";
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", label);
  const total = Object.values(parts).reduce((sum, each) => sum + each, 0);
  for (const [part, number] of Object.entries(parts)) {
    const piece = document.createElement("span");
    piece.dataset.part = part;
    piece.style.flexBasis = `${total > 0 ? (100 * number) / total : 0}%`;
    bar.append(piece);
  }
  return bar;
}
