// The run as Markdown.

const rounded = (value) => (value >= 100 ? String(Math.round(value)) : value.toFixed(1));
const threadsText = (count) => `${count} thread${count === 1 ? '' : 's'}`;

function table(head, rows, right = []) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (right.includes(index) ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function ratioText(value) {
  if (!value) return '–';
  const range = value.min === null ? '' : ` (${value.min.toFixed(2)} to ${value.max.toFixed(2)})`;
  return `${value.ratio.toFixed(2)}×${range}`;
}

function verdictText({ threads, target, met }) {
  const word = met === null ? 'not measured' : met ? 'met' : 'missed';
  return `${threadsText(threads)} ≥ ${target}×: ${word}`;
}

export function ratioTable(comparisons) {
  const rows = comparisons.flatMap(({ title, theirs, rows: builds, verdicts, needed }) =>
    builds.map((row, index) => [
      title, row.ours, theirs, ratioText(row[1]), ratioText(row[2]), index > 0 ? '″' : verdicts.map(verdictText).join('; ') || `judged from ${needed} cores on`,
    ]),
  );
  return table(['what', 'ours', 'against', '1 thread', '2 threads', 'target, on the best build'], rows);
}

export function speedTable(contenders) {
  const rows = contenders
    .filter(({ images }) => images)
    .map(({ name, what, batch, threads, images }) => [
      what, batch, name, threads, rounded(images.median), `${rounded(images.min)} to ${rounded(images.max)}`, images.count,
    ]);
  return table(['what', 'batch', 'who', 'threads', 'images/s', 'range', 'slices'], rows, [1, 3, 4, 5, 6]);
}

function layerTable(layers) {
  const measured = layers.filter(({ result }) => result);
  if (measured.length === 0) return '';
  const keys = new Map();
  const by = measured.map(({ result }) => {
    const lines = new Map();
    for (const line of result.layers) {
      const key = `${line.layer} | ${line.pass}`;
      lines.set(key, line);
      keys.set(key, line);
    }
    return lines;
  });
  const cells = (line) => (line ? `${rounded(line.microseconds)} µs, ${rounded(line.gflops)}, ${Math.round(line.share_of_peak * 100)} %` : '–');
  const rows = [...keys].map(([key, { layer, pass }]) => [layer, pass, ...by.map((lines) => cells(lines.get(key)))]);
  const peaks = measured.map(({ name, result }) => `${name} ${rounded(result.peak_gflops)}`).join(', ');
  return [
    '### Per layer and pass',
    'Microseconds for a block of eight images on one thread, GFLOP/s, and the share of the peak: the faster of two bare loops in the',
    `same build, one in registers only, one on operands in the L1 cache (GFLOP/s: ${peaks}).`,
    '',
    table(['layer', 'pass', ...measured.map(({ name }) => name)], rows, measured.map((_, index) => index + 2)),
  ].join('\n');
}

function notMeasured(contenders, layers) {
  const lines = contenders
    .filter(({ reason }) => reason)
    .map(({ label, reason, images }) => `- ${label}: ${images ? `only ${images.count} slices` : 'not measured'}: ${reason}`);
  for (const { name, reason } of layers) if (reason) lines.push(`- ${name}, layers: not measured: ${reason}`);
  return lines.length ? `### Not measured\n${lines.join('\n')}` : '';
}

const most = (idle, whose) => `${Math.round(Math.max(...idle.map((shares) => shares[whose])) * 100)} %`;

function conditions({ machine, settings, rounds, interrupted, idle }) {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const finished = `${rounds} round${rounds === 1 ? '' : 's'}${interrupted ? ` of ${settings.rounds}, then interrupted` : ''}`;
  return [
    `${machine.date}, commit ${machine.commit}. ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}.`,
    `${versions.join(', ')}. ${finished}, slices of ${settings.seconds} s.`,
    idle.length ? `Before the rounds, what idled took ${most(idle, 'ours')} of a core at most, other programs ${most(idle, 'others')}.` : '',
  ].filter(Boolean).join('\n');
}

export function markdown(run) {
  return [
    conditions(run),
    `### Ratios\n${ratioTable(run.comparisons)}`,
    `### Images per second\n${speedTable(run.contenders)}`,
    layerTable(run.layers),
    notMeasured(run.contenders, run.layers),
  ].filter(Boolean).join('\n\n') + '\n';
}

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** The document with what is between the two marks replaced. */
export function intoDocument(document, text) {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document has no ${BEGIN} … ${END}.`);
  return `${document.slice(0, begin + BEGIN.length)}\n${text}${document.slice(end)}`;
}
