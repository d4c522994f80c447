// What a data set of one's own may have, as data::OwnDataset checks it, and words for sentences about it.

export const kMostBytes = 192 << 20;
export const kShortestSide = 8, kLongestSide = 64;
export const kMostClasses = 100;

export const grouped = (count) => count.toLocaleString('en');
export const baseOf = (path) => path.split('/').pop();
