/**
 * Finds texts that say the same: runs of five characters (shingles), MinHash to find who is worth comparing, then an exact count
 * and the passages themselves. Pure; knows texts, not cases. Memory: four bytes for each character of the texts, and their signatures.
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
/** A county has two thousand after twenty years; more would not fit into one number beside a shingle. */
const mostTexts = 2 ** 20;

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

/** Each number once, in ascending order. */
const onceEach = (numbers: Uint32Array): Uint32Array => {
  const sorted = numbers.sort();
  let kept = 0;
  for (let place = 0; place < sorted.length; place += 1)
    if (place === 0 || sorted[place] !== sorted[kept - 1]) {
      sorted[kept] = sorted[place] as number;
      kept += 1;
    }
  return sorted.slice(0, kept);
};

/** One number for each shingle, each once, in ascending order: FNV-1a over UTF-16, mixed as MurmurHash3 ends. */
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
  return onceEach(hashes);
};

/** Borrowed values are marked by how far they come from, so that they only agree with values borrowed alike. */
const borrowStep = 0x9e3779b1;

/**
 * MinHash by one permutation: the shingles are dealt into as many bins as the signature has values, and each bin keeps its least.
 * An empty bin borrows from the next that has something. One hash for each shingle, whatever the length of the signature.
 */
const signatureOf = (shingles: Uint32Array): Uint32Array => {
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
  readonly text: string;
  readonly shingles: Uint32Array;
  readonly signatures: readonly Uint32Array[];
}

const joined = (lists: readonly Uint32Array[]): Uint32Array => {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
};

/** What comparing a text needs to know of it. Each part has a signature of its own: a part taken over whole is found in a text that is new otherwise. */
export const prepare = ({ id, parts }: ComparedText): Prepared => {
  const lists = parts.map((part) => shinglesOf(bare(part).letters));
  const shingles = onceEach(joined(lists));
  const telling = [shingles, ...(lists.length > 1 ? lists : [])].filter((list) => list.length >= fewestShingles);
  return { id, text: parts.join('\n'), shingles, signatures: telling.map(signatureOf) };
};

/** The texts that agree with another in at least one band. Whom with is for the count. */
const worthComparing = (all: readonly Prepared[]): number[] => {
  const found = new Set<number>();
  for (let band = 0; band < bands; band += 1) {
    const first = new Map<number, number>();
    for (const [place, one] of all.entries())
      for (const signature of one.signatures) {
        // Two values far from each other: neighbours may have borrowed from the same bin.
        const key = (signature[band] as number) * 0x200000 + ((signature[band + bands] as number) % 0x200000);
        const other = first.get(key);
        if (other === undefined) first.set(key, place);
        else if (other !== place) found.add(other).add(place);
      }
  }
  return [...found].sort((a, b) => a - b);
};

/** Which texts hold each shingle that stands in more than one: behind each other in `holders`, and for each text where they begin. */
const shared = (texts: readonly Prepared[]) => {
  // Shingle and text as one number below 2 ** 53: one sort brings the holders of a shingle together, the earlier text first.
  const marked = new Float64Array(texts.reduce((sum, { shingles }) => sum + shingles.length, 0));
  let at = 0;
  for (const [place, { shingles }] of texts.entries()) for (const shingle of shingles) marked[at++] = shingle * mostTexts + place;
  marked.sort();
  const holders = new Uint32Array(marked.length);
  const starts: number[][] = texts.map(() => []);
  /** Where the holders of the same shingle end, by where each stands. */
  const ends = new Uint32Array(marked.length);
  for (let from = 0; from < marked.length; ) {
    const shingle = Math.floor((marked[from] as number) / mostTexts);
    let to = from;
    while (to < marked.length && Math.floor((marked[to] as number) / mostTexts) === shingle) {
      holders[to] = (marked[to] as number) % mostTexts;
      to += 1;
    }
    for (let one = from; one < to - 1; one += 1) {
      starts[holders[one] as number]?.push(one + 1);
      ends[one + 1] = to;
    }
    from = to;
  }
  return { holders, starts, ends };
};

export interface AlikePair {
  readonly a: string;
  readonly b: string;
  readonly share: number;
}

/** Every pair of which at least `from` per cent of the shorter text is common, most alike first. */
export const findAlike = (all: readonly Prepared[], from: number): AlikePair[] => {
  if (all.length > mostTexts) throw new Error(`more than ${mostTexts} texts cannot be compared at once`);
  const texts = worthComparing(all).map((place) => all[place] as Prepared);
  const { holders, starts, ends } = shared(texts);
  const found: AlikePair[] = [];
  const common = new Uint32Array(texts.length);
  for (const [place, mine] of texts.entries()) {
    common.fill(0);
    for (const start of starts[place] ?? [])
      for (let at = start; at < (ends[start] as number); at += 1) common[holders[at] as number] = (common[holders[at] as number] as number) + 1;
    for (let other = place + 1; other < texts.length; other += 1) {
      const theirs = texts[other] as Prepared;
      const shorter = Math.min(mine.shingles.length, theirs.shingles.length);
      const share = shorter < fewestShingles ? 0 : Math.round(((common[other] as number) / shorter) * 1000) / 10;
      if (share >= from && share > 0) found.push({ a: mine.id, b: theirs.id, share });
    }
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
export const passagesOf = (a: Pick<Prepared, 'text'>, b: Pick<Prepared, 'text'>): { mine: string; theirs: string }[] => {
  const [mine, theirs] = [bare(a.text), bare(b.text)];
  return joinRuns(commonRuns(mine.letters, theirs.letters))
    .filter((stretch) => stretch.common >= shortestPassage)
    .sort((x, y) => y.common - x.common)
    .slice(0, mostPassages)
    .sort((x, y) => x.mine[0] - y.mine[0])
    .map((stretch) => ({ mine: cut(mine, stretch.mine), theirs: cut(theirs, stretch.theirs) }));
};

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
