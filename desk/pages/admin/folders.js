// Files out of what was chosen or dropped, folders walked, each with the folder it came from.

/** @typedef {{ file: File, folder: string }} Found */

const IGNORED = /^(\.|~\$|Thumbs\.db$|desktop\.ini$)/i; // hidden files, and what office programs leave beside open ones

/** What a picker chose. @param {Iterable<File>} files @returns {Found[]} */
export function listed(files) {
  return [...files]
    .map((file) => ({ file, folder: (file.webkitRelativePath ?? "").split("/").slice(0, -1).join("/") }))
    .filter(wanted);
}

/** What was dropped, folders walked. @param {DataTransfer} transfer @returns {Promise<Found[]>} */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => !!entry);
  if (!entries.length) return listed(transfer.files);
  /** @type {Found[]} */
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found.filter(wanted);
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} folder
 * @param {Found[]} found what is found is put there
 */
async function walk(entry, folder, found) {
  if (isFile(entry)) {
    const file = await fileOf(entry);
    if (file) found.push({ file, folder });
  } else if (isDirectory(entry)) {
    const below = folder ? `${folder}/${entry.name}` : entry.name;
    for await (const each of entriesOf(entry)) await walk(each, below, found);
  }
}

/** @param {FileSystemEntry} entry @returns {entry is FileSystemFileEntry} */
function isFile(entry) {
  return entry.isFile;
}

/** @param {FileSystemEntry} entry @returns {entry is FileSystemDirectoryEntry} */
function isDirectory(entry) {
  return !entry.isFile;
}

/** The file, or null where it cannot be read. @param {FileSystemFileEntry} entry @returns {Promise<File | null>} */
function fileOf(entry) {
  return new Promise((resolve) => entry.file(resolve, () => resolve(null)));
}

/** Everything in a folder; a reader tells a hundred at a time. @param {FileSystemDirectoryEntry} folder */
async function* entriesOf(folder) {
  const reader = folder.createReader();
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) return;
    yield* some;
  }
}

/** @param {Found} found */
function wanted({ file, folder }) {
  return !IGNORED.test(file.name) && !folder.split("/").some((part) => part.startsWith("."));
}
