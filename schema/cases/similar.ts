/**
 * Finds texts that say the same: runs of five characters (shingles), MinHash to find who is worth comparing, then an exact count
 * and the passages themselves. Pure; knows texts, not cases. Memory: one signature per part of a text.
 */

/** A text as it is compared: letters, digits and Chinese characters only, with the place of each in the text itself. */
interface Bare {
  readonly text: string;
  readonly letters: string;
  readonly at: readonly number[];
}

const shingleLength = 5;
/** Two values of each signature form one band; texts that agree in any band are compared. */
const bands = 64;
const signatureLength = bands * 2;
/** Shorter parts say too little to be a copy of anything. */
const fewestShingles = 24;
/** Passages shorter than this are turns of phrase. */
const shortestPassage = 16;
const mostPassages = 8;

/** What each UTF-16 unit counts as, '' for none; filled as units turn up, since asking Unicode each time takes most of the work. */
const counted: (string | undefined)[] = [];

const countedAs = (unit: string): string => {
  const code = unit.charCodeAt(0);
  // Full-width digits and letters are those that they look like; a normal form of the whole text would lose the places.
  const normal = unit >= '\uff10' && unit <= '\uff5a' ? unit.normalize('NFKC').toLowerCase() : unit.toLowerCase();
  const known = counted[code] ?? (/^[\p{L}\p{N}\ud800-\udfff]/u.test(normal) || (code >= 0xd800 && code <= 0xdfff) ? normal.charAt(0) : '');
  counted[code] = known;
  return known;
};

const bare = (text: string): Bare => {
  const at: number[] = [];
  let letters = '';
  for (let index = 0; index < text.length; index += 1) {
    const normal = counted[text.charCodeAt(index)] ?? countedAs(text[index] as string);
    if (normal === '') continue;
    letters += normal;
    at.push(index);
  }
  return { text, letters, at };
};

