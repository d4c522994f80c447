// Groups of controls on the canvas that a teacher's link may leave out, by their words in src/ui/controls.h, and what they are called.

export const kControls = new Map([
  ['speed', 'Speed limit'],
  ['structure', 'Data, network, seed'],
  ['live', 'Rate, momentum, decay, batch'],
  ['freeze', 'Freezing and rates of layers'],
  ['save', 'Saving'],
  ['compare', 'Compare lab'],
  ['labs', 'Labs that look inside'],
  ['timeline', 'Timeline'],
  ['colors', 'Palette and scale'],
  ['lessons', 'Lessons, also from the labs'],
]);
