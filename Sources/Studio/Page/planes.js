// Asking the program for planes of numbers, and coloring them.

const token = new URLSearchParams(location.search).get("token");

/** A message for the reader, from the program or about the connection. */
class Refusal extends Error {
  constructor(message, parameter) {
    super(message);
    this.parameter = parameter;
  }
}

async function ask(path, query, signal) {
  let response;
  try {
    response = await fetch(`${path}?${query}`, {signal, headers: token ? {"X-Ganinsar-Token": token} : {}});
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal("The program does not answer. Is ganinsar studio still running?");
  }
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    throw new Refusal(told.error ?? `The program answered ${response.status}.`, told.parameter);
  }
  return response;
}

/** Planes by name, each with its values, its color scale and its statistics. */
async function askPlanes(path, query, signal) {
  const bytes = await (await ask(path, query, signal)).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  const count = header.width * header.height;
  const planes = {};
  header.planes.forEach((plane, i) => {
    planes[plane.name] = {
      ...plane, width: header.width, height: header.height,
      values: new Float32Array(bytes, 4 + length + 4 * count * i, count),
    };
  });
  return {planes, facts: header.facts, width: header.width, height: header.height};
}

const tables = {};
let noData = [168, 168, 168];
function readTables(facts) {
  for (const [name, text] of Object.entries(facts.colors))
    tables[name] = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  noData = facts.noData;
}

/** Colors a plane; `scale` has `low` and `high`. */
function paint(canvas, plane, scale) {
  const table = tables[plane.map], last = table.length / 3 - 1;
  const factor = last / (scale.high - scale.low);
  canvas.width = plane.width;
  canvas.height = plane.height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(plane.width, plane.height);
  for (let i = 0; i < plane.values.length; i++) {
    const value = plane.values[i];
    const at = Number.isNaN(value) ? -1 : 3 * Math.round(clamp((value - scale.low) * factor, 0, last));
    image.data[4 * i] = at < 0 ? noData[0] : table[at];
    image.data[4 * i + 1] = at < 0 ? noData[1] : table[at + 1];
    image.data[4 * i + 2] = at < 0 ? noData[2] : table[at + 2];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** A color bar as a plane, from low to high. */
function rampPlane(map) {
  return {map, width: 256, height: 1, values: Float32Array.from({length: 256}, (_, i) => i / 255)};
}