/** One number for each shingle, in order of place: FNV-1a over UTF-16, mixed as MurmurHash3 ends. */
const shinglesOf = (letters: string): Uint32Array => {
  const count = Math.max(0, letters.length - shingleLength + 1);
  const hashes = new Uint32Array(count);
  for (let start = 0; start < count; start += 1) {
    let hash = 0x811c9dc5;
    for (let index = start; index < start + shingleLength; index += 1) hash = Math.imul(hash ^ letters.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hashes[start] = (hash ^ (hash >>> 16)) >>> 0;
  }
  return hashes;
};

/** Borrowed values are marked by how far they come from, so that they only agree with values borrowed alike. */
const borrowStep = 0x9e3779b1;

/**
 * MinHash by one permutation: the shingles are dealt into as many bins as the signature has values, and each bin keeps its least.
 * An empty bin borrows from the next that has something. One hash for each shingle, whatever the length of the signature.
 */
const signatureOf = (shingles: ReadonlySet<number>): Uint32Array => {
  const least = new Float64Array(signatureLength).fill(Infinity);
  for (const shingle of shingles) {
    const bin = shingle % signatureLength;
    const value = Math.floor(shingle / signatureLength);
    if (value < (least[bin] as number)) least[bin] = value;
  }
  return Uint32Array.from(least, (value, bin) => {
    let distance = 0;
    while (value === Infinity && distance < signatureLength) value = least[(bin + ++distance) % signatureLength] as number;
    return (value + Math.imul(distance, borrowStep)) >>> 0;
  });
};

/** A text to compare, in its parts. */
export interface ComparedText {
  readonly id: string;
  readonly parts: readonly string[];
}

export interface Prepared {
  readonly id: string;
  readonly bare: Bare;
  readonly shingles: ReadonlySet<number>;
  readonly signatures: readonly Uint32Array[];
}

/** What comparing a text needs to know of it. Each part has a signature of its own: a part taken over whole is found in a text that is new otherwise. */
export const prepare = ({ id, parts }: ComparedText): Prepared => {
  const sets = parts.map((part) => new Set(shinglesOf(bare(part).letters)));
  const shingles = new Set(sets.flatMap((set) => [...set]));
  const telling = [shingles, ...(sets.length > 1 ? sets : [])].filter((set) => set.size >= fewestShingles);
  return { id, bare: bare(parts.join('\n')), shingles, signatures: telling.map(signatureOf) };
};

/** Pairs of places in `all`, the smaller first, that agree in at least one band. */
const candidatesOf = (all: readonly Prepared[]): Set<number> => {
  const pairs = new Set<number>();
  for (let band = 0; band < bands; band += 1) {
    const buckets = new Map<number, number[]>();
    for (const [place, one] of all.entries())
      for (const signature of one.signatures) {
        // Two values far from each other: neighbours may have borrowed from the same bin.
        const key = (signature[band] as number) * 0x200000 + ((signature[band + bands] as number) % 0x200000);
        const bucket = buckets.get(key);
        if (!bucket) buckets.set(key, [place]);
        else if (bucket[bucket.length - 1] !== place) {
          for (const other of bucket) pairs.add(other * 0x4000000 + place);
          bucket.push(place);
        }
      }
  }
  return pairs;
};

/** Part of the shorter text that stands in the other too, 0 to 100 with one decimal. */
const shareOf = (a: Prepared, b: Prepared): number => {
  const [small, large] = a.shingles.size <= b.shingles.size ? [a.shingles, b.shingles] : [b.shingles, a.shingles];
  if (small.size < fewestShingles) return 0;
  let common = 0;
  for (const shingle of small) if (large.has(shingle)) common += 1;
  return Math.round((common / small.size) * 1000) / 10;
};

export interface AlikePair {
  readonly a: string;
  readonly b: string;
  readonly share: number;
}

/** Every pair of which at least `from` per cent of the shorter text is common, most alike first. */
export const findAlike = (all: readonly Prepared[], from: number): AlikePair[] => {
  const found: AlikePair[] = [];
  for (const pair of candidatesOf(all)) {
    const [a, b] = [all[Math.floor(pair / 0x4000000)] as Prepared, all[pair % 0x4000000] as Prepared];
    const share = shareOf(a, b);
    if (share >= from) found.push({ a: a.id, b: b.id, share });
  }
  return found.sort((x, y) => y.share - x.share || (x.a < y.a ? -1 : 1));
};

interface Run {
  readonly mine: number;
  readonly theirs: number;
  readonly length: number;
}

/** The longest common run that begins at `mine`, among the places where its shingle stands in the other text. */
const longestRun = (a: string, b: string, mine: number, places: readonly number[]): Run => {
  let best: Run = { mine, theirs: 0, length: 0 };
  for (const theirs of places) {
    let length = 0;
    while (mine + length < a.length && a[mine + length] === b[theirs + length]) length += 1;
    if (length > best.length) best = { mine, theirs, length };
  }
  return best;
};

const commonRuns = (a: string, b: string): Run[] => {
  const places = new Map<string, number[]>();
  for (let at = 0; at + shingleLength <= b.length; at += 1) {
    const shingle = b.slice(at, at + shingleLength);
    const list = places.get(shingle);
    if (list) list.push(at);
    else places.set(shingle, [at]);
  }
  const runs: Run[] = [];
  for (let at = 0; at + shingleLength <= a.length; ) {
    const run = longestRun(a, b, at, places.get(a.slice(at, at + shingleLength)) ?? []);
    if (run.length > 0) runs.push(run);
    at += Math.max(1, run.length);
  }
  return runs;
};

/** Most changed characters between two runs that still count as one passage: a word replaced, a figure brought up to date. */
const widestGap = 12;

interface Stretch {
  mine: [number, number];
  theirs: [number, number];
  common: number;
}

const joinRuns = (runs: readonly Run[]): Stretch[] => {
  const joined: Stretch[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const [mineGap, theirGap] = last ? [run.mine - last.mine[1], run.theirs - last.theirs[1]] : [Infinity, Infinity];
    if (last && mineGap <= widestGap && theirGap >= 0 && theirGap <= widestGap) {
      last.mine[1] = run.mine + run.length;
      last.theirs[1] = run.theirs + run.length;
      last.common += run.length;
    } else joined.push({ mine: [run.mine, run.mine + run.length], theirs: [run.theirs, run.theirs + run.length], common: run.length });
  }
  return joined;
};

const cut = ({ text, at }: Bare, [from, to]: readonly [number, number]): string => text.slice(at[from], (at[to - 1] ?? 0) + 1);

/** The longest passages that two texts have in common, in the order of the first, each as it stands in its text. */
export const passagesOf = (a: Prepared, b: Prepared): { mine: string; theirs: string }[] =>
  joinRuns(commonRuns(a.bare.letters, b.bare.letters))
    .filter((stretch) => stretch.common >= shortestPassage)
    .sort((x, y) => y.common - x.common)
    .slice(0, mostPassages)
    .sort((x, y) => x.mine[0] - y.mine[0])
    .map((stretch) => ({ mine: cut(a.bare, stretch.mine), theirs: cut(b.bare, stretch.theirs) }));

/** Marks what two versions of a passage have in common: the pieces of `text` in order, `same` where the other has it too. */
export const markCommon = (text: string, other: string): { text: string; same: boolean }[] => {
  const [mine, theirs] = [bare(text), bare(other)];
  const kept = new Array<boolean>(text.length).fill(false);
  for (const run of commonRuns(mine.letters, theirs.letters))
    for (let at = mine.at[run.mine] as number; at <= (mine.at[run.mine + run.length - 1] as number); at += 1) kept[at] = true;
  const pieces: { text: string; same: boolean }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const last = pieces.at(-1);
    if (last && last.same === kept[at]) last.text += text[at];
    else pieces.push({ text: text[at] as string, same: kept[at] as boolean });
  }
  return pieces;
};
